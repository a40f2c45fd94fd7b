"""The header is the first row, unless that one fills few cells of a wider table."""

from __future__ import annotations

import pytest

from foretell.customer_log.files.header_row import header_row, titles_told

TABLE = [["who", "when", "sum"], ["A", "2024-05-01", "5"], ["B", "2024-05-02", "6"]]


@pytest.mark.parametrize(
    ("above", "at"),
    [([], 0), ([["Sales"]], 1), ([["Sales", "", ""], ["", "", ""], ["May", "", ""]], 3), ([["Sales, 5"]], 1)],
)
def test_title_lines_are_passed_over(above: list[list[str]], at: int) -> None:
    assert header_row([*above, *TABLE]) == at


@pytest.mark.parametrize("rows", [TABLE[:1], [["one"], ["A"], ["B"]], [["who", "", "sum"], *TABLE[1:]]])
def test_a_table_without_titles_begins_with_its_first_row(rows: list[list[str]]) -> None:
    assert header_row(rows) == 0


def test_figures_are_no_header() -> None:
    assert header_row([["Sales"], *TABLE[1:], *TABLE[1:]]) == -1


def test_titles_are_told_shortly() -> None:
    assert titles_told([["", ""]], "o.csv") == ""
    assert titles_told([["x" * 50]], "o.csv") == f"o.csv: 1 line stands above the header and is left out: “{'x' * 39}…”"
