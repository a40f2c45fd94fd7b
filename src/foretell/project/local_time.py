"""Local clock time of many moments at once: calendar days, weekdays and hours are told by it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.project.errors import InputError
from foretell.project.intervals import MICROSECONDS_PER_DAY, zone


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


def refuse_zone(timezone: str) -> None:
    """InputError where a zone is not known, to Python or to Arrow, which reads the times of files."""
    zone(timezone)
    try:
        local_days(np.zeros(1, np.int64), timezone)
    except (pa.ArrowException, ValueError):
        raise InputError(
            "The time zone is not known.", found=timezone, expected="an IANA name", hint='timezone = "Europe/London"'
        ) from None
