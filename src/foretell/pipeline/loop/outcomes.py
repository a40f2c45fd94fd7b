"""Outcomes: the forecasts that were kept, graded where their time has passed, and estimated where it has not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from foretell.answers.outcomes import Outcome, outcome_of, outlook_first, ripe_from
from foretell.answers.published import PublishedRun, published
from foretell.customer_log.store import Store
from foretell.examples.plan import surveyed
from foretell.outcomes.estimates.estimate import Estimates
from foretell.outcomes.grading.grade_book import GradeBook, restatements
from foretell.outcomes.grading.graded import graded
from foretell.outcomes.grading.landed import landed
from foretell.outcomes.grading.looked_up import ESTIMATES, LookedUp, log_as_it_stands, name_of
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST, PublishedForecast
from foretell.outcomes.grading.realised import digests_of, realised, ripe_at
from foretell.pipeline.intake.log import kept_engine, kept_until
from foretell.pipeline.loop.estimating import estimates_so_far
from foretell.pipeline.privacy.forgetting import finish_forgetting
from foretell.project.errors import InputError
from foretell.project.intervals import day_of, label_window
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.storage.artefacts import Damaged
from foretell.storage.catalogue import Catalogue
from foretell.storage.kept_for_good import KeptForGood
from foretell.storage.lock import alone_at_work
from foretell.timelines.engine import Engine


@on_one_thread
def outcomes(place: Place, run: str | None, progress: Progress) -> list[Outcome]:
    """What became of every kept forecast, the newest day first, those made ahead before those that are back-dated:
    graded by the log as the last run left it, once more where late facts changed what had happened. Of those that are
    not ripe, that of each horizon with most of its window behind it is estimated. With `run` those of that run alone;
    InputError where nothing is kept of it. What the log told before is not looked up again."""
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        return _Loop(published(place).request, progress).outcomes(run)


def grade_what_ripened(run: PublishedRun, progress: Progress) -> list[Outcome]:
    """Grade what has ripened or was changed by late facts since it was graded, and say so; call it with the lock held.
    Gives what was graded now."""
    found = _Loop(run.request, progress).outcomes(None)
    news = [one for one in found if one.is_news and one.grade is not None]
    for one in news:
        progress.note(one.news)
    return news


@dataclass(frozen=True)
class _Loop:
    request: Request
    progress: Progress

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.request.place.state)

    @cached_property
    def book(self) -> GradeBook:
        return GradeBook(self.request.place.state)

    @cached_property
    def engine(self) -> Engine:
        return kept_engine(self.request)

    @cached_property
    def looked_up(self) -> LookedUp:
        settings, store = self.request.settings, Store.kept(self.request.place.state)
        digests = [file.digest for file in store.manifest.files()]
        return LookedUp(self.request.place.state, log_as_it_stands(digests, settings.value, settings.timezone))

    @cached_property
    def log_ends(self) -> int:
        told = self.looked_up.told("log ends")
        if told is None:
            self.looked_up.tell(told := str(kept_until(self.request)), "log ends")
        return int(told)

    @property
    def timezone(self) -> str:
        return self.request.settings.timezone

    def outcomes(self, run: str | None) -> list[Outcome]:
        kept = self.catalogue.kept_for_good(PUBLISHED_FORECAST.name)
        asked = [one for one in kept if run in (None, one.run)]
        if not asked:
            known = ", ".join(dict.fromkeys(one.run for one in kept)) or "none: foretell run keeps one"
            raise InputError(
                "No forecast is kept of that run." if run else "No forecast is kept here.",
                found=run,
                expected=f"one of {known}",
            )
        newest = {(one.is_back_dated, one.as_of, one.horizon_days): one.run for one in reversed(kept)}
        standing = [one for one in asked if newest[one.is_back_dated, one.as_of, one.horizon_days] == one.run]
        ripe = [one for one in standing if ripe_at(one.as_of, one.horizon_days, self.log_ends)]
        changed = self._changed(ripe)
        found = {name_of(one): self._graded(one, changed.get(name_of(one))) for one in ripe}
        waiting = outlook_first([one for one in standing if name_of(one) not in found])
        first = {one.horizon_days: one.run for one in reversed(waiting)}
        found |= {name_of(one): self._waiting(one, first[one.horizon_days] == one.run) for one in waiting}
        order = sorted(asked, key=lambda one: (one.is_back_dated, -one.as_of, one.horizon_days, -one.number))
        return [found.get(name_of(one)) or replace(outcome_of(one, self.timezone), superseded=True) for one in order]

    def _changed(self, ripe: Sequence[KeptForGood]) -> dict[tuple[str, int, str], str]:
        """Of which something else happened in their windows than when they were graded, or which never were, by what
        identifies it."""
        never = {name_of(one) for one in ripe if not self.book.grades(one.run, one.horizon_days)}
        asked = [one for one in ripe if name_of(one) in never or self.looked_up.told(*name_of(one)) is None]
        if not asked:
            return {}
        digests = digests_of(self.engine, [label_window(one.as_of, one.horizon_days) for one in asked])
        found = {}
        for one, digest in zip(asked, digests, strict=True):
            if name_of(one) not in never and digest == self.looked_up.told_last(*name_of(one)):
                self.looked_up.tell(digest, *name_of(one))
            else:
                found[name_of(one)] = digest
        return found

    def _graded(self, kept: KeptForGood, changed: str | None) -> Outcome:
        found, told = outcome_of(kept, self.timezone), self.book.grades(kept.run, kept.horizon_days)
        before = len(told)
        if changed is not None:
            try:
                forecast = self.catalogue.artefacts.read(PUBLISHED_FORECAST, kept.kept)
            except Damaged as why:
                return replace(found, damaged=str(why), grade=told[-1] if told else None)
            self._grade(kept, forecast)
            told = self.book.grades(kept.run, kept.horizon_days)
            self.looked_up.tell(changed, *name_of(kept))
        return replace(found, grade=told[-1], restated=tuple(restatements(told)), is_news=len(told) > before)

    def _grade(self, kept: KeptForGood, forecast: PublishedForecast) -> None:
        survey = surveyed(self.engine, forecast.window.end, self.timezone, self.progress)
        happened = realised(self.engine, kept.as_of, kept.horizon_days, survey)
        told = self.book.grades(kept.run, kept.horizon_days)
        known = happened.of_keys(forecast.keys)[1].fingerprint
        if not told or told[-1].fingerprint != known:
            landing = landed(self.engine, forecast, self.request.asked, survey)
            until = day_of(self.log_ends - 1, self.timezone)
            self.book.write(kept.run, kept.horizon_days, graded(forecast, happened, until, landing))

    def _waiting(self, kept: KeptForGood, is_estimated: bool) -> Outcome:
        found = replace(outcome_of(kept, self.timezone), ripe_from=ripe_from(kept, self.timezone))
        if not is_estimated:
            return found
        name = (ESTIMATES, *name_of(kept))
        told = self.looked_up.told(*name)
        if told is None:
            try:
                forecast = self.catalogue.artefacts.read(PUBLISHED_FORECAST, kept.kept)
            except Damaged as why:
                return replace(found, damaged=str(why))
            made = estimates_so_far(self.engine, forecast, self.log_ends)
            self.looked_up.tell(told := json.dumps(made.as_plain()), *name)
        return replace(found, estimates=Estimates.restored(json.loads(told)))
