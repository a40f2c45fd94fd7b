"""A second currency is refused, wherever it stands and in whatever case it is written; one alone never is."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.recognition.currencies import refuse_mixed, refuse_mixed_marks
from foretell.project.errors import InputError

FILE = SourceFile(Path("orders.csv"), "orders.csv", "csv")
CODES = ("EUR", "usd", "GBP", "chf")


def column(*cells: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(cells, pa.string())])


@given(st.lists(st.sampled_from(CODES), min_size=1, max_size=6), st.integers(0, 6))
def test_a_second_code_is_refused_and_one_is_not(codes: list[str], cut: int) -> None:
    seen: dict[str, str] = {}
    parts = [part for part in (codes[:cut], codes[cut:]) if part]
    if len(set(codes)) == 1:
        for part in parts:
            refuse_mixed(seen, column(*part, None, part[0].lower()), "currency", FILE)
        assert list(seen) == [codes[0].upper()]
    else:
        with pytest.raises(InputError, match="Mixed currencies") as caught:
            [refuse_mixed(seen, column(*part), "currency", FILE) for part in parts]  # type: ignore[func-returns-value]
        assert caught.value.column == "currency"


@pytest.mark.parametrize(
    ("cells", "is_refused"),
    [
        (("€ 5", "7,50 €", "EUR 3"), False),
        (("$5", "5 USD"), False),
        (("$5", "5 EUR"), True),
        (("5 GBP", "£7", "€2"), True),
        (("5", "7.25", None), False),
    ],
)
def test_marks_in_the_cells_count_as_a_column_of_currencies_does(
    cells: tuple[str | None, ...], is_refused: bool
) -> None:
    if not is_refused:
        refuse_mixed_marks({}, column(*cells), "amount", FILE)
        return
    with pytest.raises(InputError, match="Mixed currencies") as caught:
        refuse_mixed_marks({}, column(*cells), "amount", FILE)
    assert "keep the rows of each currency" in (caught.value.hint or "")
