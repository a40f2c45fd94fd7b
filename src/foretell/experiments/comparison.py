"""What an experiment is asked, and what it answers: one comparison an outcome and arm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from foretell.experiments.sample_ratio import SampleRatio

FEWEST_BUYERS = 50


@dataclass(frozen=True)
class Outcome:
    """What is compared. `values` is float64 [units], NaN where the unit's outcome is not complete yet; with `per`
    (the same form), the ratio of the two sums. `before` holds what was known of each unit before the start, by name,
    NaN where nothing was. With `cap`, a value above it counts as that much; it must come from before the start."""

    name: str
    values: np.ndarray
    per: np.ndarray | None = None
    before: Mapping[str, np.ndarray] = field(default_factory=dict)
    cap: float | None = None


@dataclass(frozen=True)
class Comparison:
    """`arm` beside the control in one outcome; None where it cannot be computed.

    `effect` is the difference of the means (shares, ratios), with `low` and `high`, which hold at one look decided
    beforehand, and `always_low` and `always_high`, which hold at all looks together. `relative` is the effect as a
    share of the control's mean. `n_control` and `n_arm` count units, `buyers_*` those whose outcome is not 0.
    `detectable` is the difference that such an experiment sees with a power of 80 %; `e_value` the evidence against
    no effect at any look, for `e_bh`. `is_stopped`: the sample ratio forbids a claim.
    """

    outcome: str
    arm: str
    n_control: int
    n_arm: int
    buyers_control: int
    buyers_arm: int
    method: str
    warnings: tuple[str, ...]
    control_mean: float | None = None
    arm_mean: float | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    relative: float | None = None
    relative_low: float | None = None
    relative_high: float | None = None
    p_value: float | None = None
    always_low: float | None = None
    always_high: float | None = None
    detectable: float | None = None
    e_value: float | None = None
    is_share: bool = False
    is_stopped: bool = False

    def as_entry(self) -> dict[str, object]:
        """The entry of experiment.json."""
        return {name: getattr(self, name) for name in ENTRY} | {"warnings": list(self.warnings)}


ENTRY = (
    "outcome", "arm", "n_control", "n_arm", "effect", "low", "high", "relative", "relative_low", "relative_high",
    "p_value", "always_low", "always_high", "method", "warnings",
)  # fmt: skip
"""The keys of an entry of experiment.json."""


@dataclass(frozen=True)
class ReadOut:
    """All comparisons, outcome by outcome, and whether the arms are as large as they were meant to be. `counts` are
    the units drawn into each arm, the control first, with those whose outcome is not complete."""

    control: str
    counts: Mapping[str, int]
    sample_ratio: SampleRatio
    comparisons: tuple[Comparison, ...]
