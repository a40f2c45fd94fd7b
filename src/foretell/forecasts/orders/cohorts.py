"""Cohorts: customers by when they were first seen, in three or four groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MONTHS_A_PERIOD = (3, 6, 12)
MOST_PERIODS = 3


@dataclass(frozen=True)
class Cohorts:
    """Code 0: seen before the local day `known_from`, so perhaps older than the log. Code 1 and up: quarters, half
    years or years of the first order; those before the period `oldest` are put together with it, `or_before` says
    whether there are any."""

    known_from: int
    months: int
    oldest: int
    or_before: bool = False

    def codes(self, first_day: np.ndarray) -> np.ndarray:
        """int64: the cohort of each customer by the local day of the first order."""
        period = np.maximum(_month(first_day) // self.months, self.oldest)
        return np.where(first_day < self.known_from, 0, 1 + period - self.oldest)

    def name(self, code: int) -> str:
        """The cohort in words."""
        if code == 0:
            return f"seen before {np.datetime64(self.known_from, 'D')}, age unknown"
        month = (self.oldest + code - 1) * self.months
        year, part = 1970 + month // 12, month % 12 // self.months + 1
        named = f"{year}" if self.months == 12 else f"{year} {'Q' if self.months == 3 else 'H'}{part}"
        return f"first order in {named}{' or before' if self.or_before and code == 1 else ''}"


def cohorts_of(first_day: np.ndarray, known_from: int) -> Cohorts:
    """The finest periods of which at most three hold customers; where even years are more, the oldest are one.

    `first_day` are local days of first orders; customers seen before the day `known_from` are a cohort of their own.
    """
    known = first_day[first_day >= known_from]
    if not len(known):
        return Cohorts(known_from, MONTHS_A_PERIOD[0], 0)
    for months in MONTHS_A_PERIOD:
        first, last = (int(_month(day)) // months for day in (known.min(), known.max()))
        if last - first < MOST_PERIODS:
            break
    oldest = max(first, last - MOST_PERIODS + 1)
    return Cohorts(known_from, months, oldest, first < oldest)


def _month(day: np.ndarray) -> np.ndarray:
    """Months since January 1970 of days since 1970-01-01."""
    return np.asarray(day).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
