"""Cells of a sheet as people write them."""

from __future__ import annotations

import datetime as dt

import pytest

from foretell.customer_log.files.sheets import cell_text


@pytest.mark.parametrize(
    ("cell", "text"),
    [(5.0, "5"), (5.5, "5.5"), (True, "true"), (dt.date(2024, 1, 2), "2024-01-02"), ("x", "x"), ("", ""),
     (dt.datetime(2024, 1, 2, 3), "2024-01-02 03:00:00"), (dt.timedelta(hours=1), "1:00:00")],
)  # fmt: skip
def test_cells_as_text(cell: object, text: str) -> None:
    assert cell_text(cell) == text
