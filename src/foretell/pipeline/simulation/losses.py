"""Losses: what of a simulation fell short of what is aimed at, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from foretell.pipeline.simulation.policies import OURS, RIVALS
from foretell.pipeline.simulation.simulated import Simulated
from foretell.words.wording import counted, percent

COVERS = (0.93, 0.97)
"""Within which the share of 95 % intervals that hold is to lie."""
FEWEST_REDRAWS = 100
"""With fewer, chance alone leaves that range most of the time."""
ALARMS_A_MONTH = 1.0
OFF_BY = 0.1
"""Sums that are missed by more than that share are told."""


def losses(found: Simulated) -> list[str]:
    """Every shortfall, in the order of the parts."""
    return [*_policies(found), *_calibration(found), *_coverage(found), *_alarms(found)]


def _policies(found: Simulated) -> Iterator[str]:
    told = {one.policy: one for one in found.policies}
    ours, shops = told[OURS], len(found.shops)
    for name in RIVALS:
        rival = told[name]
        if rival.profit > ours.profit:
            yield (
                f"«{name}» earned {rival.profit:,.0f} a shop, our policy {ours.profit:,.0f}; ours was behind in "
                f"{rival.ahead_of_ours} of {counted(shops, 'shop')}."
            )


def _calibration(found: Simulated) -> Iterator[str]:
    for one in found.calibration.sums:
        off = one.promised / one.came - 1 if one.came else 0.0
        if abs(off) > OFF_BY:
            side = "more" if off > 0 else "less"
            yield f"{percent(abs(off))} {side} {one.what} were promised than came."


def _coverage(found: Simulated) -> Iterator[str]:
    for one in found.coverage_of_all:
        if one.redraws >= FEWEST_REDRAWS and one.share is not None and not COVERS[0] <= one.share <= COVERS[1]:
            yield (
                f"The 95 % intervals of {one.outcome} {one.campaign} held in {percent(one.share, 1)} of "
                f"{counted(one.redraws, 'redraw')}, not in {percent(COVERS[0])} to {percent(COVERS[1])}."
            )


def _alarms(found: Simulated) -> Iterator[str]:
    for one in found.delays:
        if one.seen < one.shops:
            yield f"«{one.drift}» was not seen in {one.shops - one.seen} of {counted(one.shops, 'shop')}."
    if (found.alarms.a_month or 0.0) > ALARMS_A_MONTH:
        yield f"{found.alarms.a_month:.1f} false alarms a month, more than one."
