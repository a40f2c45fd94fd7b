"""Joint limits: of everything that is watched, what moved further than chance takes it, one false alarm a month in all.

The meaning is that of control limits of alerts: the last week of each series is compared with the weeks before it, in
its own usual deviations; the limit is what the greatest deviation of all series passes once a month, drawn by a block
bootstrap of whole weeks. Here a series brings what counting alone makes it scatter, so that one that never moved is
watched as well, and may be watched for rising only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtri

from foretell.alerts.control_limits import LEAST_LEVEL_WEEKS, WEEKS_PER_MONTH, deviations, drawn_limit, levels

LEAST_WEEKS = 9
"""Weeks of deviations that are needed, the last one among them: what control limits of alerts take."""


@dataclass(frozen=True)
class Series:
    """One watched series: `apart` is how far each week lay from what was usual before it (float64 [weeks], the last
    week last, on a scale on which chance scatters evenly), `least` what chance alone makes it scatter. One that `rises`
    is no worse for falling."""

    name: str
    apart: np.ndarray
    least: float
    rises: bool = False


@dataclass(frozen=True)
class Judged:
    """`outside` are the series beyond the limit, with their deviation; `limit` and deviations are in usual deviations
    of a series. `unjudged` says of others why they were not compared. `weeks` is what the limit rests on."""

    outside: dict[str, float] = field(default_factory=dict)
    limit: float = float("nan")
    weeks: int = 0
    judged: tuple[str, ...] = ()
    unjudged: dict[str, str] = field(default_factory=dict)


def judged(series: Sequence[Series], seed: int = 0, false_alarms_per_month: float = 1.0) -> Judged:
    """Compare the last week of every series with those before it; those with few weeks are left out, and said."""
    long = [one for one in series if len(one.apart) >= LEAST_WEEKS]
    short = {one.name: too_few(len(one.apart)) for one in series if len(one.apart) < LEAST_WEEKS}
    if not long:
        return Judged(unjudged=short)
    weeks = min(len(one.apart) for one in long)
    apart = np.stack([one.apart[-weeks:] for one in long])
    least, rises = np.array([one.least for one in long]), np.array([one.rises for one in long])
    share = min(false_alarms_per_month / WEEKS_PER_MONTH, 1.0)
    limit = max(drawn_limit(apart[:, :-1], share, seed, least, rises), _counted_limit(apart[:, :-1], least, share))
    found = deviations(apart[:, :-1], apart[:, -1], least)
    beyond = np.where(rises, found, np.abs(found)) > limit
    outside = {one.name: float(found[at]) for at, one in enumerate(long) if beyond[at]}
    return Judged(outside, limit, weeks - 1, tuple(one.name for one in long), short)


def _counted_limit(apart: np.ndarray, least: np.ndarray, share: float) -> float:
    """What the greatest deviation passes in a share of weeks, of the series that scatter by less than counting alone
    does; 0 without any."""
    still = int((apart.std(axis=1) < least).sum())
    return float(ndtri(1 - (1 - (1 - share) ** (1 / still)) / 2)) if still else 0.0


def too_few(weeks: int) -> str:
    """Why a series with so many weeks is not judged."""
    return f"{max(weeks - 1, 0)} earlier weeks to compare with, {LEAST_WEEKS - 1} are needed"


def apart_from_level(values: np.ndarray, healthy: np.ndarray) -> np.ndarray:
    """float64 [weeks - 4]: values (float64 [weeks]) beside the median of up to eight weeks before. A week that is not
    healthy counts as the one before it, so that a break is no yardstick."""
    if len(values) <= LEAST_LEVEL_WEEKS:
        return np.zeros(0)
    kept = carried_on(values, healthy)
    middle = levels(kept[None])[0]
    return np.asarray(kept[LEAST_LEVEL_WEEKS:] - middle)


def carried_on(values: np.ndarray, healthy: np.ndarray) -> np.ndarray:
    """The values, of which those of weeks that are not healthy are taken from the last healthy week before; the last
    week, which is judged, stays as it is."""
    taken = np.array(healthy, dtype=bool)
    taken[[0, -1]] = True
    at = np.maximum.accumulate(np.where(taken, np.arange(len(values)), 0))
    return np.asarray(values[at])
