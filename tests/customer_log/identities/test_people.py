"""The people of accounts, as each cutoff knows them: counted by hand from the rows of the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.identities.holders import holders
from foretell.customer_log.identities.links import ALWAYS, LINKS, ONE_WHOLE, Links
from foretell.customer_log.identities.people import FACTS, acts, each_once, in_wholes, joining, persons
from foretell.customer_log.ingest import Ingested, ingest
from foretell.customer_log.roles.named_columns import columns_of
from foretell.customer_log.schema import NEVER
from foretell.customer_log.stable_keys import code_of, stable_keys
from foretell.customer_log.store import Store
from foretell.customer_log.tables.people import PEOPLE
from foretell.features import FEATURES
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.intervals import parse_day
from foretell.project.progress import Silent
from foretell.project.request import Request, Source
from foretell.timelines.as_of import Population
from foretell.timelines.bucket import buckets_of
from foretell.timelines.objections import object_to_profiling, objecting_before

COLUMNS = {"customer": "who", "time": "at", "order": "no", "amount": "amount"}
FIRM = {"customer": "account", "other": "contact", "known_at": "since"}
MAILS = {"customer": "crm", "other": "mail"}
EVENTS = {"customer": "who", "time": "at", "name": "what"}
MESSAGES = {"customer": "who", "time": "at", "response": "answer", "responded_at": "then"}
TELLS, TELLS_LITTLE = 0.3, 0.6
"""Log losses; that of a coin is 0.69."""
ORDERS = (
    ("ann", "2024-01-05", "1", "10"),
    ("bob@x.example", "2024-02-10", "2", "10"),
    ("Firm", "2024-03-01", "3", "10"),
    ("ann", "2024-05-20", "4", "10"),
    ("cid", "2024-05-21", "5", "10"),
    ("cid", "2024-05-25", "5", "-10"),
    ("solo", "2024-01-02", "6", "10"),
)
BELONGS = (("Firm", "ann", "2024-01-01"), ("Firm", "bob", "2024-01-01"), ("Firm", "cid", "2024-04-01"),
         ("Firm", "dan", "2024-05-15"), ("Rival", "cid", "2024-06-10"))  # fmt: skip


def request_of(folder: Path, orders: Sequence[Sequence[str]], links: Sequence[Sequence[str]]) -> Request:
    """A log of orders whose customers are people, and the accounts that they belong to."""
    written(folder / "orders.csv", "who,at,no,amount", orders)
    written(folder / "firms.csv", "account,contact,since", links)
    request = replace(request_for_files([folder / "orders.csv"], folder / "out", columns=COLUMNS), buckets=2)
    firms = Source((folder / "firms.csv",), "identities", FIRM, entity="account")
    return replace(request, identity="shop", sources=(*request.sources, firms))


def written(path: Path, header: str, rows: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")


def taken_in(request: Request) -> Ingested:
    return ingest(source_files([str(path) for path in request.orders.files]), columns_of(COLUMNS), request, Silent())


def told(log: Store, name: str, day: str) -> dict[str, float]:
    """A feature of those who had ordered before a day."""
    cutoff, start = parse_day(day, "UTC"), parse_day("2024-01-01", "UTC")
    found: dict[str, float] = {}
    for bucket in buckets_of(log, "net"):
        batch = bucket.read(cutoff)
        view = batch.views([cutoff], lambda _: Population(start, np.nan, np.nan))[0]
        values, there = FEATURES[name](view), view.orders.count() > 0
        found |= {
            one.as_py(): float(v) for one, v, is_in in zip(batch.customer_id, values, there, strict=True) if is_in
        }
    return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two firms: `bob` orders by his address, `dan` only clicks, `eve` only receives and opens."""
    folder = tmp_path_factory.mktemp("firms")
    request = request_of(folder, ORDERS, (*BELONGS, ("Firm", "eve", "")))
    written(folder / "mails.csv", "crm,mail", [("bob", "bob@x.example")])
    written(folder / "events.csv", "who,at,what", [("bob", "2024-04-20", "Viewed"), ("ann", "2024-05-20", "Viewed")])
    written(
        folder / "messages.csv",
        "who,at,answer,then",
        [("dan", "2024-05-20", "clicked", "2024-05-22"), ("eve", "2024-05-20", "opened", "2024-05-22")],
    )
    more = (
        Source((folder / "mails.csv",), "identities", MAILS),
        Source((folder / "events.csv",), "events", EVENTS),
        Source((folder / "messages.csv",), "contacts", MESSAGES),
    )
    return taken_in(replace(request, sources=(*request.sources, *more))).log


@pytest.mark.parametrize(
    ("name", "day", "firm"),
    [
        ("people", "2024-03-15", 2.0),
        ("people", "2024-06-01", 4.0),
        ("people", "2024-06-20", 3.0),
        ("people_active_90d", "2024-04-01", 2.0),
        ("people_active_90d", "2024-06-01", 4.0),
        ("people_active_30d", "2024-06-01", 3.0),
        ("people_silent_90d", "2024-04-15", 1.0),
        ("people_silent_90d", "2024-06-01", 0.0),
        ("people_new_90d", "2024-06-01", 2.0),
        ("people_active_share_90d", "2024-06-20", 1.0),
        ("orders_top_person_share", "2024-06-01", 0.5),
    ],
)
def test_people_of_a_firm_are_counted_as_was_known_then(log: Store, name: str, day: str, firm: float) -> None:
    assert told(log, name, day)["Firm"] == firm


def test_who_belongs_to_no_firm_has_no_people(log: Store) -> None:
    assert np.isnan(told(log, "people", "2024-06-01")["solo"])
    assert told(log, "people", "2024-06-20")["Rival"] == 1.0


def test_people_who_are_linked_later_change_nothing_before(log: Store, tmp_path: Path) -> None:
    for day in ("2024-04-15",):
        early = [link for link in BELONGS if link[2] < day]
        before = taken_in(request_of(tmp_path / day, [row for row in ORDERS if row[1] < day], early)).log
        after = taken_in(request_of(tmp_path / f"{day} all", ORDERS, BELONGS)).log
        for name in (one for one, feature in FEATURES.items() if feature.table == PEOPLE.name):
            assert repr(told(after, name, day)) == repr(told(before, name, day)), name


def test_without_a_whole_there_is_no_table_of_people(tmp_path: Path) -> None:
    request = request_of(tmp_path, ORDERS, BELONGS)
    one = taken_in(replace(request, sources=(request.orders, replace(request.sources[1], entity=""))))
    assert one.log is not one.store
    assert one.log.manifest.files(PEOPLE.name) == []


def test_accounts_whose_people_fall_silent_are_told_from_those_that_stay(tmp_path: Path) -> None:
    """Every account orders as often as the others until it ends; before an end, one after the other of four people
    stops, and whoever is left orders for all."""
    random, end, start = np.random.default_rng(5), 300, date(2024, 1, 1)
    orders, links, leaves = list[tuple[str, ...]](), list[tuple[str, ...]](), dict[str, bool]()
    for number in range(240):
        firm, people = f"A{number:03d}", [f"p{number:03d}-{one}" for one in range(4)]
        leaves[firm] = bool(random.random() < 0.5)
        links += [(firm, one, "2024-01-01") for one in people]
        last = end + random.integers(0, 20) if leaves[firm] else 360
        until = last - np.array([0, 90, 120, 150]) * leaves[firm]
        for day in np.flatnonzero(random.random(last) < 0.1).tolist():
            who = people[int(random.choice(np.flatnonzero(until >= day)))]
            orders.append((who, str(start + timedelta(day)), str(len(orders)), "10"))
    log = taken_in(request_of(tmp_path, sorted(orders, key=lambda row: row[1]), links)).log
    as_of = str(start + timedelta(end))
    known = ("orders_30d", "orders_90d", "orders_life", "days_since_last_order", "spend_90d")
    family = [name for name, feature in FEATURES.items() if feature.table == PEOPLE.name]
    columns = {name: told(log, name, as_of) for name in (*known, *family)}
    firms = sorted(set(leaves) & set(columns["people"]))
    assert len(firms) > 230
    left = np.array([leaves[firm] for firm in firms])
    found = {}
    for names in (known, (*known, *family)):
        table = np.nan_to_num([[columns[name][firm] for name in names] for firm in firms])
        learner = make_pipeline(StandardScaler(), LogisticRegression(C=0.1)).fit(table[::2], left[::2])
        found[names] = log_loss(left[1::2], learner.predict_proba(table[1::2])[:, 1])
    assert found[(*known, *family)] < TELLS < TELLS_LITTLE < found[known]


def test_a_refund_a_message_and_an_open_are_nothing_that_a_person_did() -> None:
    days = {"customer_key": pa.array([1, 2, 3], pa.uint64()), "happened_at": [10, 20, 30], "known_after": [0, 5, 0]}
    orders = acts("orders", pa.table({**days, "amount": [5, -5, -2], "taken_back": [0, 5, 9]}))
    assert orders["happened_at"].to_pylist() == [10, 30]
    assert set(orders["step"].to_pylist()) == {code_of("ordered")}
    messages = acts("contacts", pa.table({**days, "answer": [None, code_of("opened"), code_of("clicked")]}))
    assert messages["happened_at"].to_pylist() == [30]
    told = acts("feedback", pa.table({**days, "step": [code_of("given"), code_of("closed"), None]}))
    assert told["happened_at"].to_pylist() == [10]
    seen = acts("events", pa.table({**days, "gone_at": [NEVER, 40, NEVER]}))
    assert (seen["known_after"].to_pylist(), seen["gone_at"].to_pylist()) == ([0, 5, 0], [NEVER, 40, NEVER])
    assert each_once(pa.concat_tables([seen, seen])).sort_by("happened_at").equals(seen.combine_chunks())


def test_persons_are_the_parts_that_are_no_wholes_themselves() -> None:
    rows = [("Group", "Firm", 5), ("Firm", "ann", 3), ("Firm", "bob", ALWAYS)]
    columns = {
        "customer_id": [one for one, _, _ in rows],
        "other_id": [one for _, one, _ in rows],
        "known_at": [at for _, _, at in rows],
        "kind": ["part"] * 3,
        "most": [ONE_WHOLE] * 3,
        "file": ["f"] * 3,
        "line": [2, 3, 4],
        "column": ["c"] * 3,
    }
    links = Links.of(pa.table(columns, schema=LINKS))
    named = persons(links)
    assert named["holder_id"].to_pylist() == sorted(("ann", "bob"), key=lambda one: stable_keys(pa.array([one]))[0])
    assert sorted(joining(links)["happened_at"].to_pylist()) == [3, 5]
    found = in_wholes(joining(links), named, holders(links))
    keys = {int(key): one for key, one in zip(stable_keys(links.ids), links.ids.to_pylist(), strict=True)}
    whose = [(keys[row["customer_key"]], row["happened_at"], row["known_after"]) for row in found.to_pylist()]
    assert sorted(whose) == [("Firm", 3, 0)]
    assert found.schema.names == FACTS.names


def test_an_account_is_not_profiled_while_one_of_its_people_objects(tmp_path: Path) -> None:
    request = request_of(tmp_path, ORDERS, BELONGS)
    words = [("ann", "2024-02-01", "profiling", "denied"), ("Firm", "2024-03-01", "profiling", "granted")]
    written(tmp_path / "consents.csv", "who,at,purpose,state", [*words, ("ann", "2024-06-05", "profiling", "granted")])
    columns = {"customer": "who", "time": "at", "purpose": "purpose", "state": "state"}
    consents = Source((tmp_path / "consents.csv",), "consents", columns)
    log = taken_in(replace(request, sources=(*request.sources, consents))).log
    found: dict[tuple[str, str], bool] = {}
    for day in ("2024-01-20", "2024-02-15", "2024-04-15", "2024-06-15"):
        cutoff = parse_day(day, "UTC")
        for bucket in buckets_of(log, "net"):
            batch = bucket.read(2**62)
            view = batch.views([cutoff], lambda _: Population(0, np.nan, np.nan))[0]
            objects = object_to_profiling(view.table("consents")), objecting_before(batch, cutoff)
            assert objects[0].tolist() == objects[1].tolist()
            found |= {(day, one.as_py()): bool(no) for one, no in zip(batch.customer_id, objects[0], strict=True)}
    assert [found[day, "Firm"] for day in ("2024-01-20", "2024-02-15", "2024-04-15", "2024-06-15")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not found["2024-04-15", "solo"]
