"""Retraining: a challenger taught by the newest data against the version that serves, and rolling that one back where
it is shown to be worse than the one before it, or than the best baseline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from foretell.alerts.sending import send_automatic
from foretell.answers.published import published
from foretell.customer_log.roles.named_columns import columns_of
from foretell.customer_log.store import Store
from foretell.examples.plan import LastDay, moment_asked
from foretell.outcomes.retraining.challenge import decided
from foretell.outcomes.retraining.shadow import PREDECESSOR
from foretell.pipeline.exports import finish_export
from foretell.pipeline.intake.log import brought_up_to_date, kept_engine, source_of
from foretell.pipeline.loop.champion.baseline import with_baseline
from foretell.pipeline.loop.champion.new_version import Unpublished, recipe_of
from foretell.pipeline.loop.champion.ripened import Claim, claims, ripe_windows
from foretell.pipeline.loop.champion.same_recipe import served_as
from foretell.pipeline.loop.champion.shadows import of_line
from foretell.pipeline.loop.champion.unseen import comparisons
from foretell.pipeline.loop.versions import Listed, ServingNow, listed, models_in, serving
from foretell.pipeline.privacy.forgetting import finish_forgetting
from foretell.pipeline.run import finished, publish_trained, trained
from foretell.pipeline.score import by_whom, scored_by
from foretell.project.intervals import day_of
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.storage.catalogue import Catalogue
from foretell.storage.lock import alone_at_work
from foretell.timelines.bucket import buckets_of
from foretell.timelines.engine import Engine
from foretell.words.wording import count, counted, days, decimal

Decision = Literal["promoted", "kept", "rolled back", "not due"]
CHECKED = "ripe shadow scores that were checked"
"""The setting of the catalogue that says so, so that nothing is read twice."""


@dataclass(frozen=True)
class Retrained:
    """What was decided, why in plain sentences with figures, and the version that serves now (0: none has a number)."""

    decision: Decision
    said: str
    version: int

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def retrain(place: Place, progress: Progress) -> Retrained:
    """Train a challenger on the newest data, as `foretell run` would, and let it serve if it earns that: the same
    recipe unless it is significantly worse than the version that serves, another recipe only if it is significantly
    better. Only outcomes count that neither could have seen. A challenger that is not promoted is not published.
    InputError where there was no run yet."""
    done = _retrained(place, progress)
    if done.decision == "promoted":
        send_automatic(place)
    return done


@on_one_thread
def _retrained(place: Place, progress: Progress) -> Retrained:
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        finish_export(place, progress)
        before = published(place)
        champion = serving(before.catalogue)
        orders = replace(before.request.orders, columns=dict(before.main.intake.columns))
        others = tuple(one for one in before.request.sources if one.table != "orders")
        request = replace(before.request_as_of(None), sources=(orders, *others))
        if champion is not None and (same := _no_new_day(request, champion, progress)):
            return Retrained("not due", same, champion.number)
        challenger = trained(request, progress)
        if champion is None:
            return _promoted(challenger, "No version has served yet, so this one does.")
        twin = _twin(challenger)
        if twin is not None and twin.rolled_back:
            why = f"The newest data give the models of version {twin.number} again, which was rolled back."
            return Retrained("kept", f"{why} Version {champion.number} goes on serving.", champion.number)
        said = []
        for one in _challengers(challenger, champion, progress):
            differs = recipe_of(one).differences(champion.version.recipe)
            verdict = decided(comparisons(one, champion), differs, _wary(before.catalogue, champion))
            said.append(verdict.said)
            if verdict.promote:
                return _promoted(one, " ".join(said))
        return Retrained("kept", f"{' '.join(said)} Version {champion.number} goes on serving.", champion.number)


@on_one_thread
def rollback_due(place: Place, progress: Progress) -> Retrained:
    """Hold the version that serves against its predecessor and the best baseline by shadow scores whose time has
    passed, and roll it back where it is shown to be worse; the error of that is at most 5 % however often one looks. By
    the log as the last run left it."""
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        catalogue = Catalogue(place.state)
        champion = serving(catalogue)
        if champion is None:
            return Retrained("not due", "No model version serves yet.", 0)
        request, now = published(place).request, ServingNow.of(catalogue)
        kept, ends = of_line(catalogue, now.line), _log_ends(request)
        windows = ripe_windows(kept, ends)
        told = json.dumps([now.line, windows])
        if not windows or catalogue.setting(CHECKED) == told:
            return Retrained("not due", _waiting(champion, bool(kept), bool(windows)), champion.number)
        found = claims(catalogue, kept_engine(request), kept, windows)
        shown = [one for one in found if one.found.shown]
        done = _rolled_back(place, champion, shown, progress) if shown else None
        catalogue.set(CHECKED, told)
        return done or _stays(champion, found)


def _no_new_day(request: Request, champion: Listed, progress: Progress) -> str:
    """Why there is nothing new to learn; empty where there is."""
    log = brought_up_to_date(request, source_of(request), columns_of(request.orders.columns), progress)
    moment = moment_asked(request.asked, request.settings.timezone, log.last_day)
    if moment > champion.version.as_of:
        return ""
    return f"No day has come since version {champion.number} was trained, on data up to {champion.version.taught.day}."


def _promoted(challenger: Unpublished, why: str) -> Retrained:
    done = finished(publish_trained(challenger))
    number = ServingNow.of(done.run.catalogue).version
    return Retrained("promoted", f"{why} Version {number} serves from now on.", number)


def _challengers(newest: Unpublished, champion: Listed, progress: Progress) -> Iterator[Unpublished]:
    """What the newest data make, and where their proof chose other models the champion's own on the newest data too: a
    tie that tips over must not keep a recipe from what is new."""
    yield newest
    again = served_as(newest, champion, progress)
    if again is not None:
        yield again


def _twin(challenger: Unpublished) -> Listed | None:
    models = models_in(challenger.made)
    return next((one for one in listed(challenger.catalogue) if one.version.models == models), None)


def _wary(catalogue: Catalogue, champion: Listed) -> str:
    """Why the same recipe is not taken on trust: what came after the champion was rolled back."""
    gone = [one for one in listed(catalogue) if one.rolled_back and one.version.as_of > champion.version.as_of]
    return f"version {gone[0].number} of it was rolled back on {gone[0].rolled_back}" if gone else ""


def _log_ends(request: Request) -> int:
    everything = Engine(buckets_of(Store.kept(request.place.state), request.settings.value))
    return LastDay.of(everything).as_of(request.settings.timezone)


def _rolled_back(place: Place, champion: Listed, shown: Sequence[Claim], progress: Progress) -> Retrained | None:
    """Let what is better serve: of several the one that was ahead by most. None where nothing of it is there."""
    before = published(place)
    catalogue, day = before.catalogue, day_of(before.record.as_of, before.request.settings.timezone)
    said = " ".join(_sentence(one, champion) for one in shown)
    for claim in sorted(shown, key=lambda one: -one.found.worse):
        other = _other(catalogue, champion, claim.against, said)
        if other is None:
            continue
        now = ServingNow.of(catalogue).taken_over(other.number, same_line=False)
        now = replace(now, rolled_back={**now.rolled_back, str(champion.number): day})
        scored_by(by_whom(before, other), None, now, progress)
        who = "the best baseline, as version" if other.version.stands_for == champion.number else "version"
        return Retrained("rolled back", f"{said} Rolled back to {who} {other.number}.", other.number)
    return None


def _other(catalogue: Catalogue, champion: Listed, against: str, why: str) -> Listed | None:
    if against == PREDECESSOR:
        known = (one for one in listed(catalogue) if one.number == champion.version.predecessor)
        return next((one for one in known if one.can_serve), None)
    return with_baseline(catalogue, champion, why)


def _stays(champion: Listed, found: Sequence[Claim]) -> Retrained:
    told = " ".join(_sentence(one, champion) for one in found)
    return Retrained("kept", f"{told} Version {champion.number} goes on serving.", champion.number)


def _sentence(claim: Claim, champion: Listed) -> str:
    found, other = claim.found, "its predecessor" if claim.against == PREDECESSOR else "the best baseline"
    bounds = "" if found.low is None else f" ({decimal(found.low, 4)} to {decimal(found.high, 4)} at any look)"
    shown = "shown to be worse" if found.shown else "not shown to be worse"
    return (
        f"Over {days(claim.horizon_days)} version {champion.number} is {shown} than {other}: its log loss less that of "
        f"the other is {decimal(found.worse, 4)}{bounds}, in {counted(found.looks, 'window')} with {count(found.rows)} "
        f"outcomes of {counted(found.customers, 'customer')}."
    )


def _waiting(champion: Listed, are_kept: bool, are_ripe: bool) -> str:
    if are_ripe:
        return f"No shadow score has ripened since version {champion.number} was checked last."
    if are_kept:
        return f"No shadow score of version {champion.number} is ripe yet."
    return f"No shadow scores of version {champion.number} are kept: there is nothing to hold it against."
