"""The season of a log: orders that came in windows of the past, beside those that BG/NBD expects there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from foretell.examples.assembly import Assembly
from foretell.examples.examples import stacked
from foretell.examples.grid import YEAR_DAYS
from foretell.examples.plan import Plan
from foretell.forecasts.season.season import FIRST_WINDOW_DAYS, Season, SeasonShift, index_of
from foretell.models.contract import CannotFit
from foretell.models.learners.buy_till_you_die import BgNbd, FittedBuyTillYouDie
from foretell.project.intervals import days, from_microseconds, midnight
from foretell.project.local_time import local_days
from foretell.project.objectives import TARGETS
from foretell.storage.artefacts import Artefact
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Survey
from foretell.words.wording import counted, percent, signed_percent

LEAST_DAYS = YEAR_DAYS + FIRST_WINDOW_DAYS
LONGEST_HORIZON_DAYS = 300
WINDOWS_A_HORIZON = 2


@dataclass(frozen=True)
class Windows:
    """Orders that came and that a process expects, of the customers of a batch, in the windows after some cutoffs."""

    assembly: Assembly
    process: FittedBuyTillYouDie

    def __call__(self, batch: Timelines) -> np.ndarray:
        """float64 [cutoffs, 2]: came, expected."""
        rows = self.assembly(batch)
        place = np.searchsorted(np.array(self.assembly.cutoffs), rows.cutoff)
        sums = (rows.labels["orders"], self.process.predict(rows))
        return np.column_stack([np.bincount(place, one, minlength=len(self.assembly.cutoffs)) for one in sums])


SEASON: Artefact[Season] = Artefact("season", Season, version=2)


def season_of(engine: Engine, plan: Plan) -> Season:
    """The season over the horizon of the plan, of the customers of the proof; empty, with the reason, where the log has
    not seen the same weeks a year ago, or the horizon so long that last year's weeks are not over.

    The process is fitted once, on what was known before any window at which the season is tested.
    """
    horizon = plan.horizon_days
    if plan.history_days(plan.as_of) < LEAST_DAYS:
        return _none(horizon, f"a season can be told from {LEAST_DAYS} days of history on")
    windows = window_days(plan)
    if horizon > LONGEST_HORIZON_DAYS or not windows:
        return _none(horizon, "the horizon is too long for the log to test a season")
    taught = _moment(windows[0] + YEAR_DAYS, plan)
    if taught > plan.as_of:
        return _none(horizon, "the log has not seen the same weeks a year ago")
    known = list(engine.over(_assembly((taught,), horizon, plan.survey, False), taught, plan.proving_key))
    try:
        process = BgNbd().fit(stacked(known), TARGETS["orders"], 0)
    except CannotFit as error:
        return _none(horizon, f"no buying process can be fitted to the first year: {error}")
    cutoffs = tuple(_moment(day, plan) for day in windows)
    over = Windows(_assembly(cutoffs, horizon, plan.survey, True), process)
    came, expected = np.sum(list(engine.over(over, plan.as_of, plan.proving_key)), axis=0).T
    return Season(horizon, np.array(windows), index_of(came, expected))


def window_days(plan: Plan) -> list[int]:
    """Local days on which the windows of the index begin, ascending: two a horizon, whole weeks apart, the newest of
    which has just ended."""
    apart = max(7, plan.horizon_days // WINDOWS_A_HORIZON // 7 * 7)
    first = local_day(plan.survey.log_start, plan) + FIRST_WINDOW_DAYS
    newest = local_day(plan.as_of, plan) - plan.horizon_days
    if _moment(newest, plan) + days(plan.horizon_days) > plan.as_of:
        newest -= 1
    return list(range(newest, first - 1, -apart))[::-1]


def shift_at(season: Season, cutoff: int, plan: Plan) -> SeasonShift:
    """The season's shift of a forecast at a cutoff."""
    return season.shift(local_day(cutoff, plan))


def season_in_words(shift: SeasonShift) -> str:
    """What the season does to the level, or why nothing.

    >>> season_in_words(SeasonShift(0.26, "half of what last year's same weeks say", 24, 0.117, 0.082))
    "Season: +30\\xa0% on the level, half of what last year's same weeks say; at 24 earlier windows a total was missed \
by 8\\xa0% with it, by 12\\xa0% without"
    """
    if not shift.is_used:
        return f"No season is in the level: {shift.why}"
    earlier = (
        ""
        if not shift.tests
        else (
            f"; at {counted(shift.tests, 'earlier window')} a total was missed by {percent(shift.error_with)} with it, "
            f"by {percent(shift.error)} without"
        )
    )
    return f"Season: {signed_percent(math.expm1(shift.value))} on the level, {shift.why}{earlier}"


def local_day(moment: int, plan: Plan) -> int:
    """Days since 1970-01-01 of a moment, by the calendar of the plan."""
    return int(local_days(np.array([moment]), plan.timezone)[0])


def _moment(day: int, plan: Plan) -> int:
    return midnight(from_microseconds(0).date() + timedelta(days=day), plan.timezone)


def _assembly(cutoffs: tuple[int, ...], horizon_days: int, survey: Survey, labelled: bool) -> Assembly:
    return Assembly(cutoffs, horizon_days, (), survey, labelled)


def _none(horizon_days: int, cannot: str) -> Season:
    return Season(horizon_days, np.zeros(0, dtype=np.int64), np.zeros(0), cannot)
