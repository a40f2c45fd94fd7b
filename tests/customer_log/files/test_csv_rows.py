"""Rows of delimited text begin and end where quotes say so, and a cell is read as it was meant."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.files.csv_rows import LONGEST_CELL_LINES, Row, RowSplitter, cut_of

CELL = st.text('ab," ', max_size=5) | st.text("ab, \n", max_size=5)
CELLS = st.lists(CELL.map(str.strip), min_size=1, max_size=4)
COMMA = RowSplitter(",")


def written(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_rows_in_quotes_are_read_as_they_were_written(rows: list[list[str]]) -> None:
    physical = written(rows).split("\n")[:-1]
    at, found = 0, []
    while at < len(physical):
        row = COMMA.row(physical, at, last=True)
        found.append(row.cells)
        at += row.height
    assert found == rows


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_a_block_is_cut_where_its_rows_end(rows: list[list[str]]) -> None:
    text = written(rows)
    cut = cut_of(text.encode(), b",")
    assert cut is not None
    ends = [len(written(rows[: count + 1])) - 1 for count in range(len(rows))]
    assert cut.ends.tolist() == ends
    assert cut.lines.tolist() == [text.count("\n", 0, end + 1) for end in ends]
    assert cut.multiline == any("\n" in cell for row in rows for cell in row)
    assert len(cut.quotes) == text.count('"')


def test_a_block_without_quotes_is_cut_at_every_line() -> None:
    cut = cut_of(b"a,b\r\nc,d\nrest", b",")
    assert cut is not None
    assert (cut.ends.tolist(), cut.lines.tolist(), cut.multiline) == ([4, 8], [1, 2], False)


@pytest.mark.parametrize("data", [b'a 5" screen,b\n', b'"a"b,c\n', b"a\rb\n"])
def test_a_stray_quote_or_line_end_is_not_cut_but_read_row_by_row(data: bytes) -> None:
    assert cut_of(data, b",") is None


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a,,b", ["a", "", "b"]),
        ("", [""]),
        ('5" screen,b\r', ['5" screen', "b"]),
        ('"a"b,c', ["ab", "c"]),
        (' "a,b" ,c', ["a,b", "c"]),
        ('"say ""hi""",', ['say "hi"', ""]),
    ],
)
def test_cells_of_one_line(line: str, cells: list[str]) -> None:
    assert COMMA.row([line], 0, last=True) == Row(cells, 1)


def test_a_quote_that_is_not_closed_spoils_its_own_line_alone() -> None:
    physical = ['"a,b', '"c",d', "e,f"]
    assert COMMA.row(physical, 0, last=True) == Row(None, 1)
    assert COMMA.row(physical, 1, last=True) == Row(["c", "d"], 1)


def test_a_row_that_may_go_on_in_the_next_block_is_incomplete() -> None:
    assert COMMA.row(['"a'], 0, last=False) == Row(None, 1, incomplete=True)
    assert COMMA.row(['"a'], 0, last=True) == Row(None, 1)
    assert COMMA.row(['"a'] + [""] * LONGEST_CELL_LINES, 0, last=False) == Row(None, 1)


def test_the_delimiter_may_be_a_sign_that_patterns_know() -> None:
    assert RowSplitter("|").row(['"a|b"|c^'], 0, last=True).cells == ["a|b", "c^"]
    assert RowSplitter("^").row(['"a^b"^c|'], 0, last=True).cells == ["a^b", "c|"]
