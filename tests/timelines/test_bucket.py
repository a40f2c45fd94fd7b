"""A bucket is read as a batch of whole customers, with what was visible before a moment and no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.consents import CONSENTS
from foretell.customer_log.tables.registry import FACT_TABLES, FactTable, Role
from foretell.project.fingerprints import keys_of
from foretell.timelines.bucket import Bucket, bucket_with, buckets_of, last_seconds
from made_orders import DAY, EVERYTHING, Line
from made_store import loaded
from made_views import NOBODY_ELSE, bought

VISITS = FactTable("visits", (Role("pages", "number"),))
LINES = [bought(1, 10, product="p"), bought(3, 20, "b"), bought(5, -4), bought(6, 30, known_at=9 * DAY)]


def bucket_of(root: Path, *loads: list[Line], value: str = "net") -> Bucket:
    [bucket] = buckets_of(loaded(root, *loads), value)  # type: ignore[arg-type]
    return bucket


LOADS = pytest.mark.parametrize("loads", [[LINES], [LINES[:2], LINES[2:]]], ids=["one load", "two loads"])


@LOADS
@pytest.mark.parametrize(("before", "spend"), [(2, [10]), (5, [10, 20]), (9, [10, 20]), (10, [40, 20])])
def test_what_was_not_known_yet_is_not_there(
    tmp_path: Path, loads: list[list[Line]], before: int, spend: list[int]
) -> None:
    batch = bucket_of(tmp_path, *loads).read(before * DAY)
    amounts = batch.views([before * DAY], lambda _: NOBODY_ELSE)[0].orders.total("amount").tolist()
    found = dict(zip(batch.customer_id.to_pylist(), amounts, strict=True))
    assert found == dict(zip("ab", [10_000 * one for one in spend], strict=False))


@LOADS
def test_a_refund_counts_against_net_value_only(tmp_path: Path, loads: list[list[Line]]) -> None:
    for value, expected in (("net", -40_000), ("gross", 0)):
        adjustments = bucket_of(tmp_path / value, *loads, value=value).read(EVERYTHING).adjustments
        assert adjustments.columns["amount"].tolist() == [expected]
        assert adjustments.columns["refunded"].tolist() == [40_000]


@LOADS
def test_customers_are_chosen_by_key(tmp_path: Path, loads: list[list[Line]]) -> None:
    bucket = bucket_of(tmp_path, *loads)
    low, high = sorted(int(key) for key in keys_of(["a", "b"]))
    assert bucket.read(EVERYTHING).customer_key.tolist() == [low, high]
    assert bucket.read(EVERYTHING, low).customer_key.tolist() == [low]
    assert bucket.read(EVERYTHING, high, high).customer_key.tolist() == [high]
    assert bucket.read(EVERYTHING, low - 1).customer_key.tolist() == []


def test_a_log_that_names_no_product_has_no_lines(tmp_path: Path) -> None:
    bucket = bucket_of(tmp_path, [bought(1)])
    assert bucket.lines == ()
    assert len(bucket.read(EVERYTHING).lines) == 0


def test_a_key_tells_its_bucket_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    store = loaded(tmp_path, LINES, buckets=64)
    assert len(buckets_of(store, "net")) == 2
    for name in "ab":
        key = int(keys_of([name])[0])
        assert bucket_with(key, store, "net").read(EVERYTHING).customer_id.to_pylist() == [name]
        assert bucket_with(key + 1, store, "net").parts == ()


def test_the_last_second_of_a_day_is_that_of_all_buckets(tmp_path: Path) -> None:
    lines = [bought(1), bought(1.5, customer="b"), bought(7.25, known_at=8 * DAY)]
    days, seconds = last_seconds(buckets_of(loaded(tmp_path, lines, buckets=8), "net"))
    assert (days.tolist(), seconds.tolist()) == ([1, 8], [43_200, 0])


def test_facts_of_a_declared_table_are_those_of_all_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FACT_TABLES, "visits", VISITS)
    bucket, key = bucket_of(tmp_path, LINES), int(keys_of(["a"])[0])
    rows: list[list[tuple[int, int, int, int | None]]]
    rows = [[(key, 4 * DAY, 0, 3000)], [(key, 2 * DAY, 0, None), (key, 3 * DAY, 6 * DAY, 1000)]]
    paths = []
    for number, own in enumerate(rows):
        table = pa.Table.from_pylist([dict(zip(VISITS.stored.names, row, strict=True)) for row in own], VISITS.stored)
        paths.append(tmp_path / f"{number}.parquet")
        pq.write_table(table, paths[-1])
    with_visits = Bucket(
        bucket.customers, bucket.parts, (), "UTC", "net", tables={"visits": (tuple((path,) for path in paths),)}
    )
    facts = with_visits.read(EVERYTHING, key, key).table("visits")
    assert facts.columns["happened_at"].tolist() == [2 * DAY, 3 * DAY, 4 * DAY]
    assert facts.columns["known_at"].tolist() == [2 * DAY, 9 * DAY, 4 * DAY]
    assert facts.columns["has_pages"].tolist() == [0, 1, 1]
    assert with_visits.read(9 * DAY).table("visits").columns["happened_at"].tolist() == [2 * DAY, 4 * DAY]


def test_words_on_consent_of_later_count_just_before_the_moment_in_their_order(tmp_path: Path) -> None:
    bucket, key = bucket_of(tmp_path, LINES), int(keys_of(["a"])[0])
    told = [(2, 0, "granted"), (3, 9, "denied"), (8, 0, "denied"), (9, 1, "granted")]
    rows = [
        {"customer_key": key, "happened_at": day * DAY, "known_after": late * DAY, "standing": code_of(standing)}
        for day, late, standing in told
    ]
    pq.write_table(pa.Table.from_pylist(rows, CONSENTS.stored), tmp_path / "consents.parquet")
    files = {"consents": (((tmp_path / "consents.parquet",),),)}
    facts = replace(bucket, tables=files).read(7 * DAY, key, key).table("consents")
    assert facts.columns["happened_at"].tolist() == [2 * DAY, 3 * DAY, 7 * DAY - 2, 7 * DAY - 1]
    assert facts.columns["known_at"].tolist() == [2 * DAY, 7 * DAY - 1, 7 * DAY - 1, 7 * DAY - 1]
    assert facts.columns["standing"].tolist() == [code_of(standing) for *_, standing in told]


@LOADS
def test_a_table_that_no_source_has_is_empty(
    tmp_path: Path, loads: list[list[Line]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FACT_TABLES, "visits", VISITS)
    view = bucket_of(tmp_path, *loads).read(EVERYTHING).views([9 * DAY], lambda _: NOBODY_ELSE)[0]
    assert view.table("visits").count().tolist() == [0, 0]
    with pytest.raises(KeyError, match="clicks"):
        view.table("clicks")
