"""The run: from files to proved, explained scores, published as a run of the catalogue and written as files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from foretell.alerts.alert import Alert
from foretell.alerts.sending import send_automatic
from foretell.answers.published import PublishedRun, as_published, published
from foretell.examples.plan import Plan, moment_asked, plan_of, surveyed
from foretell.pipeline.alerts import watch
from foretell.pipeline.declared_names import refuse_unknown_names
from foretell.pipeline.exports import export, finish_export
from foretell.pipeline.facts import RunFacts
from foretell.pipeline.intake.columns import Ask, settled_columns
from foretell.pipeline.intake.log import Log, brought_up_to_date, somebody, source_of
from foretell.pipeline.loop.champion.new_version import Unpublished, versioned
from foretell.pipeline.loop.champion.shadows import drop_other_lines
from foretell.pipeline.loop.keeping import KEPT_FOR_GOOD
from foretell.pipeline.loop.versions import VERSIONS_KEEP, ServingNow, drop_unlisted, is_new
from foretell.pipeline.passage import passed
from foretell.pipeline.privacy.forgetting import finish_forgetting
from foretell.pipeline.steps import STEPS
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.scores.customers import SCORES
from foretell.segments.movement.cut_points import CUTS, PLACE_OF_CUTS, KeptCuts, to_be_fitted_anew
from foretell.segments.movement.sets import are_settled
from foretell.storage.artefacts import Artefacts, Damaged, Kept
from foretell.storage.catalogue import Catalogue
from foretell.storage.lock import alone_at_work
from foretell.storage.work import Work

REFIT = "refit"
"""The setting of the catalogue that says that segments are to be cut anew."""


@dataclass(frozen=True)
class RunDone:
    """A published run, its files by name, and the alerts that it raised."""

    run: PublishedRun
    files: Mapping[str, Path]
    alerts: tuple[Alert, ...]


def run(request: Request, progress: Progress, ask: Ask | None = None) -> RunDone:
    """Run a request, publish it and write its files; `ask` puts a question to a person, None where nobody can be asked.
    What an earlier run finished is read, not made again."""
    with alone_at_work(request.place.state):
        finish_forgetting(request.place, progress)
        finish_export(request.place, progress)
        done = finished(published_run(request, progress, ask))
    send_automatic(done.run.request.place)
    return done


def finished(found: PublishedRun) -> RunDone:
    """Write the files of a published run, and hold its scores against the rules that watch them."""
    return RunDone(found, export(found), tuple(watch(found).alerts))


@on_one_thread
def published_run(request: Request, progress: Progress, ask: Ask | None = None) -> PublishedRun:
    """Bring the log up to date, pass through the steps over each horizon, and publish: the models serve from then on,
    as a version of their own."""
    return publish_trained(trained(request, progress, ask))


def trained(request: Request, progress: Progress, ask: Ask | None = None) -> Unpublished:
    """Bring the log up to date and pass through the steps over each horizon; nothing is published."""
    refuse_unknown_names(request)
    files = source_of(request)
    columns, settled = settled_columns(files, request, ask)
    log = brought_up_to_date(settled, files, columns, progress)
    return made_over(log, planned(log, progress), {}, progress)


def made_over(
    log: Log, plans: Sequence[Plan], settled: Mapping[tuple[int, str], Kept], progress: Progress
) -> Unpublished:
    """What the steps make over each horizon; `settled` are results, by horizon and name, that are taken as they are."""
    request = log.request
    catalogue = Catalogue(request.place.state)
    artefacts = Artefacts(request.place.state, progress.note)
    work = Work(request.settings.seed, request.workers, progress)
    cuts, made, shorter = cuts_of_project(catalogue, artefacts, progress), dict[tuple[int, str], Kept](), None
    for plan in sorted(plans, key=lambda one: one.horizon_days):
        own = {name: kept for (days, name), kept in settled.items() if days == plan.horizon_days}
        facts = facts_over(log, plan, cuts, shorter)
        found = passed(STEPS, replace(facts, settled={**facts.settled, **own}), artefacts, work)
        made |= {(plan.horizon_days, name): kept for name, kept in found.items()}
        shorter = found[SCORES.name]
        cuts = cuts or _own_cuts(artefacts, found[CUTS.name])
    return Unpublished(catalogue, log, plans, made)


def publish_trained(found: Unpublished) -> PublishedRun:
    """Publish a training run as the model version that it is, which serves from then on."""
    one = versioned(found)
    return publish(found.catalogue, found.log.request, found.plans, one.made, now=one.now)


def planned(log: Log, progress: Progress) -> list[Plan]:
    """The plan over each horizon, the main one first; ShortHistory where nobody ordered before the date."""
    asked, timezone = log.request.asked, log.request.settings.timezone
    as_of = moment_asked(asked, timezone, log.last_day)
    survey = surveyed(log.engine, as_of, timezone, progress)
    somebody(log, survey, as_of)
    plans = [plan_of(survey, as_of, asked, days, log.last_day) for days in asked.horizons or (None,)]
    return list({plan.horizon_days: plan for plan in reversed(plans)}.values())[::-1]


def publish(
    catalogue: Catalogue,
    request: Request,
    plans: Sequence[Plan],
    made: Mapping[tuple[int, str], Kept],
    trained_as_of: str | None = None,
    now: ServingNow | None = None,
) -> PublishedRun:
    """Write the run into the catalogue, and remove what no kept run names. Cut points are kept for the runs to come,
    unless those of a later day are kept already. `trained_as_of` is the day of the models, else that of the run; `now`
    says which version serves from here on (None: that stays)."""
    main = plans[0]
    settled = replace(request, asked=replace(request.asked, horizons=tuple(plan.horizon_days for plan in plans)))
    asked = {
        "request": settled.as_plain(),
        "horizons": [plan.horizon_days for plan in plans],
        "trained_as_of": trained_as_of or main.as_of_day(),
    }
    for_good = (*KEPT_FOR_GOOD, *VERSIONS_KEEP) if is_new(catalogue, made) else KEPT_FOR_GOOD
    record = catalogue.publish(main.as_of, asked, made, for_good, now.settings() if now else {})
    keep_cuts(catalogue, made[main.horizon_days, CUTS.name])
    drop_unlisted(catalogue)
    drop_other_lines(catalogue, ServingNow.of(catalogue).line)
    kept = catalogue.setting(PLACE_OF_CUTS)
    catalogue.tidy([_as_kept(kept).folder] if kept else [])
    return as_published(catalogue, record, request.place)


def facts_over(log: Log, plan: Plan, cuts: ProjectCuts | None, shorter: Kept | None) -> RunFacts:
    """What the steps are given over one horizon; cut points that suit are taken as they are."""
    own = cuts.cuts if cuts else None
    settled = {CUTS.name: cuts.kept} if cuts and are_settled(own, plan, log.request.asked) else {}
    return RunFacts(log.request, log.engine, log.intake, plan, own, shorter, settled)


@dataclass(frozen=True)
class ProjectCuts:
    """The cut points that a project keeps from run to run, and where they stand."""

    cuts: KeptCuts
    kept: Kept


def cuts_of_project(catalogue: Catalogue, artefacts: Artefacts, progress: Progress) -> ProjectCuts | None:
    """The cut points that earlier runs kept; None without any, or where they are damaged, which is told."""
    kept = catalogue.setting(PLACE_OF_CUTS)
    if kept is None:
        if not artefacts.is_empty and not catalogue.runs():
            progress.note("Finished steps are here, but no catalogue of runs: segments are cut anew.")
        return None
    try:
        cuts = _own_cuts(artefacts, _as_kept(kept))
    except Damaged as why:
        progress.note(f"The kept cut points of segments are damaged ({why}): segments are cut anew.")
        return None
    return replace(cuts, cuts=to_be_fitted_anew(cuts.cuts)) if catalogue.setting(REFIT) else cuts


def keep_cuts(catalogue: Catalogue, made: Kept) -> None:
    """Keep the cut points of a run for those to come, unless those that are kept were not all known on its day."""
    before = catalogue.setting(PLACE_OF_CUTS)
    try:
        kept = catalogue.artefacts.read(CUTS, _as_kept(before)) if before else None
        own = catalogue.artefacts.read(CUTS, made)
    except Damaged:
        kept = own = None
    is_refit = catalogue.setting(REFIT) is not None
    known = kept is None or own is None or kept.known_at(max(own.fitted_at, own.newest_at))
    if known or is_refit:
        catalogue.set(PLACE_OF_CUTS, json.dumps(asdict(made)))
    catalogue.set(REFIT, None)


def refit(place: Place) -> str:
    """Let the next run cut segments anew; says what was recorded."""
    published(place).catalogue.set(REFIT, "asked")
    return "The next run cuts all segments anew; that is recorded beside the cut points."


def _own_cuts(artefacts: Artefacts, kept: Kept) -> ProjectCuts:
    return ProjectCuts(artefacts.read(CUTS, kept), kept)


def _as_kept(text: str) -> Kept:
    return Kept(**json.loads(text))
