"""What the cells of a column are, told from a few texts: dates, figures, money."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.date_forms import PLAIN_NUMBER
from foretell.customer_log.cells.dates import moments, readable_dates
from foretell.customer_log.files.header_row import NUMBER_OR_DATE
from foretell.customer_log.roles.column_names import name_score

LOOKED_AT = 300
LATEST = 2**61
MOSTLY = 0.9
ONE_WAY = 0.95
JUMPS = 0.2
DECIMALS = re.compile(r"\d[.,]\d{1,4}\D*$")


def are_dates(cells: np.ndarray) -> bool:
    """Whether nearly all texts are dates, written as such."""
    few = cells[:: max(1, len(cells) // LOOKED_AT)]
    if not len(few) or sum(bool(re.match(PLAIN_NUMBER, cell)) for cell in few) > len(few) // 2:
        return False
    return bool(readable_dates(pa.array(few.tolist(), pa.string()), "UTC", LATEST).mean() >= MOSTLY)


def are_figures(cells: np.ndarray) -> bool:
    """Whether nearly all texts are numbers."""
    few = cells[:: max(1, len(cells) // LOOKED_AT)]
    return bool(len(few)) and sum(bool(NUMBER_OR_DATE.fullmatch(cell)) for cell in few) >= MOSTLY * len(few)


def is_money(name: str, cells: np.ndarray) -> bool:
    """Whether a column holds money rather than a number that names something: figures with decimals, or figures below
    the name of an amount."""
    if not are_figures(cells) or are_dates(cells):
        return False
    decimals = sum(bool(DECIMALS.search(cell)) for cell in cells[:LOOKED_AT])
    return decimals > min(len(cells), LOOKED_AT) // 2 or name_score("amount", name) >= MOSTLY / 2


def order_of_dates(cells: np.ndarray, begins: np.ndarray) -> bool:
    """Whether the dates go one way within groups, each of which begins where `begins` says, and jump between them."""
    column = pa.array(cells.tolist(), pa.string())
    times = max((moments(column, order, "UTC", LATEST) for order in (None, "dmy", "mdy")), key=_read).happened_at
    steps, jump = np.diff(times), begins[1:]
    within, between = steps[~jump], steps[jump]
    if not len(within) or not len(between):
        return False
    return any((within * way >= 0).mean() >= ONE_WAY and (between * way < 0).mean() >= JUMPS for way in (1, -1))


def _read(found: object) -> int:
    return int((found.reasons == 0).sum())  # type: ignore[attr-defined]
