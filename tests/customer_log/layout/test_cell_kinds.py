"""What a few texts of a column say about it."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.customer_log.layout.cell_kinds import are_dates, are_figures, is_money, order_of_dates


def texts(*cells: str) -> np.ndarray:
    return np.array(cells, object)


@pytest.mark.parametrize(
    ("cells", "dates", "figures"),
    [
        (("2025-01-03", "2025-01-04 10:00"), True, True),
        (("3 May 2025", "4. Mai 2025"), True, False),
        (("1756684800", "1756684900"), False, True),
        (("5", "6.50", "-3"), False, True),
        (("mug", "cup"), False, False),
        ((), False, False),
    ],
)
def test_dates_and_figures(cells: tuple[str, ...], dates: bool, figures: bool) -> None:
    assert (are_dates(texts(*cells)), are_figures(texts(*cells))) == (dates, figures)


def test_money_has_decimals_or_the_name_of_an_amount() -> None:
    assert is_money("x", texts("5.00", "6,50"))
    assert is_money("order total", texts("5", "6"))
    assert not is_money("customer id", texts("17850", "17851"))
    assert not is_money("x", texts("mug"))


def test_dates_that_jump_back_between_groups() -> None:
    days = texts("1/2/2025", "15/3/2025", "2/1/2025", "14/5/2025", "3/1/2025", "4/1/2025")
    begins = np.array([True, False, True, False, True, False])
    assert order_of_dates(days, begins)
    assert not order_of_dates(np.sort(texts("2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04")), begins[:4])
    assert not order_of_dates(texts("2025-01-01"), begins[:1])
