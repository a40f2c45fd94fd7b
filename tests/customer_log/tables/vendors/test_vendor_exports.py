"""Each export of a vendor is told by its header, read as its entry says, and never taken for another one."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.roles.vendors import known_exports
from foretell.customer_log.stable_keys import stable_keys
from foretell.customer_log.tables.facts import FactsBatch, read_facts
from foretell.customer_log.tables.registry import FACT_TABLES
from foretell.customer_log.tables.table_guess import tables_of
from foretell.customer_log.tables.vendors.vendor_exports import VendorExport, Words, vendor_export_of, vendor_exports
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day
from foretell.project.request import Source

NOW = parse_day("2026-01-01", "UTC")
FOLDER = Path(__file__).parent / "samples"
SAMPLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
EXPORTS = {export.name: export for export in vendor_exports()}
Write = Callable[..., Path]
each_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


def rows_of(path: Path) -> pa.Table:
    read = open_table(source_files([path])[0])
    return next(iter(read.batches(read.column_names))).rows


def read(path: Path) -> dict[str, FactsBatch]:
    """By table what a file says."""
    (file,), found = source_files([path]), {}
    for guess in tables_of(file):
        FACT_TABLES[guess.table].check(Source((path,), guess.table, guess.columns))
        (found[guess.table],) = read_facts(file, FACT_TABLES[guess.table], guess.columns, Conventions(), ("UTC", NOW))
    return found


def edited(sample: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    """The text of a sample with each row changed."""
    if not sample["file"].endswith(".csv"):
        return "".join(json.dumps(change(json.loads(line))) + "\n" for line in sample["text"].splitlines())
    rows = [change(row) for row in csv.DictReader(io.StringIO(sample["text"]))]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_every_export_has_one_sample() -> None:
    assert sorted(sample["export"] for sample in SAMPLES.values()) == sorted(EXPORTS)


@each_sample
def test_a_sample_becomes_the_facts_of_its_customers_at_their_times(write: Write, sample: dict[str, Any]) -> None:
    found = read(write(sample["text"], sample["file"]))
    assert set(found) == set(sample["facts"]) == set(EXPORTS[sample["export"]].tables)
    for table, expected in sample["facts"].items():
        keys = stable_keys(pa.array([customer for customer, _ in expected])).tolist()
        times = [
            int(datetime.fromisoformat(f"{when}+00:00").timestamp()) * 1_000_000 if when else NOW
            for _, when in expected
        ]
        batch = found[table]
        told = zip(batch.facts["customer_key"].to_pylist(), batch.facts["happened_at"].to_pylist(), strict=True)
        assert set(told) == set(zip(keys, times, strict=True))
        assert batch.rejected.num_rows == sample["rejected"]


@each_sample
def test_what_is_of_the_day_of_the_export_is_named_and_changes_no_fact(write: Write, sample: dict[str, Any]) -> None:
    export, path = EXPORTS[sample["export"]], write(sample["text"], sample["file"])
    states, said = export.states_in(rows_of(path).column_names), export.said(rows_of(path).column_names)
    used = {column for guess in tables_of(source_files([path])[0]) for column in guess.columns.values()}
    assert not used & set(states)
    assert bool(states) == bool(export.state)
    assert all(column in said[-1] for column in states)
    assert ("unverified" in said[0]) is not export.verified
    changed = edited(sample, lambda row: {name: 7 if name in states else cell for name, cell in row.items()})
    assert same(read(path), read(write(changed, f"changed-{sample['file']}")))


@each_sample
def test_neither_an_unknown_column_nor_another_order_of_columns_changes_a_fact(
    write: Write, sample: dict[str, Any]
) -> None:
    def change(row: dict[str, Any]) -> dict[str, Any]:
        return dict(reversed([("Brand new (metadata)", "x"), *row.items()]))

    path = write(sample["text"], sample["file"])
    assert same(read(path), read(write(edited(sample, change), f"changed-{sample['file']}")))


@each_sample
def test_a_sample_is_of_no_other_export(write: Write, sample: dict[str, Any]) -> None:
    rows = rows_of(write(sample["text"], sample["file"]))
    told = [one for one in EXPORTS.values() if one.is_told_by(rows.column_names)]
    assert [one.name for one in told if one.words is None or one.words.fit(rows)] == [sample["export"]]
    for missing in EXPORTS[sample["export"]].told_by:
        assert not EXPORTS[sample["export"]].is_told_by([name for name in rows.column_names if name != missing])


@pytest.mark.parametrize("export", known_exports(), ids=lambda export: export.name)
def test_an_export_of_orders_is_none_of_them(export: Any) -> None:
    assert vendor_export_of(pa.table({name: ["x"] for name in export.columns})) is None


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_no_entry_names_a_column_of_the_day_of_the_export_for_a_role(export: VendorExport) -> None:
    used = {column for columns in export.tables.values() for column in columns.values()}
    assert not used & set(export.state)
    assert not set(export.customers) & set(export.state)
    assert set(export.tables) <= set(FACT_TABLES)
    assert not (export.verified and "general knowledge" in export.read_from)


def test_a_file_that_mixes_two_tables_is_refused(write: Write) -> None:
    text = (
        "id,metric,datetime,email\n1,Received Email,2024-03-01,a@example.com\n"
        "2,Viewed Product,2024-03-01,a@example.com\n"
    )
    with pytest.raises(InputError, match="mixes facts of two tables"):
        vendor_export_of(rows_of(write(text)))


def test_words_fit_where_all_or_none_of_them_are_of_the_vocabulary() -> None:
    mail, site = pa.table({"metric": ["Opened Email", None]}), pa.table({"metric": ["Viewed Product"]})
    fits = [Words("metric", "responses", are).fit(rows) for are in ("all", "none") for rows in (mail, site)]
    assert fits == [True, False, False, True]


def same(one: dict[str, FactsBatch], other: dict[str, FactsBatch]) -> bool:
    """Whether two readings say the same."""
    return {table: batch.facts.to_pydict() for table, batch in one.items()} == {
        table: batch.facts.to_pydict() for table, batch in other.items()
    }
