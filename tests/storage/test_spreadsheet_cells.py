"""No cell begins a formula wherever it is split, and every text can be told from its cell."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.storage.spreadsheet_cells import cell_text, own_text, with_own_texts, without_formulas

TRIGGERS = "=+-@\t\r＝＋－＠"
TEXTS = st.text(alphabet=st.sampled_from("=+-@\t\r\n ,;|%\"'＝a1.e")) | st.text()


def split_anywhere(cell: str) -> list[str]:
    """What a program may take for cells, whatever it splits at."""
    for sign in ',;|\t\r\n"':
        cell = cell.replace(sign, "\0")
    return cell.split("\0")


@given(TEXTS)
def test_no_cell_begins_a_formula_wherever_it_is_split(text: str) -> None:
    cell = cell_text(text)
    is_number = cell == text and cell.strip("+-0123456789.,eE") == ""
    assert is_number or not any(part.strip()[:1] in tuple(TRIGGERS) for part in split_anywhere(cell))
    assert is_number or cell[:1] not in tuple("|%\n")
    assert cell.replace("'", "") == text.replace("'", "")


@given(TEXTS)
def test_every_text_can_be_told_from_its_cell(text: str) -> None:
    assert own_text(cell_text(text)) == text


@given(st.lists(st.none() | TEXTS, max_size=6))
def test_a_table_is_changed_as_its_texts_are_and_back(texts: list[str | None]) -> None:
    table = pa.table({"who": pa.array(texts, pa.string()), "cost": pa.array([-0.5] * len(texts), pa.float64())})
    cells = without_formulas(table)
    assert cells["who"].to_pylist() == [None if one is None else cell_text(one) for one in texts]
    assert cells["cost"].equals(table["cost"])
    assert with_own_texts(cells).equals(table)


@pytest.mark.parametrize("text", ["=A1", "+A1", "-A1", "@SUM(A1)", "|calc", "%A1", " =A1", "\tA1", "\nA1"])
def test_what_a_spreadsheet_would_run_is_made_a_text(text: str) -> None:
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-17", "+491701234567", "-1.5", "-1.234,5", "-1e-05", "a=b", "", "10 %", "it's"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert cell_text(text) == text
