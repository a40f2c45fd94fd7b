"""The joined log at any cutoff is the log of a shop that wrote one id for each customer it knew then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.ingest import Ingested, ingest
from foretell.customer_log.roles.named_columns import columns_of
from foretell.customer_log.store import Store
from foretell.examples.assembly import Assembly
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.errors import InputError
from foretell.project.intervals import days, parse_day
from foretell.project.progress import Silent
from foretell.project.request import Request, Source
from foretell.timelines.bucket import buckets_of
from foretell.timelines.survey import Survey, combined
from made_views import NOBODY_ELSE
from shop import Rows, made_shop, written

COLUMNS = {"customer": "customer", "time": "sold_at", "order": "order_no", "product": "sku", "amount": "amount"}
IDENTITIES = {"customer": "crm", "other": "mail", "known_at": "since", "kind": "kind"}
CUTOFFS = [parse_day(day, "UTC") for day in ("2024-02-01", "2024-03-01", "2024-04-01")]
Links = list[tuple[str, str, str]]
Seen = dict[str, tuple[int, ...]]


@pytest.fixture(scope="module")
def shop() -> Rows:
    """A shop in which every third customer ordered under an e-mail address, or another id, now and then."""
    rows = made_shop(customers=60, days=100)
    for place, row in enumerate(rows):
        number = int(row["customer"][1:])
        if number % 3 == 0 and place % 2:
            row["customer"] = f"{number}@X.example " if number % 2 else f"C9{number:03d}"
    return rows


@pytest.fixture(scope="module")
def links(shop: Rows) -> Links:
    """What the shop learned in February and March; of some ids it always knew."""
    found = []
    for number in range(0, 60, 3):
        other = f"{number}@x.example" if number % 2 else f"C9{number:03d}"
        found.append((f"C{number:04d}", other, ("", "2024-02-10 12:00", "2024-03-20")[number // 3 % 3]))
    return found


def request_of(shop: Rows, folder: Path, links: Links, **source: object) -> Request:
    """The orders and, where there are any, the links as files."""
    folder.mkdir(parents=True, exist_ok=True)
    written(shop, folder / "orders.csv")
    request = replace(request_for_files([folder / "orders.csv"], folder / "out", columns=COLUMNS), buckets=4)
    (folder / "links.csv").write_text(
        "\n".join(["crm,mail,since,kind", *(f"{crm},{mail},{since},email" for crm, mail, since in links)]) + "\n"
    )
    own = Source((folder / "links.csv",), "identities", IDENTITIES, **source)  # type: ignore[arg-type]
    return replace(request, identity="shop", sources=(*request.sources, own) if links else request.sources)


def taken_in(request: Request) -> Ingested:
    return ingest(source_files([str(path) for path in request.orders.files]), columns_of(COLUMNS), request, Silent())


def seen_at(log: Store, cutoff: int) -> Seen:
    """Orders, money, lines of products and the last order of each customer, as features see them."""
    found: Seen = {}
    for bucket in buckets_of(log, "net"):
        batch = bucket.read(2**62)
        view = batch.views([cutoff], lambda _: NOBODY_ELSE)[0]
        money = view.orders.total("amount") + view.adjustments.total("amount")
        told = [view.orders.count(), money, view.lines.count(), view.orders.last("happened_at")]
        for place, who in enumerate(batch.customer_id.to_pylist()):
            if told[0][place]:
                assert who not in found
                found[who] = tuple(int(column[place]) for column in told)
    return found


def expected_at(shop: Rows, links: Links, cutoff: int) -> Seen:
    """The same by a walk over the rows, each under the id that was its customer's then."""
    called = {mail: crm for crm, mail, since in links if not since or moment(since, ends=True) < cutoff}
    orders: Mapping[str, dict[str, list[Mapping[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in shop:
        if moment(row["sold_at"]) < cutoff:
            who = row["customer"].strip().lower() if "@" in row["customer"] else row["customer"]
            orders[called.get(who, who)][row["order_no"]].append(row)
    return {
        who: (
            len(own),
            sum(round(10_000 * float(row["amount"])) for lines in own.values() for row in lines),
            sum(len(lines) for lines in own.values()),
            max(moment(row["sold_at"]) for lines in own.values() for row in lines),
        )
        for who, own in orders.items()
    }


def moment(text: str, ends: bool = False) -> int:
    """Microseconds UTC; of a day without a time its last one, where it `ends`."""
    at = int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000
    return at + days(1) - 1 if ends and len(text) == 10 else at


def test_at_every_cutoff_ids_are_joined_as_was_known_then(shop: Rows, links: Links, tmp_path: Path) -> None:
    found = taken_in(request_of(shop, tmp_path, links))
    for cutoff in CUTOFFS:
        assert seen_at(found.log, cutoff) == expected_at(shop, links, cutoff)
    assert len({len(seen_at(found.log, cutoff)) for cutoff in CUTOFFS}) == 3
    ids = len({row["customer"] for row in shop})
    assert (
        f"{ids} ids of orders are {len(expected_at(shop, links, 2**62))} customers: 20 links (email 20)" in found.notes
    )
    assert any(note.startswith("7 links without a date: assumed") for note in found.notes)
    kept = Store.kept(tmp_path / "out" / ".foretell")
    kept.check()
    assert seen_at(kept, CUTOFFS[1]) == seen_at(found.log, CUTOFFS[1])


def test_links_that_come_later_change_nothing_before(shop: Rows, links: Links, tmp_path: Path) -> None:
    early = [link for link in links if link[2] < "2024-03"]
    before = taken_in(request_of(shop, tmp_path, early))
    then = [seen_at(before.log, cutoff) for cutoff in CUTOFFS]
    after = taken_in(request_of(shop, tmp_path, links))
    assert [seen_at(after.log, cutoff) for cutoff in CUTOFFS[:2]] == then[:2]
    assert seen_at(after.log, CUTOFFS[2]) == expected_at(shop, links, CUTOFFS[2]) != then[2]
    names = {path.name for path in after.store.root.iterdir() if path.name.startswith("joined")}
    assert len(names) == 1
    assert taken_in(request_of(shop, tmp_path, links)).added == []
    assert {path.name for path in after.store.root.iterdir() if path.name.startswith("joined")} == names
    alone = taken_in(request_of(shop, tmp_path, []))
    assert alone.log is alone.store
    assert seen_at(Store.kept(alone.store.root), CUTOFFS[2]) == expected_at(shop, [], CUTOFFS[2])


def test_who_was_joined_since_teaches_nothing_at_the_cutoffs_before(shop: Rows, links: Links, tmp_path: Path) -> None:
    found = taken_in(request_of(shop, tmp_path, links))
    buckets = buckets_of(found.log, "net")
    survey: Survey = combined([Survey.of(bucket.read(2**62)) for bucket in buckets])
    taught = {}
    for name, before in (("then", CUTOFFS[1]), ("now", 2**62)):
        batches = [bucket.read(before) for bucket in buckets]
        examples = [Assembly(CUTOFFS[:1], 28, ("orders_90d",), survey)(batch) for batch in batches]
        ids = {int(k): i for b in batches for k, i in zip(b.customer_key, b.customer_id.to_pylist(), strict=True)}
        taught[name] = {ids[int(key)] for one in examples for key in one.customer_key}
        orders = {
            ids[int(key)]: n for one in examples for key, n in zip(one.customer_key, one.labels["orders"], strict=True)
        }
    at = expected_at(shop, links, CUTOFFS[0])
    joined = {"then": "2024-03", "now": "2025"}
    for name, since in joined.items():
        assert taught[name] == set(at) - {mail for _, mail, known in links if "2024-02" < known < since}
    end = CUTOFFS[0] + days(28)
    whole = [expected_at(shop, [(a, b, "") for a, b, _ in links], one) for one in (CUTOFFS[0], end)]
    assert orders == {who: whole[1][who][0] - whole[0].get(who, (0,))[0] for who in taught["now"]}
    assert len(taught["now"]) < len(taught["then"]) < len(at)


def test_a_column_beside_the_customer_links_from_the_row_on(shop: Rows, tmp_path: Path) -> None:
    rows = [
        {**row, "mail": f"{int(row['customer'][1:])}@x.example"} for row in shop if row["customer"].startswith("C0")
    ]
    guest = {**rows[0], "customer": "3@x.example", "order_no": "G1", "mail": ""}
    guests = [
        {**guest, "sold_at": "2024-01-02 10:00:00"},
        {**guest, "sold_at": "2024-03-02 10:00:00", "order_no": "G2"},
    ]
    rows = sorted([*rows, *guests], key=lambda row: row["sold_at"])
    request = request_of(rows, tmp_path, [])
    also = replace(request, sources=(replace(request.orders, also=("mail",)),))
    found = taken_in(also)
    first = min(row["sold_at"] for row in rows if row["customer"] == "C0003")
    links = [("C0003", "3@x.example", first)]
    assert moment("2024-01-02 10:00:00") < moment(first)
    for cutoff in (moment(first), moment(first) + 1, CUTOFFS[2]):
        assert seen_at(found.log, cutoff) == expected_at(rows, links, cutoff)
    with pytest.raises(InputError, match="The column for also phone is not in the file"):
        taken_in(replace(request, sources=(replace(request.orders, also=("phone",)),)))


def test_a_shared_address_joins_nobody_and_is_listed(shop: Rows, tmp_path: Path) -> None:
    shared = [(f"C{number:04d}", "info@x.example", "") for number in (1, 2, 4)]
    found = taken_in(request_of(shop, tmp_path, [*shared, ("C0003", "3@x.example", "")], most_merged=2))
    assert seen_at(found.log, CUTOFFS[2]) == expected_at(shop, [("C0003", "3@x.example", "")], CUTOFFS[2])
    rejected = found.log.rejected().filter(pc.equal(found.log.rejected()["file"], "links.csv"))
    assert rejected["line"].to_pylist() == [2, 3, 4]
    assert set(rejected["value"].to_pylist()) == {"info@x.example"}
    assert any("1 shared id would join more than most_merged customers" in note for note in found.notes)


def test_facts_of_other_tables_go_with_their_id(shop: Rows, links: Links, tmp_path: Path) -> None:
    request = request_of(shop, tmp_path, links)
    crm, mail, _ = next(link for link in links if link[2] == "2024-03-20" and "@" in link[1])
    (tmp_path / "events.csv").write_text(
        f"who,at,what\n{mail},2024-01-03 08:00,Viewed\n{crm},2024-01-04 08:00,Viewed\n{mail},2024-03-25 08:00,Added\n"
    )
    events = Source((tmp_path / "events.csv",), "events", {"customer": "who", "time": "at", "name": "what"})
    found = taken_in(replace(request, sources=(*request.sources, events)))
    counts = {}
    for cutoff in (CUTOFFS[1], CUTOFFS[2]):
        for bucket in buckets_of(found.log, "net"):
            batch = bucket.read(2**62)
            count = batch.views([cutoff], lambda _: NOBODY_ELSE)[0].table("events").count()
            for place in np.flatnonzero(count).tolist():
                counts[cutoff, batch.customer_id[place].as_py()] = int(count[place])
    assert counts == {(CUTOFFS[1], crm): 1, (CUTOFFS[1], mail): 1, (CUTOFFS[2], crm): 3}
    assert not any("without a customer who ordered" in note for note in found.notes)
