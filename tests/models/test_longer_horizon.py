"""A forecast over a longer horizon is the learned one, moved by what the own rhythm says of the days between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.baselines.rfm_cells import RfmCells
from foretell.models.blend import FittedBlend
from foretell.models.learners.buy_till_you_die import OWN_RHYTHM, BgNbd
from foretell.models.links import to_link
from foretell.models.longer_horizon import FittedLongerHorizon, LongerHorizon
from foretell.project.objectives import TARGETS

PURCHASE = TARGETS["purchase"]


@pytest.fixture(scope="module")
def learned(examples: Examples) -> FittedLongerHorizon:
    cells, rhythm = RfmCells().fit(examples, PURCHASE, 0), BgNbd().fit(examples, PURCHASE, 0)
    return FittedLongerHorizon("probability", examples.horizon_days, cells, rhythm)


def test_over_the_learned_horizon_it_is_the_learned_forecast(examples: Examples, learned: FittedLongerHorizon) -> None:
    np.testing.assert_allclose(learned.predict(examples), learned.fitted.predict(examples), rtol=1e-12)


def test_over_a_longer_one_it_moves_as_the_rhythm_does(examples: Examples, learned: FittedLongerHorizon) -> None:
    later = replace(examples, horizon_days=180)
    assert learned.rhythm is not None
    move = learned.rhythm.link(examples, 180) - learned.rhythm.link(examples, examples.horizon_days)
    expected = to_link(learned.fitted.predict(examples), "probability") + move
    np.testing.assert_allclose(learned.link(later), np.clip(expected, -13, 13))
    np.testing.assert_allclose(replace(learned, shift=0.25).link(later), np.clip(expected + 0.25, -13, 13))
    assert (learned.predict(later) >= learned.predict(examples)).all()
    assert learned.predict(later).mean() > learned.predict(examples).mean() + 0.05


def test_without_a_rhythm_only_the_shift_moves_it(examples: Examples, learned: FittedLongerHorizon) -> None:
    still = replace(learned, rhythm=None, shift=0.25)
    later = replace(examples, horizon_days=180)
    np.testing.assert_allclose(still.link(later), learned.link(examples) + 0.25)


def test_the_move_is_told_as_the_own_rhythm(examples: Examples, learned: FittedLongerHorizon) -> None:
    later = replace(examples, horizon_days=180)
    told = learned.contributions(later)
    assert told.names == (*RfmCells.facts, OWN_RHYTHM)
    np.testing.assert_allclose(told.base + told.values.sum(axis=1), learned.link(later), atol=1e-9)
    own = replace(learned, fitted=learned.rhythm or learned.fitted)
    assert own.contributions(later).names == (OWN_RHYTHM,)


@pytest.mark.parametrize(("target", "moved"), [("purchase", True), ("high_value", False)])
def test_only_orders_and_spend_have_a_rhythm(examples: Examples, target: str, moved: bool) -> None:
    unlabelled = replace(examples, labels={})
    fitted = LongerHorizon().fit_with_rhythm(examples, unlabelled, TARGETS[target], 3)
    assert isinstance(fitted.fitted, FittedBlend)
    assert (fitted.rhythm is not None) == moved
    again = LongerHorizon().restore(fitted.state())
    later = replace(examples, horizon_days=180)
    assert again.predict(later).tobytes() == fitted.predict(later).tobytes()
