"""The plan: as of when, over which horizon, taught and tested at which cutoffs. It follows from what the log
held before the as-of date, and from nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from foretell.examples.grid import (
    SHORTER_HORIZONS,
    TRAINING_CUTOFFS,
    YEAR_DAYS,
    CutoffGrid,
    cutoff_grid,
    grids_of_several,
    proving_grid,
)
from foretell.project.intervals import (
    MICROSECONDS_PER_DAY,
    day_of,
    from_microseconds,
    midnight,
    parse_day,
    parse_horizon,
)
from foretell.project.objectives import Objective, objectives_of
from foretell.project.progress import Progress
from foretell.project.request import Asked
from foretell.storage.artefacts import Artefact
from foretell.timelines.bucket import last_seconds
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Survey, combined

EVERYTHING = 2**62
HORIZONS_DAYS = (7, 14, 30, 60, 90, 180, 365)
MOST_TRAINING_ROWS = 300_000
MOST_PROVING_CUSTOMERS = 20_000


@dataclass(frozen=True)
class Plan:
    """`proving` is the grid for the backtest, `serving` the one that teaches the models that serve; None where the
    log is too short. `several` are the grids over several horizons that teach where `serving` has few cutoffs or is
    shortened; none where it has all, or where the rows would be too many. `horizon_reason` says why this horizon,
    `objectives` are the questions that every step answers. Customers with a stable key up to `proving_key` take part in
    the proof, up to `serving_key` in teaching what serves: everybody, unless the log is large. `left_out_day` is the
    log's last day, where it looks incomplete and the as-of date was not given."""

    as_of: int
    horizon_days: int
    horizon_reason: str
    timezone: str
    survey: Survey
    objectives: tuple[Objective, ...]
    proving: CutoffGrid | None
    serving: CutoffGrid | None
    proving_key: int
    serving_key: int
    left_out_day: str = ""
    several: tuple[CutoffGrid, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether the log is too short to learn, or to prove, over the horizon that was asked for."""
        return any(grid is None or grid.shortened_from is not None for grid in (self.proving, self.serving))

    def history_days(self, cutoff: int) -> float:
        """Days of the log before a cutoff."""
        return (cutoff - self.survey.log_start) / MICROSECONDS_PER_DAY

    def season_seen(self, horizon_days: int) -> bool:
        """Whether the log has held each day of the year, and what followed over the horizon."""
        return self.history_days(self.as_of) >= YEAR_DAYS + horizon_days

    def as_of_day(self) -> str:
        return day_of(self.as_of, self.timezone)


PLAN: Artefact[Plan] = Artefact("plan", Plan, version=3)


def surveyed(engine: Engine, as_of: int, timezone: str, progress: Progress) -> Survey:
    """What the log as a whole looks like before a moment; without customers where nobody ordered."""
    progress.step("Surveying the log", len(engine.buckets))
    parts = list(engine.over(Survey.of, as_of, progress=progress))
    return combined(parts) if parts else Survey(timezone)


def plan_of(survey: Survey, as_of: int, asked: Asked, horizon_days: int | None, last_day: LastDay) -> Plan:
    """Decide everything that the later steps take as given, over one horizon (None: the one that suits the data)."""
    horizon, reason = _horizon(as_of, horizon_days, survey)
    own = tuple(part for part in asked.objectives if len(asked.horizons) < 2 or parse_horizon(part.horizon) == horizon)
    proving = proving_grid(as_of, horizon, survey.log_start, survey.timezone)
    serving = _serving(as_of, horizon, survey.log_start, survey.timezone)
    several = grids_of_several(as_of, horizon, survey.log_start, survey.timezone)
    return Plan(
        as_of,
        horizon,
        reason,
        survey.timezone,
        survey,
        objectives_of(own, horizon),
        proving,
        serving,
        _largest_key(MOST_PROVING_CUSTOMERS, survey.customers),
        _largest_key(MOST_TRAINING_ROWS, sum(survey.customers_before(c) for c in serving.training) if serving else 0),
        "" if asked.as_of or last_day.is_complete else last_day.date().isoformat(),
        several if _is_worth_several(serving, several, survey) else (),
    )


def _is_worth_several(serving: CutoffGrid | None, several: Sequence[CutoffGrid], survey: Survey) -> bool:
    """Whether the log is short for the horizon, and rows over several horizons are not too many."""
    if serving is None or (serving.shortened_from is None and len(serving.lattice) >= TRAINING_CUTOFFS):
        return False
    rows = sum(survey.customers_before(cutoff) for grid in several for cutoff in grid.lattice)
    return len(several) > 1 and rows <= MOST_TRAINING_ROWS


def moment_asked(asked: Asked, timezone: str, last_day: LastDay) -> int:
    """The as-of date in microseconds UTC: as asked, or the end of the last complete day."""
    return last_day.as_of(timezone) if asked.as_of is None else parse_day(asked.as_of, timezone)


@dataclass(frozen=True)
class LastDay:
    """The last day with an order: its local date, the time of its last order, and the usual time of the last
    order of a day (seconds after midnight)."""

    day: int
    last_second: int
    usual_last_second: int

    def as_of(self, timezone: str) -> int:
        """The midnight after the last complete day: a day whose last order came an hour or more before the usual
        time is taken as still running, and left out."""
        return midnight(self.date() + timedelta(days=1 if self.is_complete else 0), timezone)

    @property
    def is_complete(self) -> bool:
        """Whether the last order came at about the usual time of a day's last order."""
        return self.last_second >= self.usual_last_second - 3_600

    def date(self) -> date:
        """The day as a date."""
        return from_microseconds(0).date() + timedelta(days=self.day)

    @classmethod
    def of(cls, engine: Engine) -> LastDay:
        """The last day of the log, and whether it looks complete."""
        days, seconds = last_seconds(engine.buckets) if engine.buckets else (np.zeros(0), np.zeros(0))
        if not len(days):
            return cls(0, 86_399, 86_399)
        return cls(int(days[-1]), int(seconds[-1]), int(np.quantile(seconds[:-1], 0.1)) if len(days) > 1 else 0)


def _horizon(as_of: int, asked: int | None, survey: Survey) -> tuple[int, str]:
    if asked is not None:
        return asked, "as asked"
    gap = survey.population(as_of).gap_days_median
    wished = next((h for h in HORIZONS_DAYS if not math.isnan(gap) and h >= 2 * gap), 90 if math.isnan(gap) else 365)
    rhythm = (
        "nobody has ordered twice yet"
        if math.isnan(gap)
        else f"half of all repeat orders come within {gap:.0f} days of the one before"
    )
    fitting = [h for h in HORIZONS_DAYS if h <= wished and _provable(as_of, h, survey)]
    horizon = max(fitting, default=min(wished, 7))
    if horizon < wished:
        return horizon, f"{rhythm}; {wished} days would suit, but the log's {survey.span_days:.0f} days prove {horizon}"
    return horizon, rhythm


def _provable(as_of: int, horizon_days: int, survey: Survey) -> bool:
    grid = cutoff_grid(as_of, horizon_days, survey.log_start, survey.timezone)
    return grid is not None and len(grid.tests) > 0


def _serving(as_of: int, horizon_days: int, log_start: int, timezone: str) -> CutoffGrid | None:
    for part in (*SHORTER_HORIZONS, 12, 24, 48, 96, 192):
        shorter = max(1, horizon_days // part)
        if grid := cutoff_grid(as_of, shorter, log_start, timezone):
            return grid if part == 1 else replace(grid, shortened_from=horizon_days)
    return None


def _largest_key(most: int, there_are: int) -> int:
    """The stable key up to which customers are taken, whole, so that about `most` of what there is remains."""
    share = most / max(there_are, 1)
    return int(share * (2**64 - 1)) if share < 1 else 2**64 - 1
