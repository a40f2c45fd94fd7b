"""Whether a column counts days (1, 2, 3, ...) where others have dates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from foretell.customer_log.roles.column_names import plain_name

WORDS = {"day", "days", "dayno", "daynum", "tag", "tage", "jour", "jours", "dia", "dias", "giorno", "dag", "t"}
FURTHEST = 20_000
MOSTLY = 0.9
FEWEST = 3
FEWEST_WITHOUT_NAME = 60


def counts_days(name: str, cells: Sequence[str]) -> bool:
    """Whether a column counts days: whole numbers, below some twenty thousand, in a column of that name.

    >>> counts_days("DAY", ["1", "2", "2", "711"]), counts_days("qty", ["1", "2", "3"]), counts_days("DAY", ["Mon"])
    (True, False, False)
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    whole = [int(float(cell)) for cell in filled if re.fullmatch(r"-?\d{1,5}(?:\.0+)?", cell)]
    named = bool(WORDS & set(plain_name(name).split()))
    return named and len(whole) >= MOSTLY * len(filled) > 0 and len(set(whole)) >= FEWEST and max(whole) <= FURTHEST


def might_count_days(cells: Sequence[str]) -> bool:
    """Whether the values alone could be counted days: whole numbers from a low one on, few of them left out."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or not all(re.fullmatch(r"\d{1,5}(?:\.0+)?", cell) for cell in filled):
        return False
    whole = {int(float(cell)) for cell in filled}
    span = max(whole) - min(whole) + 1
    return (
        len(whole) >= FEWEST_WITHOUT_NAME and len(whole) >= span / 2 and len(whole) < len(filled) and span <= FURTHEST
    )
