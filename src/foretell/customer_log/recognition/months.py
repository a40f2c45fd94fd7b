"""Columns that hold months, quarters or weeks where a purchase has its day: rows that sum up are no purchases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from foretell.customer_log.cells.month_names import month_number
from foretell.project.errors import InputError

MOSTLY = 0.9
SHOWN = 3
MONTH = re.compile(
    r"(?P<name>[^\W\d_]{3,})\.?[-/ ,']*(?:19|20)?\d{2}|(?:19|20)\d{2}[-/. ]?(?:0?[1-9]|1[0-2])|"
    r"(?:0?[1-9]|1[0-2])[-/.](?:19|20)\d{2}|(?:19|20)\d{2}[-/. ]*(?P<after>[^\W\d_]{3,})"
)
QUARTER = re.compile(r"(?i)(?:19|20)\d{2}[-/ ]*[qwkt]w?\d{1,2}|[qwkt]w?\d{1,2}[-/ ]*(?:19|20)\d{2}")


def refuse_months(columns: Mapping[str, Sequence[str]], file: str | None = None) -> None:
    """InputError where a column (its texts) holds months, quarters or weeks in which no day is named."""
    for name, texts in columns.items():
        if are_months(texts):
            raise InputError(
                f"{name} holds months or the like, and no days: each row seems to sum up what somebody bought in one.",
                file=file,
                column=name,
                found=", ".join(list(dict.fromkeys(texts))[:SHOWN]),
                expected="one row a purchase, with the day on which it happened",
                hint="export the single orders: a sum of a month tells neither when somebody bought nor how often",
            )


def are_months(cells: Sequence[str]) -> bool:
    """Whether the cells are months, quarters or weeks, in which no day is named.

    >>> [are_months([cell]) for cell in ("Oct 2025", "2025-10", "10/2025", "2025 Q3", "2025-10-01", "202510", "May 5")]
    [True, True, True, True, False, True, False]
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and sum(map(_is_month, filled)) >= MOSTLY * len(filled)


def _is_month(cell: str) -> bool:
    match = MONTH.fullmatch(cell)
    if not match:
        return bool(QUARTER.fullmatch(cell))
    name = match["name"] or match["after"]
    return not name or month_number(name) > 0
