"""Forgetting a customer: out of the log, the runs, the alerts and the results, and not let in again.

First a keyed hash of the person goes onto the block list, marked as unfinished; then everything is deleted, in an order
in which nobody who only reads can still find the person. What was interrupted is finished by the next command that
works in the folder, which knows of the hash alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from foretell.actions.assignments import Assignments
from foretell.actions.campaign_files import rows_forgotten
from foretell.alerts.state import FILE_NAME as ALERTS
from foretell.alerts.state import AlertState
from foretell.customer_log.erasure.forgotten import BlockList, Forgotten
from foretell.customer_log.erasure.rewriting import InSources, log_without
from foretell.customer_log.files.source_files import FRAME
from foretell.customer_log.identities.linked_ids import linked_to, parts_of
from foretell.customer_log.store import Store
from foretell.delivery.ledger import FILE_NAME as LEDGER
from foretell.delivery.ledger import Ledger
from foretell.delivery.pushes.ledger import PushLedger
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.outcomes.retraining.shadow import SHADOW_SCORES
from foretell.pipeline.exports import files_of_runs, folders_of_results
from foretell.pipeline.loop.versions import models_dropped
from foretell.pipeline.privacy.names import emails_of, is_in_log, key_of, unknown
from foretell.pipeline.privacy.sources import in_sources
from foretell.project.errors import InputError
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.segments.movement.cut_points import PLACE_OF_CUTS
from foretell.storage.artefacts import Artefact, Damaged
from foretell.storage.catalogue import Catalogue
from foretell.storage.lock import alone_at_work


@dataclass(frozen=True)
class Forgetting:
    """What was done: `rows` removed from the log by table, `runs` and `files` of results deleted, `alerts` that named
    the customer, messages `emptied` and `unsent`, `assignments` of campaigns whose id was erased, `pushes` how often
    the ledger of pushes named them; `in_sources` are rows of the customer that the user's own files still hold, by
    file. `already` says that the customer had been forgotten before. `parts` are those of an account that was
    forgotten: they stay, as customers of their own. `also` are the other names that were forgotten with the id, and
    `unread` the files that could not be looked through."""

    already: bool
    rows: Mapping[str, int]
    runs: int
    files: tuple[str, ...]
    alerts: int
    emptied: int
    unsent: int
    in_sources: Mapping[str, int]
    parts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    assignments: int = 0
    pushes: int = 0


@on_one_thread
def forget(place: Place, customer: str, asked: Request | None, progress: Progress) -> Forgetting:
    """Forget a customer for good; `asked` says which files are read now, where a declaration does (None: those of the
    newest run). InputError for a customer of whom nothing is known."""
    key = key_of(customer)
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        blocked = BlockList(place.state)
        store, request = Store.kept(place.state).as_read(), asked or asked_last(place)
        known = blocked.read()
        if person := int(known.of_ids(_texts([customer]))[0]):
            found = in_sources(request, known.only(person)) if request else InSources()
            return Forgetting(True, {}, 0, (), 0, 0, 0, found.rows, unread=found.unread)
        if not is_in_log(store, key):
            raise unknown(customer, store)
        ids = [customer, *linked_to(store, customer)]
        names = [*ids, *(email for one in ids for email in emails_of(store, key_of(one)))]
        parts = tuple(parts_of(store, customer))
        blocked.add(names, json.dumps(request.as_plain()) if request else "")
        return replace(_deleted(place, request, progress), parts=parts, also=tuple(sorted({*names} - {customer})))


def finish_forgetting(place: Place, progress: Progress) -> None:
    """Finish what a forgetting left that was stopped; call it with the lock held, before anything else is done."""
    unfinished = BlockList(place.state).unfinished()
    if unfinished:
        asked = next((one for one in unfinished.values() if one), "")
        request = Request.of_plain(json.loads(asked), place, 0) if asked else None
        _deleted(place, request, progress)
        progress.note("A customer was being forgotten when the command was stopped: that is finished now.")


def _deleted(place: Place, request: Request | None, progress: Progress) -> Forgetting:
    """Delete all that is left of those on the block list, each step as often as it is asked."""
    blocked, catalogue, done = BlockList(place.state), Catalogue(place.state), dict[str, Any]()
    people = blocked.read()
    found = in_sources(request, people) if request else InSources()
    steps: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("forecasts", lambda: _forecasts_without(catalogue, people)),
        ("models", lambda: models_dropped(catalogue)),
        ("runs", lambda: _runs_deleted(catalogue)),
        ("files", lambda: _files_deleted(catalogue, place)),
        ("alerts", lambda: AlertState(place.state / ALERTS).forget(lambda ids: people.of_ids(_texts(ids)) > 0)),
        ("assignments", lambda: Assignments(place.state).forget(lambda ids: people.of_ids(ids) > 0)),
        ("campaign_files", lambda: _campaigns_without(catalogue, place, people)),
        ("messages", lambda: Ledger(place.state / LEDGER).forget(people.in_texts)),
        ("pushes", lambda: PushLedger(place.state).forget(people.in_texts)),
        ("rows", lambda: log_without(Store.kept(place.state), people, found)),
        ("frame", lambda: _frame_without(place.state / FRAME, request, people)),
    )
    progress.step("Forgetting", len(steps))
    for name, step in steps:
        done[name] = step()
        progress.advance()
    blocked.finished()
    emptied, unsent = done["messages"]
    left = in_sources(request, people.only(max(people.people.values()))) if request else InSources()
    gone = (done["rows"], done["runs"], done["files"], done["alerts"])
    counts = {name: done[name] for name in ("assignments", "pushes")}
    return Forgetting(False, *gone, emptied, unsent, left.rows, unread=left.unread, **counts)


def _forecasts_without(catalogue: Catalogue, people: Forgotten) -> None:
    """The forecasts and shadow scores that are kept for good, written anew without these people; one that is damaged
    goes as a whole. The former folders go when the runs are deleted."""
    kinds: tuple[Artefact[Any], ...] = (PUBLISHED_FORECAST, SHADOW_SCORES)
    for kind, one in [(each, one) for each in kinds for one in catalogue.kept_for_good(each.name)]:
        try:
            forecast = catalogue.artefacts.read(kind, one.kept)
        except Damaged:
            catalogue.drop_kept(one)
            continue
        rest = forecast.without(people)
        if rest is not forecast:
            went_in = {**one.kept.ingredients, "without the forgotten of": one.kept.fingerprint}
            kept, _ = catalogue.artefacts.kept_or_made(kind, went_in, lambda rest=rest: rest)  # type: ignore[misc]
            catalogue.replace_kept(one, kept)


def _runs_deleted(catalogue: Catalogue) -> int:
    """Artefacts hold everybody in ways that cannot be told apart; the cut points of segments alone name nobody."""
    kept = catalogue.setting(PLACE_OF_CUTS)
    told = json.loads(kept) if kept else None
    return catalogue.forget_runs([f"{told['name']}-{told['key']}"] if told else [])


def _files_deleted(catalogue: Catalogue, place: Place) -> tuple[str, ...]:
    found = files_of_runs(catalogue, place)
    for path in found:
        path.unlink(missing_ok=True)
    return tuple(map(str, found))


def _campaigns_without(catalogue: Catalogue, place: Place, people: Forgotten) -> int:
    """The files of campaigns without the rows of these people, in every folder of results."""
    folders = {place.out.resolve(), *((catalogue.state / one).resolve() for one in folders_of_results(catalogue))}
    return sum(rows_forgotten(folder, lambda ids: people.of_ids(ids) > 0) for folder in sorted(folders))


def _frame_without(path: Path, request: Request | None, people: Forgotten) -> None:
    """The table that Python gave, without the rows of these people, and without what an interrupted writer left."""
    aside = path.with_name(f".{path.name}.part")
    aside.unlink(missing_ok=True)
    if not path.exists():
        return
    table = pq.ParquetFile(path).read(use_threads=False)
    columns = request.orders.columns.values() if request else table.column_names
    own = sum((people.of_ids(table[name]) for name in columns if name in table.column_names), start=0)
    pq.write_table(table.filter(pa.array(own == 0)), aside)
    aside.replace(path)


def asked_last(place: Place) -> Request | None:
    """What the newest run was asked, with the columns that it took; None where there is no run."""
    from foretell.answers.published import published  # noqa: PLC0415

    try:
        run = published(place)
        columns = dict(run.main.intake.columns)
    except InputError:
        return None
    orders = replace(run.request.orders, columns=columns)
    others = tuple(one for one in run.request.sources if one.table != "orders")
    return replace(run.request, sources=(orders, *others))


def _texts(ids: Any) -> pa.Array:
    return pa.array(list(ids), pa.string())
