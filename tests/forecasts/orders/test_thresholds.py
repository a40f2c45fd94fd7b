"""Thresholds are of those who are asked; the tier is brought to its share, and its threshold goes along."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.backtest.curves import best_f1_threshold
from foretell.examples.examples import Examples
from foretell.forecasts.orders.thresholds import TIER, thresholds_of, tier_shift_of
from foretell.models.blend import Blend
from foretell.models.contract import Fitted
from foretell.models.learners.logistic import Logistic
from foretell.models.links import from_link, to_link
from foretell.project.objectives import TARGETS


@pytest.fixture(scope="module")
def models(examples: Examples) -> dict[str, Fitted]:
    return {
        "purchase": Blend().fit(examples, TARGETS["purchase"], 3),
        TIER: Logistic().fit(examples, TARGETS[TIER], 3),
    }


def test_the_tier_is_brought_to_its_share_below_the_chance_of_an_order(
    examples: Examples, models: dict[str, Fitted]
) -> None:
    shift = tier_shift_of(models, examples)
    chance, tier = (models[name].predict(examples) for name in ("purchase", TIER))
    held = np.minimum(from_link(to_link(tier, "probability") + shift, "probability"), chance)
    assert held.mean() == pytest.approx(min(0.1, chance.mean()), rel=1e-6)
    assert tier_shift_of({TIER: models[TIER]}, examples) == 0.0
    assert tier_shift_of(models, examples.take(np.arange(0))) == 0.0


def test_the_threshold_of_the_tier_goes_with_its_shift(examples: Examples, models: dict[str, Fitted]) -> None:
    asked = [TARGETS["purchase"], TARGETS[TIER], TARGETS["spend"], TARGETS["decline"]]
    still, moved = (thresholds_of(models, examples, asked, shift) for shift in (0.0, 0.5))
    assert set(still) == {"purchase", TIER}
    assert still["purchase"] == moved["purchase"]
    told = examples.take(np.isfinite(examples.labels["high_value"]))
    best = best_f1_threshold(models[TIER].predict(told), told.labels["high_value"])
    assert best is not None
    assert still[TIER] == pytest.approx(best, rel=1e-9)
    assert moved[TIER] == pytest.approx(from_link(to_link(np.array(still[TIER]), "probability") + 0.5, "probability"))
