"""Scoring again: everybody at a new date, by the model version that serves, without training."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from foretell.answers.published import PublishedRun, published
from foretell.customer_log.roles.named_columns import columns_of
from foretell.examples.plan import moment_asked, plan_of, surveyed
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE
from foretell.outcomes.retraining.model_version import MODEL_VERSION
from foretell.outcomes.retraining.shadow import SHADOW_SCORES
from foretell.pipeline.exports import export, finish_export
from foretell.pipeline.first_look import FIRST_LOOK
from foretell.pipeline.intake.log import Log, brought_up_to_date, somebody, source_of
from foretell.pipeline.loop.champion.new_version import Unpublished, with_shadow
from foretell.pipeline.loop.versions import Listed, ServingNow, serving, version_of
from foretell.pipeline.passage import passed
from foretell.pipeline.privacy.forgetting import finish_forgetting
from foretell.pipeline.run import RunDone, cuts_of_project, facts_over, publish
from foretell.pipeline.steps import STEPS
from foretell.project.errors import InputError
from foretell.project.intervals import day_of
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.scores.customers import SCORES
from foretell.scores.side_by_side import lost_features
from foretell.storage.artefacts import Artefacts, Damaged, Kept
from foretell.storage.catalogue import Catalogue
from foretell.storage.lock import alone_at_work
from foretell.storage.work import Work
from foretell.words.wording import joined


@on_one_thread
def score(place: Place, as_of: str | None, progress: Progress) -> RunDone:
    """Bring the log up to date, score at `as_of` (default: the end of the data), publish, and write the files."""
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        finish_export(place, progress)
        before = published(place)
        return scored_by(by_whom(before, serving(before.catalogue)), as_of, None, progress)


@on_one_thread
def serve(place: Place, version: int, progress: Progress) -> RunDone:
    """Let a listed version serve from now on, and score everybody by it at the end of the data. InputError where it is
    not listed, or cannot serve any more."""
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        finish_export(place, progress)
        catalogue = Catalogue(place.state)
        chosen = version_of(catalogue, version)
        now = ServingNow.of(catalogue).taken_over(chosen.number, same_line=False)
        return scored_by(by_whom(published(place), chosen), None, now, progress)


@dataclass(frozen=True)
class ByWhom:
    """Who scores: the newest run, the request to be answered, the results of the training run by horizon and name, the
    horizons, the main one first, and the day of training. `version` is None of runs that came before versions."""

    before: PublishedRun
    request: Request
    made: Mapping[tuple[int, str], Kept]
    horizons: tuple[int, ...]
    trained: str
    version: Listed | None


def by_whom(before: PublishedRun, version: Listed | None) -> ByWhom:
    """The version, asked what it was asked when it was trained; the models of the newest run without one."""
    record = before.record
    own = record.artefacts.get((record.horizons[0], MODEL_VERSION.name))
    if version is None or own == version.parts.get((version.horizons[0], MODEL_VERSION.name)):
        return ByWhom(before, before.request, record.artefacts, record.horizons, record.asked["trained_as_of"], version)
    asked = Request.of_plain(json.loads(version.version.request), before.request.place, before.request.now)
    request = replace(before.request, asked=asked.asked, settings=asked.settings)
    trained = day_of(version.version.as_of, asked.settings.timezone)
    return ByWhom(before, request, version.made(before.catalogue.artefacts), version.horizons, trained, version)


def scored_by(who: ByWhom, as_of: str | None, now: ServingNow | None, progress: Progress) -> RunDone:
    """Score, publish and write the files; call it with the lock held. `now` says that another version takes over."""
    before, catalogue = who.before, who.before.catalogue
    request = replace(who.request, asked=replace(who.request.asked, as_of=as_of))
    log = brought_up_to_date(request, source_of(request), columns_of(before.main.intake.columns), progress)
    moment = moment_asked(request.asked, request.settings.timezone, log.last_day)
    survey = surveyed(log.engine, moment, request.settings.timezone, progress)
    somebody(log, survey, moment)
    plans = [plan_of(survey, moment, request.asked, days, log.last_day) for days in who.horizons]
    if plans[0].as_of_day() < who.trained:
        raise InputError(
            "The models that serve know what happened after that day.",
            found=f"as of {plans[0].as_of_day()}, models taught as of {who.trained}",
            expected=f"a day from {who.trained} on",
            hint=f"foretell run --as-of {plans[0].as_of_day()} trains models for that day",
        )
    artefacts = Artefacts(request.place.state, progress.note)
    _refuse_lost_features(artefacts, who, log)
    cuts = cuts_of_project(catalogue, artefacts, progress)
    work, daily = Work(request.settings.seed, request.workers, progress), [step for step in STEPS if step.daily]
    made, shorter = dict[tuple[int, str], Kept](), None
    for plan in sorted(plans, key=lambda one: one.horizon_days):
        own = {name: kept for (days, name), kept in who.made.items() if days == plan.horizon_days}
        there = {name: kept for name, kept in own.items() if name not in (FIRST_LOOK.name, SHADOW_SCORES.name)}
        found = passed(daily, facts_over(log, plan, cuts, shorter), artefacts, work, there)
        made |= {(plan.horizon_days, name): kept for name, kept in found.items()}
        shorter = found[SCORES.name]
    settled = Unpublished(catalogue, log, plans, made)
    if who.version is not None:
        now = (now or ServingNow.of(catalogue)).scored(plans[0].as_of_day())
        made = dict(with_shadow(settled, made, who.version.version, now))
    run = publish(catalogue, log.request, plans, made, who.trained, now)
    return RunDone(run, export(run), ())


def _refuse_lost_features(artefacts: Artefacts, who: ByWhom, log: Log) -> None:
    kept = who.made.get((who.horizons[0], MODELS_THAT_SERVE.name))
    try:
        lost = lost_features(log.engine, artefacts.read(MODELS_THAT_SERVE, kept)) if kept else []
    except Damaged:
        return
    if lost:
        raise InputError(
            "The models that serve learned from what the log does not hold any more.",
            found=joined(lost),
            expected="the tables that they learned from",
            hint="foretell run trains models without them; foretell model versions lists others",
        )
