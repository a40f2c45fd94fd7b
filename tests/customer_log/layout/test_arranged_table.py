"""Rows that lean on the rows above are read as orders of several lines, and the notes say how many there were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.customer_log.files import csv_files
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.layout.arranged_table import ArrangedTable
from foretell.customer_log.schema import Columns, LinesBatch

Write = Callable[..., Path]
Read = Callable[..., LinesBatch]
COLUMNS = Columns("mail", "at", unit_price="price", quantity="qty", order="no")
HEADER = "no,mail,at,state,total,qty,item,price\n"


def shop(count: int, number: bool = True) -> list[list[str]]:
    """Orders of one to three lines; their fields stand on the first alone."""
    rows = []
    for n in range(count):
        first = [f"#{n}", f"c{n % 7}@x.org", f"2025-{n % 12 + 1:02d}-11", "paid", f"{(n % 3 + 1) * 2}.00"]
        for line in range(n % 3 + 1):
            own = first if not line else [f"#{n}" if number else "", "", "", "", ""]
            rows.append([*own, "1", f"Mug {line}", "2.00"])
    return rows


def text(rows: list[list[str]], header: str = HEADER) -> str:
    return header + "".join(",".join(row) + "\n" for row in rows)


@pytest.mark.parametrize("number", [True, False])
@pytest.mark.parametrize("block", [200, 1 << 20])
def test_lines_belong_to_their_order_over_the_bounds_of_blocks(
    number: bool, block: int, write: Write, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "BLOCK_BYTES", block)
    path = write(text(shop(60, number)))
    found = read(path, COLUMNS)
    assert (found.lines.num_rows, found.rejected.num_rows) == (120, 0)
    orders = found.lines.group_by(["order_id", "customer_id", "happened_at"]).aggregate([("amount", "sum")])
    assert len(orders) == 60
    assert sorted(orders["amount_sum"].to_pylist()) == [20_000] * 20 + [40_000] * 20 + [60_000] * 20


def test_the_figures_are_told_once_the_rows_were_read(write: Write) -> None:
    table = open_table(source_files([write(text(shop(60)))])[0])
    assert isinstance(table, ArrangedTable)
    assert table.notes == []
    list(table.batches(["mail"]))
    assert table.notes == ["orders.csv: 60 rows continue the order above, by its no"]
    list(table.batches(["mail", "at"]))
    assert table.notes == ["orders.csv: 60 rows continue the order above, by its no"]


def test_a_line_finds_the_order_of_its_number_though_others_stand_between(write: Write, read: Read) -> None:
    late = ["#0", "", "", "", "", "1", "Late mug", "2.00"]
    found = read(write(text([*shop(60), late])), COLUMNS)
    line = found.lines.slice(120).to_pylist()[0]
    assert (line["order_id"], line["customer_id"]) == ("#0", "c0@x.org")
    stranger = read(write(text([*shop(60), ["#999", *late[1:]]])), COLUMNS)
    assert stranger.rejected["reason"].to_pylist() == ["no date"]


def test_the_total_of_an_order_counts_once(write: Write, read: Read) -> None:
    found = read(write(text(shop(60))), Columns("mail", "at", amount="total", order="no"))
    assert found.rejected.num_rows == 0
    assert sum(found.lines["amount"].to_pylist()) == 20 * (2 + 4 + 6) * 10_000


def test_what_was_added_to_a_file_still_knows_the_order_above(write: Write) -> None:
    rows = shop(60)
    path = write(text(rows))
    begin = len(text(rows[:-1]).encode())
    file = source_files([path])[0]
    (block,) = (block for block in open_table(file).batches(["mail", "item"], begin) if len(block.lines))
    assert block.rows.to_pylist() == [{"mail": "c3@x.org", "item": "Mug 2"}]
    assert block.lines.tolist() == [121]


def test_a_parquet_file_with_empty_cells_is_read_alike(tmp_path: Path, read: Read) -> None:
    rows = [[cell or None for cell in row] for row in shop(60)]
    names = HEADER.strip().split(",")
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))), path)
    found = read(path, COLUMNS)
    assert (found.lines.num_rows, found.rejected.num_rows) == (120, 0)


REPORT = (
    "Own Shop,,,\nSales by customer,,,\n,,,\n,Date,Item,Amount\nAda,,,\n,2025-01-03,Mug,5.00\n,2025-02-04,Mug,6.00\n"
    "Total for Ada,,,11.00\nBela,,,\n,2025-01-05,Cup,7.00\nTotal for Bela,,,7.00\nTOTAL,,,18.00\n,,,\nAs of May,,,\n"
)


def test_a_report_with_headings_titles_and_totals(write: Write, read: Read) -> None:
    path = write(REPORT)
    found = read(path, Columns("customer heading", "Date", amount="Amount"))
    assert found.rejected.num_rows == 0
    lines = [(line["customer_id"], line["amount"] / 10_000) for line in found.lines.to_pylist()]
    assert lines == [("Ada", 5.0), ("Ada", 6.0), ("Bela", 7.0)]
    table = open_table(source_files([path])[0])
    list(table.batches(table.column_names))
    assert [note.partition(": ")[2] for note in table.notes] == [
        "2 lines stand above the header and are left out: “Own Shop”, “Sales by customer”",
        "3 rows with nothing but customer heading read as headings of the rows below",
        "3 rows of totals left out",
    ]


def test_orders_of_several_lines_within_groups(write: Write, read: Read) -> None:
    rows = []
    for n in range(6):
        for k in range(3):
            rows.append(f"{f'C{n}' if not k else ''},2025-{k + 1:02d}-0{n + 1},Mug,{k}.50\n")
            rows.append(",,Cup,1.25\n")
    found = read(write("who,when,item,sum\n" + "".join(rows)), Columns("who", "when", amount="sum", product="item"))
    assert (found.lines.num_rows, found.rejected.num_rows) == (36, 0)
    orders = found.lines.group_by(["customer_id", "happened_at"]).aggregate([("amount", "sum")])
    assert len(orders) == 18
    assert sum(orders["amount_sum"].to_pylist()) == 10_000 * (6 * (0.5 + 1.5 + 2.5) + 18 * 1.25)


def test_grouped_cells_count_for_the_rows_below(write: Write, read: Read) -> None:
    rows = [f"{f'C{n}' if not k else ''},2025-{k + 1:02d}-0{n + 1},{k}.50\n" for n in range(5) for k in range(4)]
    found = read(write("who,when,sum\n" + "".join(rows)), Columns("who", "when", amount="sum"))
    assert found.lines["customer_id"].to_pylist() == [f"C{n}" for n in range(5) for _ in range(4)]
