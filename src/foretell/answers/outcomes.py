"""What became of a forecast, as the screen, JSON and the report say it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from foretell.answers.loop.estimate_words import as_told
from foretell.answers.published import RunOverHorizon
from foretell.outcomes.estimates.estimate import Estimates
from foretell.outcomes.grading.grade import Grade
from foretell.outcomes.grading.grade_book import GradeBook, Restatement, restatements
from foretell.outcomes.grading.looked_up import ESTIMATES, LookedUp, name_of
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.project.intervals import day_of, days, from_microseconds, label_window
from foretell.storage.kept_for_good import KeptForGood
from foretell.words.wording import counted


@dataclass(frozen=True)
class Outcome:
    """A kept forecast and its grade: None with `ripe_from`, the day on which it can be graded, where its time has not
    passed, or with `damaged` where what was kept cannot be read. `superseded` says that a later run of the same day and
    horizon is graded in its place; `restated` is what late facts changed; `estimates` are there of a forecast that is
    estimated before it is ripe. It was made on the day `made_on`, by the clock, when the log was complete up to
    `known_until` (empty: not known); a `back_dated` one speaks of days that the log held already. `is_news` says that
    it was graded just now."""

    run: str
    as_of: str
    horizon_days: int
    grade: Grade | None = None
    restated: tuple[Restatement, ...] = ()
    ripe_from: str = ""
    damaged: str = ""
    superseded: bool = False
    estimates: Estimates | None = None
    made_on: str = ""
    known_until: str = ""
    back_dated: bool = False
    is_news: bool = False

    @property
    def when_made(self) -> str:
        """When a back-dated forecast was made, and what the log held by then."""
        made = f"made on {self.made_on}" if self.made_on else "made"
        return f"back-dated: {made}, when the log reached {self.known_until}"

    @property
    def news(self) -> str:
        """That it was graded, or graded once more, in a line."""
        name = f"The forecast as of {self.as_of} over {counted(self.horizon_days, 'day')}"
        if len(self.restated):
            return f"{name} was graded anew. {self.restated[-1].sentence}"
        return f"{name} met its outcome: foretell outcomes --run {self.run}"

    def as_json(self) -> dict[str, Any]:
        """Plain values; nothing of single customers."""
        return {
            "run": self.run,
            "as_of": self.as_of,
            "horizon_days": self.horizon_days,
            "made_on": self.made_on or None,
            "log_known_until": self.known_until or None,
            "back_dated": self.back_dated,
            "superseded": self.superseded,
            "ripe_from": self.ripe_from or None,
            "damaged": self.damaged or None,
            "restated": [one.sentence for one in self.restated],
            "promise_missing": self.grade.promise_missing or None if self.grade else None,
            "grade": self.grade.as_plain() if self.grade else None,
            "verdicts": [
                {"objective": one.objective, "slice": one.slice, "metric": one.metric, "verdict": one.verdict}
                for one in (self.grade.figures if self.grade else ())
                if one.verdict
            ],
            "estimates": as_told(self.estimates) if self.estimates else None,
        }


def newest_graded(found: Sequence[Outcome]) -> Outcome | None:
    """The graded forecast of the newest day among those made ahead; among those that are back-dated where none of them
    is graded; None where none is."""
    graded = [one for one in found if one.grade is not None]
    return next((one for one in graded if not one.back_dated), next(iter(graded), None))


def estimated(found: Sequence[Outcome]) -> Outcome | None:
    """The forecast that is estimated before it is ripe; None without one."""
    return next((one for one in found if one.estimates is not None), None)


def outlook_first(waiting: Sequence[KeptForGood]) -> list[KeptForGood]:
    """Forecasts that are not ripe: the one first that is worth an estimate most. Made ahead before back-dated, and the
    one of the oldest day, of whose window most has passed."""
    return sorted(waiting, key=lambda one: (one.is_back_dated, one.as_of, -one.horizon_days, -one.number))


def graded_before(run: RunOverHorizon) -> Outcome | None:
    """The newest graded forecast over the same horizon of an earlier day than the run's, as it was last graded, those
    made ahead first; None without one. Nothing is graded here."""
    catalogue, book = run.run.catalogue, GradeBook(run.run.catalogue.state)
    kept = [one for one in catalogue.kept_for_good(PUBLISHED_FORECAST.name) if one.horizon_days == run.horizon_days]
    for one in sorted(kept, key=lambda one: (one.is_back_dated, -one.as_of, -one.number)):
        grades = book.grades(one.run, one.horizon_days)
        if grades and one.as_of < run.plan.as_of and grades[-1].known_until <= run.plan.as_of_day():
            found = outcome_of(one, run.plan.timezone)
            return replace(found, grade=grades[-1], restated=tuple(restatements(grades)))
    return None


def estimated_before(run: RunOverHorizon) -> Outcome | None:
    """The forecast over the same horizon of an earlier day than the run's that is estimated before it is ripe, as it
    was when the run was made; None without one. Nothing is estimated here."""
    catalogue, timezone = run.run.catalogue, run.plan.timezone
    kept = [one for one in catalogue.kept_for_good(PUBLISHED_FORECAST.name) if one.horizon_days == run.horizon_days]
    for one in outlook_first([one for one in kept if one.as_of < run.plan.as_of < one.as_of + days(one.horizon_days)]):
        told = LookedUp(catalogue.state, "").told_last(ESTIMATES, *name_of(one))
        found = Estimates.restored(json.loads(told)) if told else Estimates()
        if found.day and one.as_of + days(found.day) <= run.plan.as_of:
            return replace(outcome_of(one, timezone), ripe_from=ripe_from(one, timezone), estimates=found)
    return None


def ripe_from(kept: KeptForGood, timezone: str) -> str:
    """The first midnight at which a log that is complete up to it holds the whole window."""
    last = from_microseconds(label_window(kept.as_of, kept.horizon_days).end - 1, timezone)
    return (last.date() + timedelta(days=1)).isoformat()


def outcome_of(kept: KeptForGood, timezone: str) -> Outcome:
    """A kept forecast of which nothing is said yet but when it was made."""
    return Outcome(
        kept.run,
        day_of(kept.as_of, timezone),
        kept.horizon_days,
        made_on=day_of(kept.kept_at, timezone) if kept.kept_at else "",
        known_until=day_of(kept.known_until, timezone) if kept.known_until else "",
        back_dated=kept.is_back_dated,
    )
