"""Months, quarters and weeks are told from days."""

from __future__ import annotations

import pytest

from foretell.customer_log.recognition.months import are_months, refuse_months
from foretell.project.errors import InputError


@pytest.mark.parametrize(
    "cell", ["Oct 2025", "Oktober 25", "2025-10", "2025/3", "10.2025", "202510", "2025 Q3", "KW12 2025"]
)
def test_periods(cell: str) -> None:
    assert are_months([cell, cell, ""])


@pytest.mark.parametrize("cell", ["2025-10-01", "1 Oct 2025", "20251001", "12", "Mug 2025", "", "1756684800"])
def test_days_and_other_texts(cell: str) -> None:
    assert not are_months([cell])


def test_what_stood_there_is_shown() -> None:
    with pytest.raises(InputError) as error:
        refuse_months({"when": ["Oct 2025", "Nov 2025"]}, "o.csv")
    assert (error.value.file, error.value.column, error.value.found) == ("o.csv", "when", "Oct 2025, Nov 2025")
