"""A workbook is its sheets of one kind: text for every cell, the number of the row for every line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # has no types

from foretell.customer_log.files.excel_files import ExcelTable
from foretell.customer_log.files.source_files import SourceFile
from foretell.project.errors import InputError

HEADER = ("customer", "sold at", "amount")


def workbook(folder: Path, **sheets: Sequence[Sequence[object]]) -> SourceFile:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(folder / "orders.xlsx")
    return SourceFile(folder / "orders.xlsx", "orders.xlsx", "excel")


def refused(file: SourceFile) -> InputError:
    with pytest.raises(InputError) as error:
        ExcelTable(file)
    assert str(error.value.file).startswith(str(file.path))
    return error.value


def test_cells_are_text_as_people_read_them(tmp_path: Path) -> None:
    rows = (HEADER, (17850.0, dt.datetime(2024, 1, 2, 9, 30), 9.5), ("007", dt.date(2024, 1, 3), True), (None, None, 1))
    table = ExcelTable(workbook(tmp_path, May=rows))
    assert (table.column_names, table.typed, table.notes) == (list(HEADER), False, [])
    (block,) = table.batches(["amount", "customer", "sold at"])
    assert [tuple(row.values()) for row in block.rows.to_pylist()] == [
        ("9.5", "17850", "2024-01-02 09:30:00"),
        ("true", "007", "2024-01-03"),
        ("1", "", ""),
    ]
    assert block.lines.tolist() == [2, 3, 4]
    assert block.rejected.num_rows == 0


def test_empty_rows_count_as_lines_and_are_no_rows(tmp_path: Path) -> None:
    table = ExcelTable(workbook(tmp_path, May=((), HEADER, ("C1", "x", 1), (), ("C2", "y", 2))))
    (block,) = table.batches(["customer"])
    assert (block.rows["customer"].to_pylist(), block.lines.tolist()) == (["C1", "C2"], [3, 5])


def test_sheets_of_one_kind_are_one_table(tmp_path: Path) -> None:
    shuffled = (("amount", "customer", "sold at"), (2, "C2", "y"))
    table = ExcelTable(workbook(tmp_path, Cover=(), May=(HEADER, ("C1", "x", 1)), June=shuffled))
    assert table.notes == ["orders.xlsx: the sheets May and June have the same columns and are read as one table"]
    rows = [row for block in table.batches(["customer", "amount"]) for row in block.rows.to_pylist()]
    assert rows == [{"customer": "C1", "amount": "1"}, {"customer": "C2", "amount": "2"}]


def test_a_sheet_of_another_shape_is_passed_over_and_told(tmp_path: Path) -> None:
    words = (("field", "meaning"), ("customer", "who bought"), ("sold at", "when"), ("amount", "what it cost"))
    table = ExcelTable(workbook(tmp_path, Words=words, May=(HEADER, ("C1", dt.datetime(2024, 1, 2), 1))))
    assert table.column_names == list(HEADER)
    assert table.notes == [
        "orders.xlsx: read is the sheet May; the sheet Words has other columns and is passed over "
        "(--sheet NAME reads one alone)"
    ]


def test_one_sheet_may_be_asked_for(tmp_path: Path) -> None:
    orders = (HEADER, ("C1", "x", 1))
    file = replace(workbook(tmp_path, May=orders, June=(HEADER, ("C2", "y", 2))), sheet="June")
    table = ExcelTable(file)
    (block,) = table.batches(["customer"])
    assert (block.rows["customer"].to_pylist(), table.notes[1:]) == (["C2"], [])
    error = refused(replace(file, sheet="July"))
    assert (error.found, error.expected) == ("July", "one of: May, June")


def test_a_table_may_begin_anywhere_in_the_sheet(tmp_path: Path) -> None:
    rows = ((), (), (None, None, *HEADER), (None, None, "C1", "x", 1), (), (None, None, "C2", "y", 2))
    table = ExcelTable(workbook(tmp_path, May=rows))
    assert table.column_names == list(HEADER)
    (block,) = table.batches(["customer", "amount"])
    assert block.rows.to_pylist() == [{"customer": "C1", "amount": "1"}, {"customer": "C2", "amount": "2"}]
    assert block.lines.tolist() == [4, 6]


def test_title_lines_are_left_out_and_told(tmp_path: Path) -> None:
    table = ExcelTable(workbook(tmp_path, May=(("Sales of May",), (), HEADER, ("C1", "x", 1))))
    assert table.column_names == list(HEADER)
    assert table.notes == ["orders.xlsx, May: 1 line stands above the header and is left out: “Sales of May”"]


def test_a_column_without_a_name_is_counted(tmp_path: Path) -> None:
    table = ExcelTable(workbook(tmp_path, May=(("customer", None, "amount"), ("C1", "x", 1))))
    (block,) = table.batches(["column 2"])
    assert (table.column_names, block.rows["column 2"].to_pylist()) == (["customer", "column 2", "amount"], ["x"])


def test_a_workbook_without_a_header_is_refused(tmp_path: Path) -> None:
    assert refused(workbook(tmp_path, May=())).what == "The workbook is empty."
    assert refused(workbook(tmp_path, May=(HEADER,))).expected == "a header and at least one row"
    error = refused(workbook(tmp_path, May=(("C1", 5, 7), ("C2", 6, 8))))
    assert (error.what, error.line, error.found) == ("The first row is not a header.", 1, "C1, 5, 7")
    error = refused(workbook(tmp_path, May=(("Sales of May",), ("C1", 5, 1), ("C2", 6, 1))))
    assert (error.what, error.line, error.found) == ("There are lines above the header.", 1, "Sales of May")
    error = refused(workbook(tmp_path, May=(("customer", "amount", "amount"), ("C1", 1, 1))))
    assert (error.what, error.column) == ("Two columns have the same name.", "amount")


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path, May=(HEADER, ("C1", "x", 1)))
    file.path.write_bytes(file.path.read_bytes()[:400])
    assert refused(file).what == "The Excel file is damaged or locked by a password."


def test_each_sheet_counts_its_own_lines_and_what_is_refused_names_it(tmp_path: Path) -> None:
    rows = (HEADER, ("C1", "x", 1))
    blocks = list(ExcelTable(workbook(tmp_path, May=rows, June=rows)).batches(["customer"]))
    assert [(block.place("orders.xlsx"), block.lines.tolist()) for block in blocks] == [
        ("orders.xlsx, May", [2]), ("orders.xlsx, June", [2]),
    ]  # fmt: skip
    assert refused(workbook(tmp_path, Notes=((1, 2), (3, 4)))).file == f"{tmp_path / 'orders.xlsx'}, sheet Notes"
