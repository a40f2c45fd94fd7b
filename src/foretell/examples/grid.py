"""The grid of cutoffs: which past moments teach, and at which the teaching is tested.

Everything follows from the as-of date, the horizon and the span of the log before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from foretell.project.intervals import days, from_microseconds, midnight

TRAINING_CUTOFFS = 8
TEST_CUTOFFS = 4
LATTICE_CUTOFFS = 26
SHORTER_HORIZONS = (1, 2, 3, 4, 6)
SEVERAL_HORIZONS = (1, 2 / 3, 1 / 2, 1 / 3, 1 / 6)
CUTOFFS_OF_SEVERAL = 4
LEAST_DAYS_OF_SEVERAL = 14
YEAR_DAYS = 364
YEARS_BACK = 3
LEAST_YEARS = 2


@dataclass(frozen=True)
class CutoffGrid:
    """Local midnights `as_of - horizon - k x step`, newest first, back to where the log is too young.

    A label at any of them is ripe at `as_of`. A test at cutoff `c` is taught by cutoffs at or before
    `c - horizon`, whose labels were ripe at `c`. `shortened_from` is the horizon that was asked for, where the
    log is too short for it. `same_weeks` are midnights whole years (of 52 weeks) before the as-of date and before
    tests, where the log holds two years or more: what was known then, and what followed, is of the same phase of the
    year.
    """

    as_of: int
    horizon_days: int
    step_days: int
    lattice: tuple[int, ...]
    shortened_from: int | None = None
    same_weeks: tuple[int, ...] = ()

    @property
    def training(self) -> tuple[int, ...]:
        """The cutoffs that teach the models that serve: the newest ones, and those of the same weeks of other years."""
        return self._with_same_weeks(self.lattice, self.as_of)

    @property
    def tests(self) -> tuple[int, ...]:
        """The cutoffs at which models are tested, half a horizon apart; each has something to be taught by."""
        apart = max(1, round(self.horizon_days / 2 / self.step_days))
        return tuple(cutoff for cutoff in self.lattice[::apart][:TEST_CUTOFFS] if self.teaching(cutoff))

    def teaching(self, test: int) -> tuple[int, ...]:
        """The training cutoffs of one test."""
        return self._with_same_weeks([one for one in self.lattice if one + days(self.horizon_days) <= test], test)

    def _with_same_weeks(self, ripe: Sequence[int], moment: int) -> tuple[int, ...]:
        newest, latest = ripe[:TRAINING_CUTOFFS], moment - days(self.horizon_days)
        also = (one for one in self.same_weeks if one <= latest and _whole_years(moment - one) and one not in newest)
        return (*newest, *also) if newest else ()

    @property
    def cutoffs(self) -> tuple[int, ...]:
        """Every cutoff at which examples are needed, ascending."""
        taught = {cutoff for test in self.tests for cutoff in self.teaching(test)}
        return tuple(sorted({*self.training, *self.tests, *taught}))

    @property
    def disjoint_tests(self) -> int:
        """How many of the tests' label windows do not overlap."""
        count, begin = 0, self.as_of + days(1)
        for test in self.tests:
            if test + days(self.horizon_days) <= begin:
                count, begin = count + 1, test
        return count


def cutoff_grid(
    as_of: int, horizon_days: int, log_start: int, timezone: str, least_days: int | None = None
) -> CutoffGrid | None:
    """The grid for a horizon; None where not even one cutoff has a ripe label and `least_days` of history (by the
    horizon, where they are not given)."""
    step = max(7, round(horizon_days / 6))
    earliest = log_start + days(least_history_days(horizon_days) if least_days is None else least_days)
    lattice: list[int] = []
    last = from_microseconds(as_of, timezone).date() - timedelta(days=horizon_days)
    if midnight(last, timezone) + days(horizon_days) > as_of:
        last -= timedelta(days=1)
    while len(lattice) < LATTICE_CUTOFFS and (cutoff := midnight(last, timezone)) >= earliest:
        lattice.append(cutoff)
        last -= timedelta(days=step)
    if not lattice:
        return None
    grid = CutoffGrid(as_of, horizon_days, step, tuple(lattice))
    return replace(grid, same_weeks=_same_weeks(grid, log_start, earliest, timezone))


def _same_weeks(grid: CutoffGrid, log_start: int, earliest: int, timezone: str) -> tuple[int, ...]:
    """Midnights whole years before the as-of date and each test, newest first."""
    if grid.as_of - log_start < days(LEAST_YEARS * YEAR_DAYS):
        return ()
    found = (
        midnight(from_microseconds(moment, timezone).date() - timedelta(days=years * YEAR_DAYS), timezone)
        for moment in (grid.as_of, *grid.tests)
        for years in range(1, YEARS_BACK + 1)
    )
    return tuple(sorted({one for one in found if one >= earliest}, reverse=True))


def _whole_years(apart: int) -> bool:
    """Whether two local midnights lie one to three whole years of 52 weeks apart, whatever clocks were put forward."""
    years, rest = divmod(apart + days(1) // 2, days(YEAR_DAYS))
    return 1 <= years <= YEARS_BACK and rest < days(1)


def proving_grid(as_of: int, horizon_days: int, log_start: int, timezone: str) -> CutoffGrid | None:
    """The grid on which models are tested: the horizon's own, or that of the longest of its halves, thirds,
    quarters and sixths for which the log is long enough; None where none is."""
    for part in SHORTER_HORIZONS:
        shorter = max(1, horizon_days // part)
        grid = cutoff_grid(as_of, shorter, log_start, timezone)
        if grid and grid.tests:
            asked = None if part == 1 else horizon_days
            return replace(grid, shortened_from=asked)
    return None


def grids_of_several(as_of: int, horizon_days: int, log_start: int, timezone: str) -> tuple[CutoffGrid, ...]:
    """Grids of the horizon and of shorter ones, longest first, that a log can teach which is short for the horizon;
    each of the newest cutoffs alone."""
    found: list[CutoffGrid] = []
    for share in SEVERAL_HORIZONS:
        shorter = max(1, round(horizon_days * share))
        grid = cutoff_grid(as_of, shorter, log_start, timezone, LEAST_DAYS_OF_SEVERAL)
        if grid and all(shorter != other.horizon_days for other in found):
            found.append(replace(grid, lattice=grid.lattice[:CUTOFFS_OF_SEVERAL], same_weeks=()))
    return tuple(found)


def least_history_days(horizon_days: int) -> int:
    """Days of history a cutoff must have before it."""
    return min(max(horizon_days // 2, 14), 90)
