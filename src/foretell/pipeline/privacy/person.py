"""All that is known of one customer, in plain names: what the files say, what is kept, and what was told of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.actions.assignments import Assignments
from foretell.alerts.state import FILE_NAME as ALERTS
from foretell.alerts.state import AlertState
from foretell.answers.published import PublishedRun, as_published
from foretell.customer_log.erasure.forgotten import Forgotten, canonical_id
from foretell.customer_log.identities.linked_ids import linked_to
from foretell.customer_log.schema import NEVER
from foretell.customer_log.store import Store
from foretell.customer_log.tables.registry import FACT_TABLES
from foretell.delivery.ledger import FILE_NAME as LEDGER
from foretell.delivery.ledger import Ledger
from foretell.delivery.pushes.ledger import PushLedger
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.outcomes.retraining.shadow import SHADOW_SCORES
from foretell.pipeline.privacy.forgetting import asked_last, finish_forgetting
from foretell.pipeline.privacy.names import emails_of, is_in_log, key_of, unknown
from foretell.pipeline.privacy.sources import rows_of
from foretell.project.intervals import from_microseconds
from foretell.project.money import UNITS_PER_ONE
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.storage.artefacts import Artefact, Damaged
from foretell.storage.catalogue import Catalogue
from foretell.storage.lock import alone_at_work

MONEY = {"amount", "taken_back", "discount"}
INTERNAL = {"customer_key", "order_key", "product_key", "category_key", "digest", "known_after", "load", "visible_day"}
THOUSANDTHS = 1000


@on_one_thread
def person_of(place: Place, customer: str, asked: Request | None, progress: Progress) -> dict[str, Any]:
    """All that is known of a customer: `facts` as the log keeps them by table, `in_your_files` each row with file and
    line (`files_not_read` could not be looked through), `runs` with scores and reasons over each horizon and segments
    since when, `kept_forecasts` of every run ever, `shadow_scores` beside them, `alerts`, `assignments` to arms of
    campaigns, `deliveries`, `pushes` to other tools. Money in the currency of the source, times ISO in the zone of the
    log. InputError for a customer of whom nothing is known."""
    key = key_of(customer)
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        store, catalogue = Store.kept(place.state).as_read(), Catalogue(place.state)
        if not is_in_log(store, key):
            raise unknown(customer, store)
        linked = linked_to(store, customer)
        keys = [key, *map(key_of, linked)]
        emails = (email for one in keys for email in emails_of(store, one))
        names = {canonical_id(name): name for name in (*linked, *emails)}
        others = sorted(name for one, name in names.items() if one != canonical_id(customer))
        themselves = Forgotten.looked_for([customer, *others])
        request, unread = asked or asked_last(place), set[str]()
        runs = [as_published(catalogue, record, place) for record in catalogue.runs()]
        return {
            "customer_id": canonical_id(customer),
            "also_known_as": others,
            "facts": facts_of(store, [key, *map(key_of, others)]),
            "in_your_files": _source_rows(request, themselves, unread) if request else [],
            "files_not_read": sorted(unread),
            "runs": [_told_by(run, themselves) for run in runs],
            "kept_forecasts": _kept(catalogue, PUBLISHED_FORECAST, themselves),
            "shadow_scores": _kept(catalogue, SHADOW_SCORES, themselves),
            "alerts": _alerts(place, themselves),
            "assignments": _assignments(place, themselves),
            "deliveries": _deliveries(place, themselves),
            "pushes": _pushes(place, themselves),
        }


def facts_of(store: Store, keys: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table of the log that are a customer's, whatever the id, with texts in place of codes."""
    found: dict[str, list[dict[str, Any]]] = {}
    wanted = np.array(keys, dtype=np.uint64)
    for kind in ("orders", "order_lines", *FACT_TABLES):
        rows: list[dict[str, Any]] = []
        for file in store.manifest.files(kind):
            table = pq.ParquetFile(store.root / file.path).read(use_threads=False)
            own = table.filter(pa.array(np.isin(table["customer_key"].to_numpy(), wanted)))
            rows += own.to_pylist()
        if rows:
            words = _words(store, rows)
            found[kind] = [_plain(row, kind, words, store.timezone) for row in rows]
    return found


def _words(store: Store, rows: list[dict[str, Any]]) -> dict[int, str]:
    """The texts behind the codes of these rows."""
    values = {v for row in rows for name, v in row.items() if isinstance(v, int) and name not in INTERNAL}
    wanted = pa.array(values, pa.int64())
    found: dict[int, str] = {}
    for path in store.words():
        table = pq.ParquetFile(path).read(use_threads=False)
        own = table.filter(pc.is_in(table["code"], wanted))
        found |= dict(zip(own["code"].to_pylist(), own["text"].to_pylist(), strict=True))
    return found


def _plain(row: dict[str, Any], kind: str, words: dict[int, str], timezone: str) -> dict[str, Any]:
    """One row under plain names: moments as ISO times, money and numbers as they were written, texts."""
    told: dict[str, Any] = {}
    roles = {role.name: role.holds for role in FACT_TABLES[kind].roles} if kind in FACT_TABLES else {}
    codes = {name for name, is_code in FACT_TABLES[kind].kept.items() if is_code} if kind in FACT_TABLES else set()
    for name, value in row.items():
        if value is None or name in INTERNAL or (name == "gone_at" and value == NEVER):
            continue
        if name.endswith("_at"):
            told[name] = from_microseconds(value, timezone).isoformat()
        elif name in codes or name in ("country", "channel"):
            told[name] = words.get(value, "an id, of which only a code is kept" if value else None)
        elif name in MONEY or roles.get(name) == "money":
            told[name] = value / UNITS_PER_ONE
        else:
            told[name] = value / THOUSANDTHS if name == "units" or roles.get(name) == "number" else value
    told["known_at"] = from_microseconds(row["happened_at"] + (row["known_after"] or 0), timezone).isoformat()
    return {name: value for name, value in told.items() if value is not None}


def _source_rows(request: Request, themselves: Forgotten, unread: set[str]) -> list[dict[str, Any]]:
    return [
        {"table": found.table, "file": found.block.place(str(found.file.path)), "line": int(line), "row": row}
        for found in rows_of(request, themselves, unread)
        for line, row in zip(
            found.block.lines[found.rows], found.block.rows.filter(pa.array(found.rows)).to_pylist(), strict=True
        )
    ]


def _told_by(run: PublishedRun, themselves: Forgotten) -> dict[str, Any]:
    """What one run says: scores with their reasons over each horizon, and the segments with the time spent in them."""
    scores = [_own(one.scores, themselves) for one in run.horizons]
    segments = [row for part in run.main.segmentation.memberships.parts() for row in _own(part, themselves)]
    ahead = [row for part in run.main.segmentation.forecast.parts() for row in _own(part, themselves)]
    return {
        "run": run.record.run,
        "scores": [row for rows in scores for row in rows],
        "segments": segments,
        "segment_forecast": ahead,
    }


def _kept(catalogue: Catalogue, kind: Artefact[Any], themselves: Forgotten) -> list[dict[str, Any]]:
    """What every run said of them, as it is kept to be graded; what is damaged is left out, and cannot be read."""
    found = []
    for one in catalogue.kept_for_good(kind.name):
        with suppress(Damaged):
            forecast = catalogue.artefacts.read(kind, one.kept)
            rows = _own(forecast.customers.drop_columns("customer_key"), themselves)
            as_of = from_microseconds(one.as_of, forecast.timezone).isoformat()
            found += [{"run": one.run, "as_of": as_of, "horizon_days": one.horizon_days, **row} for row in rows]
    return found


def _own(table: pa.Table, themselves: Forgotten) -> list[dict[str, Any]]:
    mine: np.ndarray = themselves.of_ids(table["customer_id"].combine_chunks()) > 0
    return list(table.filter(pa.array(mine)).to_pylist())


def _alerts(place: Place, themselves: Forgotten) -> list[dict[str, Any]]:
    if not (place.state / ALERTS).exists():
        return []
    return [
        {"alert": one.alert.id, "rule": one.alert.rule, "condition": one.alert.condition, "as_of": one.alert.as_of}
        for one in AlertState(place.state / ALERTS).raised()
        if themselves.of_ids(pa.array(one.alert.customers, pa.string())).any()
    ]


def _assignments(place: Place, themselves: Forgotten) -> list[dict[str, Any]]:
    told = Assignments(place.state).of_person(lambda ids: themselves.of_ids(ids) > 0)
    return [row | {"assigned_at": from_microseconds(row["assigned_at"]).isoformat()} for row in told]


def _deliveries(place: Place, themselves: Forgotten) -> list[dict[str, Any]]:
    kept = Ledger(place.state / LEDGER).bodies()
    named = themselves.in_texts([body for *_, body in kept])
    return [
        {"message": message, "channel": channel, "outcome": outcome, "text": json.loads(body).get("text", "")}
        for (message, channel, outcome, body), is_named in zip(kept, named, strict=True)
        if is_named
    ]


def _pushes(place: Place, themselves: Forgotten) -> list[dict[str, Any]]:
    kept = PushLedger(place.state).rows()
    named = themselves.in_texts([f"{key} , {body}" for _, _, key, _, body, _ in kept])
    return [
        {"push": push, "batch": batch, "state": state, "fields": json.loads(body)["fields"] if body else {}}
        for (push, batch, _, state, body, _), is_named in zip(kept, named, strict=True)
        if is_named
    ]
