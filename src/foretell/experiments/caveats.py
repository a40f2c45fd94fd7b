"""What stands against believing a comparison, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from foretell.experiments.comparison import FEWEST_BUYERS, Comparison
from foretell.experiments.sample_ratio import STOPS_BELOW, SampleRatio, uneven
from foretell.words.wording import counted, joined, percent

TIGHT = "\xa0"


def about_ratio(found: SampleRatio) -> list[str]:
    """Why the sizes of the arms forbid a claim, or leave it open."""
    sizes = joined([f"{count:,} {arm}" for arm, count in found.counts.items()])
    p = p_in_words(found.p_value)
    if found.standing == "stopped":
        meant = joined([f"{plain(share)} {arm}" for arm, share in found.shares.items()])
        return [
            f"sample ratio: the claim is stopped. {sizes}, where {meant} were meant ({p}): units were lost or added in "
            "one arm, so the arms are not alike"
        ]
    if found.standing == "suspect":
        return [
            f"sample ratio: {sizes} is not equal ({p}). If equal arms were meant, no claim can be made; if not, "
            "say the shares that were, with --shares"
        ]
    if found.standing == "not checked":
        return [f"sample ratio: not checked, as nobody said which shares were meant ({sizes}); say them with --shares"]
    return []


def about_buyers(control: int, arm: int, name: str) -> list[str]:
    """Few units with an outcome other than 0 make every interval rough."""
    if min(control, arm) >= FEWEST_BUYERS:
        return []
    return [
        f"under {FEWEST_BUYERS} in an arm with {name} other than 0 ({control:,} in the control, {arm:,} here): the "
        "intervals, and above all those for every look, may be too narrow"
    ]


def about_incomplete(incomplete: Mapping[str, int], counts: Mapping[str, int]) -> list[str]:
    """Units without an outcome, and whether one arm has more of them."""
    missing = {arm: number for arm, number in incomplete.items() if number}
    if not missing:
        return []
    told = joined([f"{number:,} in {arm}" for arm, number in missing.items()])
    found = [f"left out, as the outcome is empty or no number: {told}"]
    p = uneven(incomplete, counts)
    if p < STOPS_BELOW:
        found.append(f"the outcome is missing more often in one arm ({p_in_words(p)}): who is left may not be alike")
    return found


def with_several(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons, each told what Holm's correction for their number makes of its p-value."""
    tested = [at for at, one in enumerate(comparisons) if one.p_value is not None]
    found = list(comparisons)
    if len(tested) < 2:
        return found
    adjusted = holm(np.array([comparisons[at].p_value for at in tested], dtype=np.float64))
    for at, p in zip(tested, adjusted.tolist(), strict=True):
        told = f"one of {counted(len(tested), 'comparison')}: corrected for that (Holm), {p_in_words(p)}"
        found[at] = replace(found[at], warnings=(*found[at].warnings, told))
    return found


def holm(p_values: np.ndarray) -> np.ndarray:
    """Holm's adjusted p-values, in their order.

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    steps = np.maximum.accumulate(p_values[order] * (len(order) - np.arange(len(order))))
    found = np.empty(len(order))
    found[order] = np.minimum(steps, 1.0)
    return found


def p_in_words(p: float | None) -> str:
    """A p-value as it is written.

    >>> p_in_words(0.0312), p_in_words(1e-9)
    ('p = .031', 'p < .001')
    """
    if p is None:
        return "p unknown"
    return "p < .001" if p < 0.001 else f"p = {p:.3f}".replace("0.", ".", 1)


def plain(share: float) -> str:
    """A percentage, with a decimal where it has one."""
    return percent(share, 0 if abs(100 * share - round(100 * share)) < 0.005 else 1).replace(TIGHT, " ")
