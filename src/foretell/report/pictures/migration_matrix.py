"""The matrix of moves: who goes from which segment to which between two dates, as numbers and as cells of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.segments.movement.tables import NEWCOMERS
from foretell.words.wording import amount, count, counted, percent, shown

UP, DOWN, STAY, EVEN, CAME = "up", "down", "stay", "even", "came"
SAME_LEVEL = 0.03
"""Levels that differ by less than this share of the higher one are told as equal."""
FEWEST_SHOWN = 0.5
CAME_NEWLY = "Newcomers"
SHOWN_AS = {("value", "None"): "No spend"}
"""Segments, by set and name, whose name in the tables says little to a reader."""


@dataclass(frozen=True)
class DrawnMoves:
    """The moves of one set between two dates: float64 [segments + 1, segments], from row to column; the last row is
    the newcomers. `low`, `high` and `ageing` are NaN where the table has none, `money` too."""

    segment_set: str
    segments: tuple[str, ...]
    is_forecast: bool
    begin: date
    end: date
    customers: np.ndarray
    low: np.ndarray
    high: np.ndarray
    money: np.ndarray
    ageing: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the rows, as a reader sees them: one more than columns."""
        return (*(name_shown(self.segment_set, name) for name in self.segments), CAME_NEWLY)

    def total(self, directions: np.ndarray, direction: str) -> float:
        """How many customers go one way."""
        return float(self.customers[directions == direction].sum())


@dataclass(frozen=True)
class MatrixCell:
    """A cell: its number as text, the class of its direction, its share of the row in per cent, and what a pointer
    over it reads; a flow too small to show has no number."""

    told: str
    direction: str
    shade: int
    title: str


@dataclass(frozen=True)
class MatrixRow:
    """Everybody who was in one segment at the first date."""

    name: str
    title: str
    whole: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True)
class Matrix:
    """The rows, and below them how many came into each segment."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    sums: tuple[str, ...]
    whole: str


def name_shown(segment_set: str, segment: str) -> str:
    """A segment as a reader sees it.

    >>> name_shown("rfm", "Lost"), name_shown("value", "None")
    ('Lost', 'No spend')
    """
    return SHOWN_AS.get((segment_set, segment), shown(segment))


def moves_of(migration: pa.Table, segment_set: str, kind: str, segments: Sequence[str]) -> DrawnMoves | None:
    """The moves of one kind, `actual` or `forecast`, with rows and columns in the order given; None without any."""
    rows = migration.filter((pc.field("segment_set") == segment_set) & (pc.field("kind") == kind))
    if not len(rows):
        return None
    starts = {name: place for place, name in enumerate((*segments, NEWCOMERS))}
    begin = [starts[name] for name in rows["from_segment"].to_pylist()]
    end = [starts[name] for name in rows["to_segment"].to_pylist()]

    def filled(column: str, empty: float) -> np.ndarray:
        found = np.full((len(segments) + 1, len(segments)), empty)
        found[begin, end] = rows[column].to_numpy()
        return found

    first, last = rows["from_date"][0].as_py(), rows["to_date"][0].as_py()
    unknown = (filled(name, np.nan) for name in ("low", "high", "money", "ageing"))
    return DrawnMoves(segment_set, tuple(segments), kind == "forecast", first, last, filled("customers", 0.0), *unknown)


def directions_of(segments: Sequence[str], level: Mapping[str, float], past: DrawnMoves | None = None) -> np.ndarray:
    """The direction of each move, [segments + 1, segments]: up to a higher level, down to a lower one, even where
    levels are about equal or one is not known; down, too, where silence alone made at least half of the `past` moves
    (in the same order of segments), whatever the level. Whoever does not move stays, and the last row came."""
    levels = np.array([level.get(name, np.nan) for name in segments])
    start, end = levels[:, None], levels[None, :]
    differs = np.abs(end - start) >= SAME_LEVEL * np.maximum(np.abs(start), np.abs(end))
    found = np.full((len(segments) + 1, len(segments)), EVEN, dtype=object)
    found[:-1][differs & (end > start)] = UP
    found[:-1][differs & (end < start)] = DOWN
    if past is not None:
        found[(past.customers > 0) & (2 * np.nan_to_num(past.ageing) >= past.customers)] = DOWN
    np.fill_diagonal(found[:-1], STAY)
    found[-1] = CAME
    return found


def matrix(moves: DrawnMoves, directions: np.ndarray, currency: str) -> Matrix:
    """The cells of the moves, with a last row of newcomers where there are any."""
    names = moves.names
    whole = moves.customers.sum(axis=1)
    listed = [*range(len(moves.segments)), *([len(moves.segments)] if whole[-1] > 0 else [])]
    rows = []
    for row in listed:
        cells = tuple(_cell(moves, row, column, directions[row, column], currency) for column in range(len(names) - 1))
        told = _row_title(moves, row, names[row], currency)
        rows.append(MatrixRow(names[row], told, count(whole[row]), cells))
    sums = tuple(count(value) for value in moves.customers.sum(axis=0))
    return Matrix(names[:-1], tuple(rows), sums, count(moves.customers.sum()))


def move_title(moves: DrawnMoves, row: int, column: int, currency: str) -> str:
    """One flow in words: who, how many, what share of the row, what money."""
    customers, whole = moves.customers[row, column], moves.customers[row].sum()
    share = percent(customers / whole)
    parts = [f"{moves.names[row]} → {moves.names[column]}: {_how_many(moves, row, column)}, {share} of the row"]
    if np.isfinite(moves.money[row, column]):
        verb = "expected spend" if moves.is_forecast else "spent"
        parts.append(f"{verb} {amount(float(moves.money[row, column]), currency)}")
    if not moves.is_forecast and moves.ageing[row, column] > 0 and row != column:
        parts.append(f"{count(moves.ageing[row, column])} by silence alone")
    return "; ".join(parts)


def _how_many(moves: DrawnMoves, row: int, column: int) -> str:
    customers = moves.customers[row, column]
    if customers < FEWEST_SHOWN:
        return "less than one customer"
    told = counted(customers, "customer")
    low, high = moves.low[row, column], moves.high[row, column]
    return f"{told} [{count(low)}, {count(high)}]" if np.isfinite(low) else told


def _cell(moves: DrawnMoves, row: int, column: int, direction: str, currency: str) -> MatrixCell:
    customers = float(moves.customers[row, column])
    if customers < FEWEST_SHOWN:
        return MatrixCell("", direction if row == column else "", 0, "")
    share = customers / float(moves.customers[row].sum())
    return MatrixCell(count(customers), direction, round(100 * share), move_title(moves, row, column, currency))


def _row_title(moves: DrawnMoves, row: int, name: str, currency: str) -> str:
    told = f"{name}: {counted(moves.customers[row].sum(), 'customer')}"
    money = moves.money[row][np.isfinite(moves.money[row])]
    if not len(money):
        return told
    verb = "expected spend" if moves.is_forecast else "spent"
    return f"{told}; {verb} {amount(float(money.sum()), currency)}"
