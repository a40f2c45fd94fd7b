"""The share of customers in each segment, day by day, from the memberships that a run found."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.alerts.past.segments import LASTS
from foretell.outcomes.kpis.series import Daily
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds


def shares_by_day(stays: pa.Table, timezone: str, last_day: int) -> dict[str, Daily]:
    """Segment to the share of all customers known by then who were in it at the end of each day, up to the last day.
    `stays` has `segment`, and `begin` and `end` in microseconds UTC; a stay that lasts ends never."""
    if not len(stays):
        return {}
    begin, end = stays["begin"].to_numpy(), stays["end"].to_numpy()
    begun = local_microseconds(begin, timezone) // MICROSECONDS_PER_DAY
    lasts = end == LASTS
    ended = np.where(lasts, last_day + 1, local_microseconds(np.where(lasts, 0, end), timezone) // MICROSECONDS_PER_DAY)
    first = int(begun.min())
    days = last_day - first + 1
    if days < 1:
        return {}
    names, code = np.unique(stays["segment"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    change = np.zeros((len(names), days + 1))
    for day, by in ((begun, 1.0), (ended, -1.0)):
        np.add.at(change, (code, np.clip(day - first, 0, days)), by)
    standing = np.cumsum(change[:, :days], axis=1)
    return {
        str(name): Daily(first, own / np.maximum(standing.sum(axis=0), 1), False)
        for name, own in zip(names, standing, strict=True)
    }
