"""Local clock time of many moments at once: calendar days, weekdays and hours are told by it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.project.intervals import MICROSECONDS_PER_DAY


def local_microseconds(moment: np.ndarray, timezone: str) -> np.ndarray:
    """int64 microseconds of local clock time since 1970-01-01, of moments in microseconds UTC."""
    if timezone == "UTC":
        return moment
    aware = pa.array(moment).cast(pa.timestamp("us", tz=timezone))
    return np.asarray(pc.local_timestamp(aware).cast(pa.int64()).to_numpy())


def local_days(moment: np.ndarray, timezone: str) -> np.ndarray:
    """int32: local calendar days since 1970-01-01.

    >>> local_days(np.array([-1, 0, 82_800_000_000]), "Europe/Paris").tolist()
    [0, 0, 1]
    """
    return (local_microseconds(moment, timezone) // MICROSECONDS_PER_DAY).astype(np.int32)
