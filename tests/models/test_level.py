from __future__ import annotations

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.blend import Blend, FittedBlend
from foretell.models.learners.buy_till_you_die import BgNbd, FittedBuyTillYouDie
from foretell.models.learners.logistic import Logistic
from foretell.models.level import levelled, takes_season
from foretell.project.objectives import TARGETS

LONG = 1_000.0


@pytest.fixture(scope="module")
def fitted(examples: Examples) -> FittedBlend:
    return Blend().fit(examples, TARGETS["purchase"], 3)


def test_the_mean_chance_goes_half_way_to_that_of_the_rhythm(examples: Examples, fitted: FittedBlend) -> None:
    moved = levelled(fitted, examples, TARGETS["purchase"], LONG)
    assert isinstance(moved, FittedBlend)
    rhythm = BgNbd().fit(examples, TARGETS["purchase"], 0).predict(examples).mean()
    ends = sorted([fitted.predict(examples).mean(), rhythm])
    assert ends[0] < moved.predict(examples).mean() < ends[1]
    whole = FittedBlend(moved.kind, moved.members, 2 * moved.shift)
    assert whole.predict(examples).mean() == pytest.approx(rhythm, abs=1e-6)
    np.testing.assert_array_equal(np.argsort(moved.predict(examples)), np.argsort(fitted.predict(examples)))


def test_chances_of_the_tier_sum_to_its_share(examples: Examples) -> None:
    tier = Blend().fit(examples, TARGETS["high_value"], 3)
    assert levelled(tier, examples, TARGETS["high_value"], LONG).predict(examples).mean() == pytest.approx(0.1)


def test_a_short_log_other_targets_and_other_models_keep_their_level(examples: Examples, fitted: FittedBlend) -> None:
    assert levelled(fitted, examples, TARGETS["purchase"], 1.5 * examples.horizon_days) is fitted
    assert levelled(fitted, examples, TARGETS["decline"], LONG) is fitted
    assert levelled(fitted, examples.take(np.arange(0)), TARGETS["purchase"], LONG) is fitted
    alone = Logistic().fit(examples, TARGETS["purchase"], 3)
    assert levelled(alone, examples, TARGETS["purchase"], LONG) is alone


def test_the_level_is_known_without_outcomes(examples: Examples, fitted: FittedBlend) -> None:
    unlabelled = Examples(**{**vars(examples), "labels": {}})
    told, untold = (levelled(fitted, rows, TARGETS["purchase"], LONG) for rows in (examples, unlabelled))
    assert isinstance(told, FittedBlend)
    assert isinstance(untold, FittedBlend)
    assert told.shift == untold.shift


def test_a_season_moves_chances_counts_and_spend_alike_and_nothing_else(examples: Examples) -> None:
    for name in ("purchase", "orders", "spend"):
        fitted = Blend().fit(examples, TARGETS[name], 3)
        plain, moved = (levelled(fitted, examples, TARGETS[name], LONG, season) for season in (0.0, 0.3))
        assert isinstance(plain, FittedBlend)
        assert isinstance(moved, FittedBlend)
        np.testing.assert_allclose(moved.link(examples) - plain.link(examples), 0.3)
        assert takes_season(moved)
    tier = Blend().fit(examples, TARGETS["high_value"], 3)
    same = [levelled(tier, examples, TARGETS["high_value"], LONG, season).predict(examples) for season in (0.0, 0.3)]
    np.testing.assert_array_equal(same[0], same[1])
    alone = Logistic().fit(examples, TARGETS["purchase"], 3)
    assert levelled(alone, examples, TARGETS["purchase"], LONG, 0.3) is alone
    assert not takes_season(alone)


@pytest.mark.parametrize("name", ["purchase", "orders", "spend"])
def test_a_process_takes_the_season_and_keeps_it(examples: Examples, name: str) -> None:
    process = BgNbd().fit(examples, TARGETS[name], 3)
    moved = levelled(process, examples, TARGETS[name], LONG, -0.2)
    assert isinstance(moved, FittedBuyTillYouDie)
    days = examples.horizon_days
    np.testing.assert_allclose(moved.link(examples, days) - process.link(examples, days), -0.2)
    np.testing.assert_array_equal(BgNbd().restore(moved.state()).predict(examples), moved.predict(examples))
    told = moved.contributions(examples)
    np.testing.assert_allclose(told.base + told.values.sum(axis=1), moved.link(examples, days))
    np.testing.assert_allclose(told.values, process.contributions(examples).values)


def test_without_a_rhythm_the_season_still_counts(examples: Examples, fitted: FittedBlend) -> None:
    moved = levelled(fitted, examples, TARGETS["purchase"], 1.5 * examples.horizon_days, 0.3)
    assert isinstance(moved, FittedBlend)
    assert moved.shift == 0.3
