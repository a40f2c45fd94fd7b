"""The season: what last year's same weeks say of the level, if saying so would have helped before.

    index(u) = log((orders in [u, u + horizon) + k) / (orders that BG/NBD expects there + k)), of who was known at u
    raw(c)   = index(c - 364 days) - mean of index(t - 364 days) over the windows t that teach at c
    shift(c) = half of (raw(c) - mean of raw over the year)

364 days are 52 weeks: the same weekdays, and holidays within a day or two. The process knows how many customers there
are and how they fade, so that the index is free of growth; taking the teaching windows off leaves what learners cannot
know, who were taught by these; taking the year's mean off leaves no trend.

A peak that the log has seen but once cannot be tested. Where it stands out of everything else that the log has seen, a
quarter of it is taken:

    shift(c) = quarter of (index(c - 364 days) - median of index elsewhere), beyond three deviations (by their median)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.examples.grid import YEAR_DAYS

FIRST_WINDOW_DAYS = 90
SHRUNK = 0.5
TAUGHT_HORIZONS = 7 / 6
STEADYING_ORDERS = 10.0
FEWEST_TESTS = 2
LEAST_GAIN = 0.05
BEYOND_CHANCE = 1.5
FURTHEST_SHIFT = 1.0
SHRUNK_ONCE = 0.25
STANDING_OUT = 3.0
LEAST_SCATTER = 0.05
FEWEST_WINDOWS = 8
FEWEST_TAUGHT = 3
MEDIAN_TO_DEVIATION = 1.4826


@dataclass(frozen=True)
class SeasonShift:
    """What the season adds to the log of orders and spend and to the logit of an order; `value` is 0 where it is not
    used, `why` says so. `error` and `error_with` are the mean absolute errors (log) of the total over `tests` earlier
    windows, without the season and with it; None where it could not be tested."""

    value: float
    why: str
    tests: int = 0
    error: float | None = None
    error_with: float | None = None

    @property
    def is_used(self) -> bool:
        """Whether the season moves the level at all."""
        return self.value != 0


NO_SEASON = SeasonShift(0.0, "")


@dataclass(frozen=True)
class Season:
    """The index at windows of `horizon_days` that begin on `day` (local days since 1970-01-01, int64, ascending, evenly
    apart), as float64; both empty where it could not be computed, `cannot` says why."""

    horizon_days: int
    day: np.ndarray
    index: np.ndarray
    cannot: str = ""

    def shift(self, day: int) -> SeasonShift:
        """The shift of a forecast from a local day on; nothing is read of windows that end after it.

        Where the log has seen the same weeks but once, so that no test can say whether they come back, a peak that
        stands out is taken in part (see above).
        """
        if self.cannot or len(self.day) < FEWEST_TESTS:
            return SeasonShift(0.0, self.cannot or "there are too few windows")
        tested = self._tested(day)
        came_back = np.isfinite(self._raw(np.array([day - YEAR_DAYS]))[0])
        return tested if tested.is_used or came_back else self._seen_once(day) or tested

    def _tested(self, day: int) -> SeasonShift:
        """The shift if in the year before, at two horizons or more that had ended, it would have brought the total of
        the process closer by 5 % of its error, and what last year said went with what came beyond chance (their
        uncentred correlation over 1.5 / sqrt(horizons), which chance alone passes one time in fourteen)."""
        newest, apart = day - self.horizon_days, int(self.day[1] - self.day[0])
        within = self.day[(self.day <= newest) & (self.day > newest - YEAR_DAYS)]
        said, missed = self._raw(within), self._at(within) - self._taught(within)
        told = np.isfinite(said) & np.isfinite(missed)
        said, missed, tests = said[told], missed[told], int(told.sum())
        horizons = tests * min(apart / self.horizon_days, 1.0)
        raw = float(self._raw(np.array([day]))[0])
        if horizons < FEWEST_TESTS or not np.isfinite(raw):
            return SeasonShift(0.0, "the log is too short to test what last year's same weeks say", tests)
        of_the_year = said.sum() / max(tests, YEAR_DAYS / apart)
        said = said - of_the_year
        error, error_with = float(np.abs(missed).mean()), float(np.abs(missed - SHRUNK * said).mean())
        sizes = float(np.sqrt(np.square(said).sum() * np.square(missed).sum()))
        together = float((said * missed).sum()) / sizes if sizes > 0 else 0.0
        if error_with > (1 - LEAST_GAIN) * error or together <= BEYOND_CHANCE / np.sqrt(horizons):
            why = "what last year's same weeks say would not have brought totals closer"
            return SeasonShift(0.0, why, tests, error, error_with)
        value = float(np.clip(SHRUNK * (raw - of_the_year), -FURTHEST_SHIFT, FURTHEST_SHIFT))
        return SeasonShift(value, "half of what last year's same weeks say", tests, error, error_with)

    def _seen_once(self, day: int) -> SeasonShift | None:
        """A quarter of what the same weeks did a year ago, if they stood out."""
        said = float(self._at(np.array([day - YEAR_DAYS]))[0])
        is_over = self.day <= day - self.horizon_days
        is_other = np.abs(self.day - (day - YEAR_DAYS)) >= self.horizon_days
        seen = self.index[is_over & is_other]
        if not np.isfinite(said) or len(seen) < FEWEST_WINDOWS:
            return None
        usual = float(np.median(seen))
        scatter = max(MEDIAN_TO_DEVIATION * float(np.median(np.abs(seen - usual))), LEAST_SCATTER)
        if abs(said - usual) <= STANDING_OUT * scatter:
            return None
        value = float(np.clip(SHRUNK_ONCE * (said - usual), -FURTHEST_SHIFT, FURTHEST_SHIFT))
        return SeasonShift(value, "a quarter of what the same weeks did a year ago, which the log has seen but once")

    def _raw(self, day: np.ndarray) -> np.ndarray:
        """float64: raw of the formula above, NaN where the log does not reach back far enough."""
        return self._at(day - YEAR_DAYS) - self._taught(day - YEAR_DAYS)

    def _at(self, day: np.ndarray) -> np.ndarray:
        """The index of windows that begin on these days, between two of the series by their distance; NaN outside."""
        return np.interp(day, self.day, self.index, left=np.nan, right=np.nan)

    def _taught(self, day: np.ndarray) -> np.ndarray:
        """The mean index of the windows that teach a forecast from these days on, or of three or more that the log
        reaches."""
        back = self.horizon_days * (1 + TAUGHT_HORIZONS * np.arange(8) / 7)
        index = self._at(day[:, None] - back)
        told = np.isfinite(index).sum(axis=1)
        mean = np.nansum(index, axis=1) / np.maximum(told, 1)
        return np.where(told >= FEWEST_TAUGHT, mean, np.nan)


def index_of(came: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The index of windows in which so many orders came and were expected; a few of both steady it.

    >>> index_of(np.array([190.0]), np.array([90.0])).round(3).tolist()
    [0.693]
    """
    return np.asarray(np.log((came + STEADYING_ORDERS) / (expected + STEADYING_ORDERS)))
