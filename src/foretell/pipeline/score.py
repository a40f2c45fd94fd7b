"""Scoring again: everybody at a new date, by the models that the last run left, without training."""

from __future__ import annotations

from foretell.answers.published import published
from foretell.customer_log.roles.named_columns import columns_of
from foretell.examples.plan import moment_asked, plan_of, surveyed
from foretell.pipeline.exports import export, finish_export
from foretell.pipeline.first_look import FIRST_LOOK
from foretell.pipeline.intake.log import brought_up_to_date, somebody, source_of
from foretell.pipeline.loop.outcomes import grade_what_ripened
from foretell.pipeline.passage import passed
from foretell.pipeline.privacy.forgetting import finish_forgetting
from foretell.pipeline.run import RunDone, cuts_of_project, facts_over, publish
from foretell.pipeline.steps import STEPS
from foretell.project.errors import InputError
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.scores.customers import SCORES
from foretell.storage.artefacts import Artefacts, Kept
from foretell.storage.lock import alone_at_work
from foretell.storage.work import Work


@on_one_thread
def score(place: Place, as_of: str | None, progress: Progress) -> RunDone:
    """Bring the log up to date, score at `as_of` (default: the end of the data), publish, and write the files."""
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        finish_export(place, progress)
        return _scored(place, as_of, progress)


def _scored(place: Place, as_of: str | None, progress: Progress) -> RunDone:
    before = published(place)
    request = before.request_as_of(as_of)
    log = brought_up_to_date(request, source_of(request), columns_of(before.main.intake.columns), progress)
    moment = moment_asked(request.asked, request.settings.timezone, log.last_day)
    survey = surveyed(log.engine, moment, request.settings.timezone, progress)
    somebody(log, survey, moment)
    plans = [plan_of(survey, moment, request.asked, days, log.last_day) for days in before.record.horizons]
    trained = before.record.asked["trained_as_of"]
    if plans[0].as_of_day() < trained:
        raise InputError(
            "The models that serve know what happened after that day.",
            found=f"as of {plans[0].as_of_day()}, models taught as of {trained}",
            expected=f"a day from {trained} on",
            hint=f"foretell run --as-of {plans[0].as_of_day()} trains models for that day",
        )
    artefacts = Artefacts(place.state, progress.note)
    cuts = cuts_of_project(before.catalogue, artefacts, progress)
    work, daily = Work(request.settings.seed, request.workers, progress), [step for step in STEPS if step.daily]
    made, shorter = dict[tuple[int, str], Kept](), None
    for plan in sorted(plans, key=lambda one: one.horizon_days):
        own = {name: kept for (days, name), kept in before.record.artefacts.items() if days == plan.horizon_days}
        there = {name: kept for name, kept in own.items() if name != FIRST_LOOK.name}
        found = passed(daily, facts_over(log, plan, cuts, shorter), artefacts, work, there)
        made |= {(plan.horizon_days, name): kept for name, kept in found.items()}
        shorter = found[SCORES.name]
    run = publish(before.catalogue, log.request, plans, made, trained)
    grade_what_ripened(run, progress)
    return RunDone(run, export(run), ())
