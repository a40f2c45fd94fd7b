"""Outcomes: the forecasts that were kept, graded where their time has passed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from foretell.answers.outcomes import Outcome
from foretell.answers.published import published
from foretell.customer_log.store import Store
from foretell.examples.plan import LastDay, surveyed
from foretell.outcomes.grading.grade_book import GradeBook, restatements
from foretell.outcomes.grading.graded import graded
from foretell.outcomes.grading.landed import landed
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST, PublishedForecast
from foretell.outcomes.grading.realised import realised, ripe_at
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.privacy.forgetting import finish_forgetting
from foretell.project.errors import InputError
from foretell.project.intervals import day_of, from_microseconds, label_window
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.project.request import Asked, Request
from foretell.storage.artefacts import Damaged
from foretell.storage.catalogue import Catalogue
from foretell.storage.kept_for_good import KeptForGood
from foretell.storage.lock import alone_at_work
from foretell.timelines.bucket import buckets_of
from foretell.timelines.engine import Engine


@on_one_thread
def outcomes(place: Place, run: str | None, progress: Progress) -> list[Outcome]:
    """What became of every kept forecast, the newest day first: graded by the log as the last run left it, once more
    where late facts changed what had happened. With `run` those of that run alone; InputError where nothing is kept of
    it."""
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        catalogue = Catalogue(place.state)
        request, kept = published(place).request, catalogue.kept_for_good(PUBLISHED_FORECAST.name)
        found = [one for one in kept if run in (None, one.run)]
        if not found:
            known = ", ".join(dict.fromkeys(one.run for one in kept)) or "none: foretell run keeps one"
            raise InputError(
                "No forecast is kept of that run." if run else "No forecast is kept here.",
                found=run,
                expected=f"one of {known}",
            )
        newest = {(one.as_of, one.horizon_days): one.run for one in reversed(kept)}
        grading = _Grading.of(catalogue, request, progress)
        return [
            grading.outcome(one, superseded=newest[one.as_of, one.horizon_days] != one.run)
            for one in sorted(found, key=lambda one: (-one.as_of, one.horizon_days, -one.number))
        ]


@dataclass(frozen=True)
class _Grading:
    catalogue: Catalogue
    book: GradeBook
    engine: Engine
    log_ends: int
    asked: Asked
    timezone: str
    progress: Progress

    @classmethod
    def of(cls, catalogue: Catalogue, request: Request, progress: Progress) -> _Grading:
        zone = request.settings.timezone
        everything = Engine(buckets_of(Store.kept(catalogue.state), request.settings.value))
        last_day = LastDay.of(everything)
        engine, book = kept_engine(request), GradeBook(catalogue.state)
        return cls(catalogue, book, engine, last_day.as_of(zone), request.asked, zone, progress)

    def outcome(self, kept: KeptForGood, superseded: bool) -> Outcome:
        day = day_of(kept.as_of, self.timezone)
        found = Outcome(kept.run, day, kept.horizon_days, superseded=superseded)
        if not ripe_at(kept.as_of, kept.horizon_days, self.log_ends):
            return replace(found, ripe_from=_ripe_from(kept, self.timezone))
        try:
            forecast = self.catalogue.artefacts.read(PUBLISHED_FORECAST, kept.kept)
        except Damaged as why:
            return replace(found, damaged=str(why))
        found = replace(found, forecast=forecast, currency=forecast.currency)
        return found if superseded else self._graded(found, kept, forecast)

    def _graded(self, found: Outcome, kept: KeptForGood, forecast: PublishedForecast) -> Outcome:
        survey = surveyed(self.engine, forecast.window.end, self.timezone, self.progress)
        happened = realised(self.engine, kept.as_of, kept.horizon_days, survey)
        told = self.book.grades(kept.run, kept.horizon_days)
        known = happened.of_keys(forecast.keys)[1].fingerprint
        if not told or told[-1].fingerprint != known:
            landing = landed(self.engine, forecast, self.asked, survey)
            told.append(graded(forecast, happened, day_of(self.log_ends - 1, self.timezone), landing))
            self.book.write(kept.run, kept.horizon_days, told[-1])
        return replace(found, grade=told[-1], restated=tuple(restatements(told)))


def _ripe_from(kept: KeptForGood, timezone: str) -> str:
    """The first midnight at which a log that is complete up to it holds the whole window."""
    last = from_microseconds(label_window(kept.as_of, kept.horizon_days).end - 1, timezone)
    return (last.date() + timedelta(days=1)).isoformat()
