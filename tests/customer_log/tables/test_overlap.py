"""Facts that several files tell count once, as a slow count says, in whatever order their rows stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.ingest import Ingested, ingest
from foretell.customer_log.manifest import Load
from foretell.customer_log.roles.named_columns import columns_of
from foretell.customer_log.tables.overlap import counted_once, files_of, overlapping, share_time
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from foretell.project.request import Source
from foretell.timelines.bucket import buckets_of
from made_views import NOBODY_ELSE

ORDERS = {"customer": "who", "time": "day", "amount": "paid"}
EVENTS = {"customer": "who", "time": "at", "name": "name"}


class Fact(NamedTuple):
    """A fact as a table of the log stores it."""

    customer_key: int
    happened_at: int
    known_after: int
    step: int | None
    id: int | None
    name: int


PLAIN = st.builds(
    Fact,
    st.integers(1, 2),
    st.integers(1, 3),
    st.integers(0, 2),
    st.sampled_from([None, 7]),
    st.none(),
    st.integers(1, 2),
)
WITH_ID = PLAIN.flatmap(lambda fact: st.builds(fact._replace, id=st.one_of(st.none(), st.integers(1, 3))))
SCHEMA = pa.schema([("customer_key", pa.uint64()), *((name, pa.int64()) for name in Fact._fields[1:])])


def table_of(facts: list[Fact]) -> pa.Table:
    return pa.table([[fact[place] for fact in facts] for place in range(len(SCHEMA))], schema=SCHEMA)


def told(fact: Fact) -> Fact:
    """What a fact tells, whenever that became known."""
    return fact._replace(known_after=0)


def facts_in(table: pa.Table) -> Counter[Fact]:
    return Counter(Fact(**row) for row in table.to_pylist())


@given(st.lists(st.lists(PLAIN, max_size=8), min_size=2, max_size=3))
def test_equal_facts_count_as_often_as_in_the_file_that_has_most(files: list[list[Fact]]) -> None:
    found = counted_once([table_of(facts) for facts in files], "id")
    most: Counter[Fact] = Counter()
    for facts in files:
        most |= Counter(told(fact) for fact in facts)
    assert Counter(told(fact) for fact in facts_in(found.facts).elements()) == most
    assert found.again == sum(map(len, files)) - len(found.facts)
    first = {
        told(fact): min(one.known_after for facts in files for one in facts if told(one) == told(fact)) for fact in most
    }
    kept = {
        told(fact): min(one.known_after for one in facts_in(found.facts) if told(one) == told(fact)) for fact in most
    }
    assert kept == first


@given(st.lists(st.lists(WITH_ID, max_size=8), min_size=2, max_size=3), st.randoms())
def test_of_facts_with_an_id_the_newest_file_counts_in_any_order_of_rows(
    files: list[list[Fact]], random: Random
) -> None:
    found = facts_in(counted_once([table_of(facts) for facts in files], "id").facts)
    for place, facts in enumerate(files):
        later = {(one.customer_key, one.step, one.id) for newer in files[place + 1 :] for one in newer}
        own = {fact for fact in facts if fact.id is not None and (fact.customer_key, fact.step, fact.id) not in later}
        assert {told(fact) for fact in own} <= {told(fact) for fact in found}
    newest = {(f.customer_key, f.step, f.id): place for place, facts in enumerate(files) for f in facts}
    for fact in found:
        if fact.id is not None:
            assert fact in files[newest[fact.customer_key, fact.step, fact.id]]
    shuffled = [sorted(facts, key=lambda _: random.random()) for facts in files]
    assert facts_in(counted_once([table_of(facts) for facts in shuffled], "id").facts) == found


def test_moments_of_which_two_files_tell_different_things_are_counted() -> None:
    same, one, other = (Fact(1, 5, 0, None, None, name) for name in (1, 2, 3))
    late = Fact(1, 6, 0, None, None, 4)
    assert counted_once([table_of([same, one]), table_of([same, other])]).differing == 1
    assert counted_once([table_of([same]), table_of([same, other])]).differing == 0
    assert counted_once([table_of([same]), table_of([same, late])]).differing == 0
    assert counted_once([table_of([one._replace(id=1)]), table_of([other._replace(id=2)])], "id").differing == 0


def test_files_overlap_where_their_times_do() -> None:
    first = Load("a", "1.csv", "r", 1, lines=1, oldest_at=1, newest_at=4)
    loads = [first, replace(first, load="b", source="2.csv", oldest_at=5, newest_at=9)]
    assert not overlapping(loads)
    assert overlapping([loads[0], replace(loads[1], oldest_at=4)])
    assert not overlapping([loads[0], replace(loads[1], source="1.csv", oldest_at=2)])
    early, later = table_of([Fact(1, 1, 0, None, None, 1)]), table_of([Fact(1, 2, 0, None, None, 1)])
    assert share_time([early, early])
    assert not share_time([early, later])


def taken_in(folder: Path, columns: dict[str, str] = EVENTS) -> Ingested:
    """The events of all files that are there, beside two orders."""
    (folder / "orders.csv").write_text("who,day,paid\nC1,2024-01-01,5\nC2,2024-01-02,5\n")
    request = request_for_files([folder / "orders.csv"], folder / "out", columns=ORDERS)
    events = Source(tuple(sorted(folder.glob("events*.csv"))), "events", columns)
    request = replace(request, identity="shop", sources=(*request.sources, events))
    return ingest(source_files([str(folder / "orders.csv")]), columns_of(ORDERS), request, Silent())


def counted_events(found: Ingested) -> dict[str, int]:
    [bucket] = buckets_of(found.log, "net")
    batch = bucket.read(2**62)
    count = batch.views([2**61], lambda _: NOBODY_ELSE)[0].table("events").count()
    return dict(zip(batch.customer_id.to_pylist(), count.tolist(), strict=True))


def events_file(path: Path, months: range, other: str = "Viewed") -> None:
    rows = [
        f"C{1 + month % 2},2024-{month:02d}-{day:02d} 10:00:00,{other},{month}-{day}"
        for month in months
        for day in (3, 9)
    ]
    path.write_text("\n".join(["who,at,name,key", *rows, rows[-1]]) + "\n")


def test_exports_of_overlapping_months_count_each_event_once(tmp_path: Path) -> None:
    events_file(tmp_path / "events-1.csv", range(1, 7))
    events_file(tmp_path / "events-2.csv", range(4, 10))
    found = taken_in(tmp_path)
    assert sum(counted_events(found).values()) == 9 * 2 + 2
    assert "6 facts of events stand in two files: each counts once" in found.notes
    [source] = files_of(found.store, "events", 0)
    assert len(source) == 2


def test_a_window_that_rolled_on_keeps_what_lies_before_it(tmp_path: Path) -> None:
    events_file(tmp_path / "events.csv", range(1, 7))
    first = sum(counted_events(taken_in(tmp_path)).values())
    events_file(tmp_path / "events.csv", range(4, 10))
    assert sum(counted_events(taken_in(tmp_path)).values()) == 9 * 2 + 1
    events_file(tmp_path / "events.csv", range(1, 7))
    assert sum(counted_events(taken_in(tmp_path)).values()) == first + 3 * 2 + 1


def test_files_that_differ_at_the_same_moments_are_refused_but_for_ids(tmp_path: Path) -> None:
    events_file(tmp_path / "events-1.csv", range(1, 5))
    events_file(tmp_path / "events-2.csv", range(4, 8))
    text = (tmp_path / "events-2.csv").read_text()
    (tmp_path / "events-2.csv").write_text(text.replace("2024-04-03 10:00:00,Viewed", "2024-04-03 10:00:00,Added"))
    with pytest.raises(InputError, match="Files of events tell of the same time") as refused:
        taken_in(tmp_path)
    assert 'id = "..."' in (refused.value.hint or "")
    found = taken_in(tmp_path, EVENTS | {"id": "key"})
    assert sum(counted_events(found).values()) == 7 * 2 + 1
