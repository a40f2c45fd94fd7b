"""Training: what goes with the models that serve."""

from __future__ import annotations

from foretell.answers.published import RunOverHorizon
from foretell.project.objectives import TARGETS


def test_every_chance_that_is_asked_has_a_threshold_of_its_own(shop_main: RunOverHorizon) -> None:
    serving = shop_main.models
    asked = {name for name, target in TARGETS.items() if target.kind == "probability"}
    assert set(serving.thresholds) <= asked
    assert {"purchase", "high_value", "becomes_high_value"} <= set(serving.thresholds)
    assert all(0 < threshold < 1 for threshold in serving.thresholds.values())
    assert serving.thresholds["becomes_high_value"] != serving.thresholds["purchase"]
