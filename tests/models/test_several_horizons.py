"""A forecast over several horizons is the mean of those learned over each, moved by the own rhythm to the one asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.blend import Blend, FittedBlend
from foretell.models.contract import CannotFit
from foretell.models.learners.buy_till_you_die import OWN_RHYTHM, BgNbd
from foretell.models.several_horizons import FittedSeveralHorizons, Part, SeveralHorizons
from foretell.project.objectives import TARGETS

PURCHASE = TARGETS["purchase"]


@pytest.fixture(scope="module")
def blend(examples: Examples) -> FittedBlend:
    return Blend().fit(examples, PURCHASE, 0)


@pytest.fixture(scope="module")
def learned(examples: Examples, blend: FittedBlend) -> FittedSeveralHorizons:
    """Learned over the horizon of the examples, and, as far as it is told, over half of it."""
    other = replace(blend, shift=-0.5)
    parts = (Part(examples.horizon_days, blend), Part(examples.horizon_days // 2, other))
    return FittedSeveralHorizons("probability", parts, BgNbd().fit(examples, PURCHASE, 0))


def test_over_the_one_horizon_that_taught_it_is_that_forecast(examples: Examples, blend: FittedBlend) -> None:
    alone = FittedSeveralHorizons("probability", (Part(examples.horizon_days, blend),), None)
    np.testing.assert_allclose(alone.predict(examples), blend.predict(examples), rtol=1e-12)


@pytest.mark.parametrize("longer", [1, 3])
def test_each_part_moves_as_the_rhythm_does(longer: int, examples: Examples, learned: FittedSeveralHorizons) -> None:
    asked = replace(examples, horizon_days=longer * examples.horizon_days)
    rhythm = learned.rhythm
    assert rhythm is not None
    carried = [
        part.blend.link(replace(examples, horizon_days=part.days))
        + rhythm.link(examples, asked.horizon_days)
        - rhythm.link(examples, part.days)
        for part in learned.parts
    ]
    np.testing.assert_allclose(learned.link(asked), np.clip(np.mean(carried, axis=0), -13, 13), atol=1e-9)
    np.testing.assert_allclose(replace(learned, shift=0.25).link(asked) - learned.link(asked), 0.25, atol=1e-9)
    further = replace(examples, horizon_days=asked.horizon_days + 30)
    assert (learned.predict(further) >= learned.predict(asked)).all()


def test_without_a_rhythm_only_the_shift_moves_it(examples: Examples, learned: FittedSeveralHorizons) -> None:
    still = replace(learned, rhythm=None)
    later = replace(examples, horizon_days=180)
    np.testing.assert_array_equal(still.link(later), still.link(examples))
    np.testing.assert_allclose(replace(still, shift=0.25).link(later), still.link(examples) + 0.25)


def test_what_carries_is_told_as_the_own_rhythm(examples: Examples, learned: FittedSeveralHorizons) -> None:
    later = replace(examples, horizon_days=180)
    told, still = learned.contributions(later), replace(learned, rhythm=None).contributions(later)
    assert OWN_RHYTHM in told.names
    np.testing.assert_allclose(told.base + told.values.sum(axis=1), learned.link(later), atol=1e-9)
    moved = told.values[:, told.names.index(OWN_RHYTHM)] - still.values[:, still.names.index(OWN_RHYTHM)]
    assert moved.mean() > 0.1


def test_other_weights_go_to_every_part(examples: Examples, learned: FittedSeveralHorizons) -> None:
    usual = learned.weights
    other = learned.mixed({name: weight + 0.1 for name, weight in usual.items()})
    assert all(part.blend.weights == pytest.approx({n: w + 0.1 for n, w in usual.items()}) for part in other.parts)
    assert other.weights != usual
    assert not np.array_equal(other.link(examples), learned.link(examples))


@pytest.mark.parametrize(("target", "moved"), [("purchase", True), ("high_value", False)])
def test_only_orders_and_spend_have_a_rhythm(examples: Examples, target: str, moved: bool) -> None:
    unlabelled = replace(examples, labels={})
    half = replace(examples, horizon_days=examples.horizon_days // 2)
    fitted = SeveralHorizons().fit_with_rhythm([examples, half], unlabelled, TARGETS[target], 3)
    assert [part.days for part in fitted.parts] == [60, 30]
    assert (fitted.rhythm is not None) == moved
    again = SeveralHorizons().restore(fitted.state())
    later = replace(examples, horizon_days=180)
    assert again.predict(later).tobytes() == fitted.predict(later).tobytes()


def test_a_horizon_that_teaches_nothing_is_left_out_and_so_is_a_poorer_one(examples: Examples) -> None:
    nobody = replace(examples, labels={**examples.labels, "ordered": np.full(len(examples), np.nan)}, horizon_days=7)
    few = examples.take(np.arange(12))
    fitted = SeveralHorizons().fit_with_rhythm([nobody, examples, few], examples, PURCHASE, 3)
    assert [part.days for part in fitted.parts] == [examples.horizon_days]
    [alone] = SeveralHorizons().fit_with_rhythm([nobody], examples, PURCHASE, 3).parts
    assert set(alone.blend.weights) == {"bg_nbd"}
    with pytest.raises(CannotFit):
        SeveralHorizons().fit_with_rhythm([nobody.take(np.arange(1))], examples, PURCHASE, 3)
