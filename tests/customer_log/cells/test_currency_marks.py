"""Currencies written in the cells: named, and told to be one or several."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from foretell.customer_log.cells.currency_marks import are_one, currencies_in, has_marks
from foretell.project.errors import InputError


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        (["1.50", "-2", "(3)", "1 000,5", "5 %"], set()),
        (["$1", "US$ 2", "3 USD"], {"$", "USD"}),
        (["€5,00", "5,00 €", "EUR 5", "5 Euro"], {"EUR"}),
        (["£3", "12,50 zł", "kr 5", "7 Kč", "Fr. 8"], {"GBP", "PLN", "KR", "CZK", "CHF"}),
        (["3 pcs", "free", "1e-5", None, ""], set()),
    ],
)
def test_a_cell_names_its_currency(cells: list[str | None], named: set[str]) -> None:
    assert set(currencies_in(pa.array(cells))) == named


def test_a_sign_of_several_currencies_goes_with_one_of_them() -> None:
    assert are_one({"KR", "SEK"})
    assert are_one({"¥", "JPY"})
    assert not are_one({"$", "GBP"})
    assert not are_one({"$", "¥"})


def test_a_slice_of_a_column_is_looked_at_alone() -> None:
    cells = pa.array(["$5", "6", "7 EUR"])
    assert not has_marks(cells.slice(1, 1))
    assert has_marks(cells.slice(1, 2))
    assert not has_marks(pa.array([None, ""]))


@pytest.mark.parametrize("late", [3, 4000])
def test_a_second_currency_in_the_amounts_is_refused_wherever_it_stands(
    late: int, write: Callable[..., Path], read: Callable[..., object]
) -> None:
    rows = [f"{n % 9},2024-01-13,$5.50" for n in range(late)] + ["1,2024-01-13,5.50 €"]
    path = write("customer,time,amount\n" + "\n".join(rows) + "\n")
    with pytest.raises(InputError, match="Mixed currencies") as error:
        read(path)
    assert "EUR in '5.50 €'" in str(error.value)


def test_one_currency_in_several_spellings_is_read(write: Callable[..., Path], read: Callable[..., object]) -> None:
    read(write("customer,time,amount\n1,2024-01-13,$5.50\n2,2024-01-14,US$6\n3,2024-01-15,7.00 USD\n4,2024-01-16,8\n"))
