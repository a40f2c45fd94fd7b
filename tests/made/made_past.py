"""Past scores made by hand, for the tests of alert rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.alerts.past.scores import PastScores
from foretell.alerts.rules import AlertRule, alert_rule
from foretell.project.intervals import days
from foretell.project.parts.alerts import AlertPart
from foretell.segments.conditions import Kind

KINDS: dict[str, Kind] = {
    "p_churn": "number", "p_purchase": "number", "expected_spend": "number", "segment": "text"
}  # fmt: skip


def rule(**declared: object) -> AlertRule:
    """A rule of these keys of `[[alerts]]`."""
    return alert_rule(AlertPart.model_validate({"name": "made", **declared}), KINDS)


def past(
    cutoff_day: int,
    keys: Sequence[int],
    p_churn: Sequence[float],
    left: Sequence[float],
    days_to_loss: Sequence[float] | None = None,
) -> PastScores:
    """One past cutoff; `left` is 1 for those who did not order in the horizon, NaN of whom it was not asked."""
    chance = np.array(p_churn, dtype=np.float64)
    return PastScores(
        days(cutoff_day),
        30,
        np.array(keys, dtype=np.uint64),
        {"p_churn": chance, "p_purchase": 1 - chance},
        {"churn": np.array(left, dtype=np.float64)},
        None if days_to_loss is None else np.array(days_to_loss, dtype=np.float64),
    )
