"""A model with the level of the day of the forecast, of which no outcome is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.blend import Blend, FittedBlend
from foretell.models.learners.buy_till_you_die import BgNbd, FittedBuyTillYouDie
from foretell.models.learners.logistic import Logistic
from foretell.models.level import Level
from foretell.models.levelled import levelled, mixed, process_mean, takes_season
from foretell.project.objectives import TARGETS

WHOLE = Level(pull=1.0)


@pytest.fixture(scope="module")
def fitted(examples: Examples) -> FittedBlend:
    return Blend().fit(examples, TARGETS["purchase"], 3)


@pytest.mark.parametrize("target", ["purchase", "orders", "spend"])
def test_with_the_whole_pull_the_mean_is_that_of_the_process(examples: Examples, target: str) -> None:
    asked = TARGETS[target]
    learned = Blend().fit(examples, asked, 3)
    moved = levelled(learned, examples, asked, WHOLE)
    process = process_mean(examples, asked)
    assert process == pytest.approx(BgNbd().fit(examples, asked, 0).predict(examples).mean())
    assert moved.predict(examples).mean() == pytest.approx(process, rel=1e-6)
    np.testing.assert_array_equal(np.argsort(moved.predict(examples)), np.argsort(learned.predict(examples)))
    ends = sorted([learned.predict(examples).mean(), process or 0.0])
    assert ends[0] < levelled(learned, examples, asked, Level()).predict(examples).mean() < ends[1]


def test_chances_of_the_tier_sum_to_its_share(examples: Examples) -> None:
    tier = Blend().fit(examples, TARGETS["high_value"], 3)
    assert levelled(tier, examples, TARGETS["high_value"], Level()).predict(examples).mean() == pytest.approx(0.1)


def test_other_weights_keep_the_mean(examples: Examples, fitted: FittedBlend) -> None:
    heavier = {name: 1.3 * weight for name, weight in fitted.weights.items()}
    other = mixed(fitted, examples, heavier)
    assert isinstance(other, FittedBlend)
    assert other.weights == heavier
    assert other.predict(examples).mean() == pytest.approx(fitted.predict(examples).mean(), rel=1e-9)
    assert fitted.mixed(heavier).predict(examples).mean() != pytest.approx(fitted.predict(examples).mean(), rel=1e-3)
    assert mixed(fitted, examples, {"another": 1.0}) is fitted
    assert mixed(fitted, examples.take(np.arange(0)), heavier) == fitted.mixed(heavier)


def test_other_targets_and_other_models_keep_their_level(examples: Examples, fitted: FittedBlend) -> None:
    assert levelled(fitted, examples, TARGETS["decline"], WHOLE) is fitted
    assert levelled(fitted, examples.take(np.arange(0)), TARGETS["purchase"], WHOLE) is fitted
    alone = Logistic().fit(examples, TARGETS["purchase"], 3)
    assert levelled(alone, examples, TARGETS["purchase"], WHOLE) is alone


def test_the_level_is_known_without_outcomes(examples: Examples, fitted: FittedBlend) -> None:
    unlabelled = Examples(**{**vars(examples), "labels": {}})
    told, untold = (levelled(fitted, rows, TARGETS["purchase"], WHOLE) for rows in (examples, unlabelled))
    assert isinstance(told, FittedBlend)
    assert isinstance(untold, FittedBlend)
    assert told.shift == untold.shift


def test_a_season_moves_chances_counts_and_spend_alike_and_nothing_else(examples: Examples) -> None:
    for name in ("purchase", "orders", "spend"):
        fitted = Blend().fit(examples, TARGETS[name], 3)
        still = Level(pull=0.0)
        plain, moved = (levelled(fitted, examples, TARGETS[name], still, season) for season in (0.0, 0.3))
        assert isinstance(plain, FittedBlend)
        assert isinstance(moved, FittedBlend)
        np.testing.assert_allclose(moved.link(examples) - plain.link(examples), 0.3)
        assert takes_season(moved)
    tier = Blend().fit(examples, TARGETS["high_value"], 3)
    same = [levelled(tier, examples, TARGETS["high_value"], still, season).predict(examples) for season in (0.0, 0.3)]
    np.testing.assert_array_equal(same[0], same[1])
    alone = Logistic().fit(examples, TARGETS["purchase"], 3)
    assert levelled(alone, examples, TARGETS["purchase"], still, 0.3) is alone
    assert not takes_season(alone)


@pytest.mark.parametrize("name", ["purchase", "orders", "spend"])
def test_a_process_takes_the_season_and_keeps_it(examples: Examples, name: str) -> None:
    process = BgNbd().fit(examples, TARGETS[name], 3)
    moved = levelled(process, examples, TARGETS[name], WHOLE, -0.2)
    assert isinstance(moved, FittedBuyTillYouDie)
    days = examples.horizon_days
    np.testing.assert_allclose(moved.link(examples, days) - process.link(examples, days), -0.2)
    np.testing.assert_array_equal(BgNbd().restore(moved.state()).predict(examples), moved.predict(examples))
    told = moved.contributions(examples)
    np.testing.assert_allclose(told.base + told.values.sum(axis=1), moved.link(examples, days))
    np.testing.assert_allclose(told.values, process.contributions(examples).values)


def test_the_process_agrees_with_a_season_that_is_in_both(examples: Examples, fitted: FittedBlend) -> None:
    without, within = (levelled(fitted, examples, TARGETS["purchase"], WHOLE, season) for season in (0.0, 0.3))
    rhythm = BgNbd().fit(examples, TARGETS["purchase"], 0)
    expected = replace(rhythm, shift=0.3).predict(examples).mean()
    assert within.predict(examples).mean() == pytest.approx(expected, rel=1e-6)
    assert within.predict(examples).mean() > without.predict(examples).mean()
