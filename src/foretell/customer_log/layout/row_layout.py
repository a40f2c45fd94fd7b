"""How the rows of a table belong together: order fields on the first line only, grouped cells, headings above rows.

Told from the first rows alone, by which cells are empty together; the names of columns decide nothing here but which
column holds money.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.customer_log.layout.cell_kinds import are_dates, are_figures, is_money, order_of_dates
from foretell.customer_log.layout.total_rows import are_totals
from foretell.customer_log.roles.column_names import name_score

MOST_CELLS = 400_000
FEWEST_ROWS = 3
LEAST_SHARE = 0.01
FILLED = 0.9
ANCHORS = 6
UNNAMED = re.compile(r"column \d+")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
HEADING = "heading"
WEAKLY_NAMED = 0.45
EXPECTED_CELLS = 5.0
"""A column that is filled on first lines alone counts as one of theirs where chance would have filled so many cells of
the lines below."""


@dataclass(frozen=True)
class RowLayout:
    """`anchors` are the columns that are empty together on a row that continues the order above, `carried` those that
    such a row takes from it, `once` the money of the whole order, which stays on its first line. `number` is the column
    with the order's number where the rows of an order share it. `text` is a column that such a row has to fill where
    there is no number. `heading` is the column in which a name stands alone above its rows, `time` the column of dates
    that such a row lacks, and `heading_as` what the column is called below; a cell of `grouped` counts for the rows
    below it."""

    anchors: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    number: str = ""
    text: str = ""
    heading: str = ""
    heading_as: str = ""
    time: str = ""
    grouped: str = ""

    def controls(self) -> tuple[str, ...]:
        """The columns that say what a row is."""
        named = (*self.anchors, self.number, self.text, self.heading, self.time, self.grouped)
        return tuple(dict.fromkeys(name for name in named if name))


def layout_of(names: Sequence[str], rows: Sequence[Sequence[str]]) -> RowLayout | None:
    """The layout that the first rows show; None for a plain table, in which each row says all about itself."""
    width = len(names)
    begin = rows[: MOST_CELLS // max(1, width)]
    kept = [[cell.strip() for cell in row] for row in begin if len(row) == width and any(cell.strip() for cell in row)]
    if len(kept) <= FEWEST_ROWS or width < FEWEST_ROWS:
        return None
    cells = np.array(kept, object)
    empty = cells == ""
    if not empty.any():
        return None
    return _by_number(names, cells, empty) or _by_dates(names, cells, empty)


def _by_dates(names: Sequence[str], cells: np.ndarray, empty: np.ndarray) -> RowLayout | None:
    """What the fullest column of dates tells of the rows without one."""
    width = len(names)
    dated = [at for at in range(width) if are_dates(cells[~empty[:, at], at])]
    if not dated:
        return None
    time = min(dated, key=lambda at: (int(empty[:, at].sum()), at))
    rest = _by_place if empty[:, time].any() else _grouped
    return _headed(names, cells, empty, time) or rest(names, cells, empty, time)


def _by_number(names: Sequence[str], cells: np.ndarray, empty: np.ndarray) -> RowLayout | None:
    """Rows that share a number with the row above, and leave the fields of the order empty."""
    best: RowLayout | None = None
    for at in np.flatnonzero(empty.mean(axis=0) <= LEAST_SHARE).tolist():
        below = np.append(False, (cells[1:, at] == cells[:-1, at]) & ~empty[1:, at])
        if below.sum() < max(FEWEST_ROWS, LEAST_SHARE * len(cells)) or below.all():
            continue
        found = _of_first_lines(names, cells, empty, below)
        if found and len(found.anchors) > 1 and (best is None or len(found.anchors) > len(best.anchors)):
            best = RowLayout(found.anchors, found.carried, found.once, number=names[at])
    return best


def _by_place(names: Sequence[str], cells: np.ndarray, empty: np.ndarray, time: int) -> RowLayout | None:
    """Rows without a date that name a product or another text, below rows with one."""
    total = are_totals(cells)
    below = empty[:, time] & ~total
    if below[0] or below.sum() < max(FEWEST_ROWS, LEAST_SHARE * len(cells)):
        return None
    texts = [
        at
        for at in range(len(names))
        if (~empty[below, at]).mean() >= FILLED and not are_figures(cells[below & ~empty[:, at], at])
    ]
    if not texts or _own_number(names, cells):
        return None
    below &= ~empty[:, texts[0]]
    found = _of_first_lines(names, cells, empty, below)
    if found is None or names[time] not in found.carried:
        return None
    grouped = _grouped(names, cells[~below], empty[~below], time)
    if grouped:
        rest = tuple(name for name in found.carried if name != grouped.grouped)
        return RowLayout(found.anchors, rest, found.once, text=names[texts[0]], grouped=grouped.grouped)
    if len(found.anchors) < 2:
        return None
    return RowLayout(found.anchors, found.carried, found.once, text=names[texts[0]])


def _own_number(names: Sequence[str], cells: np.ndarray) -> bool:
    """Whether each row has a number of an order of its own, so that none continues another."""
    numbers = [at for at, name in enumerate(names) if name_score("order", name) >= WEAKLY_NAMED]
    return any(len(set(cells[:, at])) == len(cells) for at in numbers)


def _of_first_lines(names: Sequence[str], cells: np.ndarray, empty: np.ndarray, below: np.ndarray) -> RowLayout | None:
    """The columns that the rows below leave empty and the first lines fill; None without one to carry down."""
    first = ~below
    share = (~empty[first]).mean(axis=0)
    theirs = np.flatnonzero(
        empty[below].all(axis=0) & (share * below.sum() >= min(EXPECTED_CELLS, 0.9 * below.sum()))
    ).tolist()
    money = {at for at in theirs if is_money(names[at], cells[first & ~empty[:, at], at])}
    carried = tuple(names[at] for at in theirs if at not in money)
    anchors = tuple(names[at] for at in theirs if share[at] >= FILLED)[:ANCHORS]
    if not carried or not anchors:
        return None
    return RowLayout(anchors, carried, tuple(names[at] for at in theirs if at in money))


def _headed(names: Sequence[str], cells: np.ndarray, empty: np.ndarray, time: int) -> RowLayout | None:
    """Rows in which one cell alone is filled, above rows that leave that column empty."""
    alone = (~empty).sum(axis=1) == 1
    total = are_totals(cells)
    data = ~empty[:, time]
    for at in range(time):
        heads = alone & ~empty[:, at] & ~total
        if heads.sum() >= 2 and data.any() and empty[data, at].mean() >= FILLED and heads[: int(data.argmax())].any():
            return RowLayout(heading=names[at], heading_as=_called(names, at, cells[heads, at]), time=names[time])
    return None


def _called(names: Sequence[str], at: int, headings: np.ndarray) -> str:
    """The name of a column of headings: its own; where it has none, and no other column is named as the customer's, the
    rows can only be those of whom they stand below."""
    if not UNNAMED.fullmatch(names[at]):
        return names[at]
    named = max(name_score("customer", name) for name in names) >= WEAKLY_NAMED
    of_time = sum(bool(YEAR.search(heading)) for heading in headings) > len(headings) // 2
    return HEADING if named or of_time else f"customer {HEADING}"


def _grouped(names: Sequence[str], cells: np.ndarray, empty: np.ndarray, time: int) -> RowLayout | None:
    """A column to the left of the dates with a cell at the beginning of each group of rows, within which the dates go
    one way while they jump back from group to group: a table in the order of time with buyers who are not known looks
    otherwise."""
    for at in range(time):
        filled = ~empty[:, at]
        values = cells[filled, at]
        if not filled[0] or filled.sum() < FEWEST_ROWS or filled.mean() > FILLED or len(set(values)) < len(values):
            continue
        if order_of_dates(cells[:, time], filled):
            return RowLayout(grouped=names[at])
    return None
