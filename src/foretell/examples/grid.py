"""The grid of cutoffs: which past moments teach, and at which the teaching is tested.

Everything follows from the as-of date, the horizon and the span of the log before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from foretell.project.intervals import days, from_microseconds, midnight

TRAINING_CUTOFFS = 8
TEST_CUTOFFS = 4
SHORTER_HORIZONS = (1, 2, 3, 4, 6)


@dataclass(frozen=True)
class CutoffGrid:
    """Local midnights, newest first. Labels of every cutoff are ripe at `as_of`; a test at cutoff `c` trains on
    cutoffs at or before `c - horizon`. `shortened_from` is the horizon that was asked for, where the log is too
    short for it."""

    as_of: int
    horizon_days: int
    training: tuple[int, ...]
    tests: tuple[int, ...]
    earliest: int
    step_days: int
    timezone: str
    shortened_from: int | None = None

    def teaching(self, test: int) -> tuple[int, ...]:
        """The training cutoffs of one test: ripe at it, newest first."""
        return _series(test, self.horizon_days, self.step_days, self.earliest, self.timezone, TRAINING_CUTOFFS)

    @property
    def cutoffs(self) -> tuple[int, ...]:
        """Every cutoff at which examples are needed, ascending."""
        taught = {cutoff for test in self.tests for cutoff in self.teaching(test)}
        return tuple(sorted({*self.training, *self.tests, *taught}))

    @property
    def disjoint_tests(self) -> int:
        """How many of the tests' label windows do not overlap."""
        count, begin = 0, None
        for test in self.tests:
            if begin is None or test + days(self.horizon_days) <= begin:
                count, begin = count + 1, test
        return count


def cutoff_grid(as_of: int, horizon_days: int, log_start: int, timezone: str) -> CutoffGrid | None:
    """The grid for a horizon; None where not even one cutoff has a ripe label and some history."""
    step = max(7, round(horizon_days / 6))
    earliest = log_start + days(least_history_days(horizon_days))
    training = _series(as_of, horizon_days, step, earliest, timezone, TRAINING_CUTOFFS)
    if not training:
        return None
    spacing = max(step, round(horizon_days / 2))
    candidates = _series(as_of, horizon_days, spacing, earliest, timezone, TEST_CUTOFFS)
    tests = tuple(c for c in candidates if _series(c, horizon_days, step, earliest, timezone, 1))
    return CutoffGrid(as_of, horizon_days, training, tests, earliest, step, timezone)


def proving_grid(as_of: int, horizon_days: int, log_start: int, timezone: str) -> CutoffGrid | None:
    """The grid on which models are tested: the horizon's own, or that of the longest of its halves, thirds,
    quarters and sixths for which the log is long enough; None where none is."""
    for part in SHORTER_HORIZONS:
        shorter = max(1, horizon_days // part)
        grid = cutoff_grid(as_of, shorter, log_start, timezone)
        if grid and grid.tests:
            asked = None if part == 1 else horizon_days
            return CutoffGrid(
                as_of, shorter, grid.training, grid.tests, grid.earliest, grid.step_days, timezone, asked
            )
    return None


def least_history_days(horizon_days: int) -> int:
    """Days of history a cutoff must have before it."""
    return min(max(horizon_days // 2, 14), 90)


def _series(
    before: int, horizon_days: int, step_days: int, earliest: int, timezone: str, most: int
) -> tuple[int, ...]:
    end = from_microseconds(before, timezone).date()
    series = []
    for position in range(most):
        cutoff = midnight(end - timedelta(days=horizon_days + position * step_days), timezone)
        if cutoff + days(horizon_days) > before:
            cutoff = midnight(end - timedelta(days=horizon_days + position * step_days + 1), timezone)
        if cutoff < earliest:
            break
        series.append(cutoff)
    return tuple(series)
