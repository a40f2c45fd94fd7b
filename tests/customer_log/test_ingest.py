"""The log takes in what is new, once, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.ingest import Ingested, ingest
from foretell.customer_log.roles.named_columns import columns_of
from foretell.customer_log.stable_keys import code_of
from foretell.pipeline.intake.requests import request_for_files, with_options
from foretell.project.errors import InputError
from foretell.project.intervals import days, parse_day
from foretell.project.progress import Silent
from foretell.project.request import Request, Source
from foretell.timelines.as_of import Population
from foretell.timelines.bucket import buckets_of
from shop import Rows, written

COLUMNS = {"customer": "customer", "time": "sold_at", "order": "order_no", "product": "sku", "amount": "amount"}


def request_for(path: Path, out: Path) -> Request:
    return replace(request_for_files([path], out, columns=COLUMNS), identity="shop")


def ingested(path: Path, out: Path) -> Ingested:
    return ingest(source_files([path]), columns_of(COLUMNS), request_for(path, out), Silent())


def test_the_same_file_twice_counts_once(orders_csv: Path, shop: Rows, tmp_path: Path) -> None:
    first = ingested(orders_csv, tmp_path / "out")
    assert first.store.rows("order_lines") == len(shop)
    again = ingested(orders_csv, tmp_path / "out")
    assert not again.added
    copy = tmp_path / "copy" / "orders.csv"
    copy.parent.mkdir()
    copy.write_bytes(orders_csv.read_bytes())
    assert not ingested(copy, tmp_path / "out").added
    assert again.store.rows("order_lines") == len(shop)


def test_a_grown_file_adds_what_lies_beyond_its_old_part(shop: Rows, tmp_path: Path) -> None:
    path = written(shop[:200], tmp_path / "orders.csv")
    before = ingested(path, tmp_path / "out")
    kept = {file.path for file in before.store.manifest.files("order_lines")}
    written(shop, path)
    after = ingested(path, tmp_path / "out")
    assert [load.rows_read for load in after.added] == [len(shop) - 200]
    assert kept < {file.path for file in after.store.manifest.files("order_lines")}
    assert after.store.rows("order_lines") == len(shop)


def test_a_changed_file_adds_what_changed_and_its_old_self_ends(shop: Rows, tmp_path: Path) -> None:
    path = written(shop, tmp_path / "orders.csv")
    ingested(path, tmp_path / "out")
    order = [row for row in shop if row["order_no"] == shop[60]["order_no"]]
    changed = [{**row, "amount": "1.00"} if row in order else row for row in shop]
    store = ingested(written(changed, path), tmp_path / "out").store
    assert store.rows("order_lines") == len(shop) + len(order)
    assert sum(len(bucket.read(2**61).lines) for bucket in buckets_of(store, "net")) == len(shop)


def test_columns_read_differently_replace_the_old_reading(orders_csv: Path, shop: Rows, tmp_path: Path) -> None:
    ingested(orders_csv, tmp_path / "out")
    other = {**COLUMNS, "category": "sku"}
    request = with_options(request_for(orders_csv, tmp_path / "out"), {"columns": other})
    again = ingest(source_files([orders_csv]), columns_of(other), request, Silent())
    assert len(again.loads) == 1
    assert again.store.rows("order_lines") == len(shop)


def test_a_folder_with_another_sources_state_is_refused(orders_csv: Path, tmp_path: Path) -> None:
    ingested(orders_csv, tmp_path / "out")
    request = replace(request_for(orders_csv, tmp_path / "out"), identity="another shop")
    with pytest.raises(InputError, match="another source"):
        ingest(source_files([orders_csv]), columns_of(COLUMNS), request, Silent())


def test_rejected_rows_are_kept_with_their_place(shop: Rows, tmp_path: Path) -> None:
    broken = [dict(row) for row in shop]
    broken[3]["sold_at"] = ""
    broken[5]["sold_at"] = "soon"
    broken[7]["amount"] = "a lot"
    done = ingested(written(broken, tmp_path / "orders.csv"), tmp_path / "out")
    found = done.store.rejected().to_pylist()
    assert [(row["line"], row["column"]) for row in found] == [(5, "sold_at"), (7, "sold_at"), (9, "amount")]
    assert done.loads[0].rows_read == len(shop) == done.loads[0].lines + done.loads[0].rejected


def of_countries(shop: Rows) -> Rows:
    """The shop with a country, a channel and a discount on every row."""
    countries = ("Peru", "CHAD", "")
    return [
        {**row, "land": countries[int(row["customer"][1:]) % 3], "via": "web", "off": "0.1" if n % 2 else ""}
        for n, row in enumerate(shop)
    ]


def test_a_grown_file_says_of_its_orders_what_a_whole_one_does(shop: Rows, tmp_path: Path) -> None:
    columns = COLUMNS | {"country": "land", "channel": "via", "discount": "off"}
    rows = of_countries(shop)

    def taken_in(path: Path, out: Path) -> tuple[int, list[tuple[int, str]], list[list[int]]]:
        request = replace(request_for_files([path], out, columns=columns), identity="shop")
        store = ingest(source_files([path]), columns_of(columns), request, Silent()).store
        [bucket] = buckets_of(store, "net")
        batch = bucket.read(2**62)
        told = [batch.orders.columns[name].tolist() for name in ("happened_at", "country", "channel", "discount")]
        return len(store.manifest.loads()), sorted(batch.words.items()), told

    path = tmp_path / "grown" / "orders.csv"
    path.parent.mkdir()
    for count in (150, 300):
        written(rows[:count], path)
        taken_in(path, tmp_path / "out")
    loads, words, grown = taken_in(written(rows, path), tmp_path / "out")
    assert (loads, words) == (3, sorted((code_of(text), text) for text in ("Peru", "Chad", "web")))
    whole = taken_in(written(rows, tmp_path / "orders.csv"), tmp_path / "other")
    assert whole == (1, words, grown)
    assert max(grown[3]) > 0


NOW = parse_day("2026-01-01", "UTC")


def test_an_export_without_times_does_not_rewrite_what_an_earlier_one_said(
    orders_csv: Path, shop: Rows, tmp_path: Path
) -> None:
    path, who = tmp_path / "profiles.csv", shop[0]["customer"]
    source = Source((path,), "profiles", {"customer": "id", "city": "city"})
    cities = []
    for place, city in enumerate(("Bonn", "Kiel")):
        path.write_text(f"id,city\n{who},{city}\n", encoding="utf-8")
        request = replace(request_for(orders_csv, tmp_path / "out"), now=NOW + place * days(30))
        request = replace(request, sources=(*request.sources, source))
        store = ingest(source_files([orders_csv]), columns_of(COLUMNS), request, Silent()).store
        cities.append(code_of(city))
    batch = buckets_of(store, "net")[0].read(NOW + days(400))
    views = batch.views([NOW, NOW + days(1), NOW + days(31)], lambda _: Population(0, 1.0, 1.0))
    told = [view.table("profiles").last("value")[batch.customer_id.to_pylist().index(who)] for view in views]
    assert np.isnan(told[0])
    assert told[1:] == cities
