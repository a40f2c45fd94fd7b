"""The Sankey diagram of moves: segments at the first date on the left, at the second on the right, bands between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from foretell.report.markup import Markup
from foretell.report.pictures.migration_matrix import CAME, DOWN, STAY, UP, DrawnMoves, move_title
from foretell.words.wording import count, counted

WIDTH, TOP, BOTTOM = 1100, 26, 6
LABELS, NODE = 172, 12
BANDS_HEIGHT, BETWEEN = 430, 19
LEAST_SHARE = 0.005
"""A move of less than this share of all customers is merged into the other moves."""
OTHERS = "Other moves"
OTHER = "others"


@dataclass(frozen=True)
class _Band:
    start: int
    end: int
    customers: float
    style: str
    title: str


@dataclass(frozen=True)
class _Side:
    """The nodes of one side from the top down: the upper edge and the height of each, by its place."""

    tops: np.ndarray
    heights: np.ndarray
    scale: float

    @property
    def bottom(self) -> float:
        return float((self.tops + self.heights).max(initial=0))


def sankey(moves: DrawnMoves, directions: np.ndarray, horizon: str, currency: str) -> Markup:
    """The drawing; its segments stand in the order of the moves, after them who came and what was too small."""
    size = len(moves.segments)
    bands = _bands(moves, directions, currency)
    whole = sum(band.customers for band in bands)
    scale = BANDS_HEIGHT / whole if whole > 0 else 0.0
    left = _side([sum(b.customers for b in bands if b.start == place) for place in range(size + 2)], scale)
    right = _side([sum(b.customers for b in bands if b.end == place) for place in range(size + 1)], scale)
    names = moves.names
    # A node tells everybody in it, also those whose moves are too small for a band of their own.
    begun, ended = moves.customers.sum(axis=1), moves.customers.sum(axis=0)
    loose = count(sum(band.customers for band in bands if band.style == OTHER) / 2)
    marks = [
        *_drawn(bands, left, right),
        *_labels([*names, OTHERS], [*map(count, begun), loose], left, LABELS, "end"),
        *_labels([*names[:-1], OTHERS], [*map(count, ended), loose], right, WIDTH - LABELS, "start"),
        f'<text class="date" x="{LABELS}" y="12" text-anchor="end">{moves.begin.isoformat()}</text>',
        f'<text class="date" x="{WIDTH - LABELS}" y="12">{moves.end.isoformat()}</text>',
    ]
    kind = "expected" if moves.is_forecast else "as they came"
    title = f"Moves between segments, {'next' if moves.is_forecast else 'last'} {horizon}, {kind}"
    height = max(left.bottom, right.bottom) + BOTTOM
    return Markup(
        f'<svg class="sankey" role="img" viewBox="0 0 {WIDTH} {height:.0f}" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(_described(moves, directions))}</desc>{''.join(marks)}</svg>"
    )


def largest(moves: DrawnMoves, directions: np.ndarray, direction: str, most: int = 3) -> list[str]:
    """The largest moves of one direction in words, largest first."""
    flat = np.where(directions == direction, moves.customers, 0.0).ravel()
    found = [divmod(int(place), len(moves.segments)) for place in np.argsort(-flat, kind="stable")[:most]]
    return [
        f"{count(moves.customers[row, column])} {moves.names[row]} → {moves.names[column]}"
        for row, column in found
        if directions[row, column] == direction and moves.customers[row, column] >= 1
    ]


def _described(moves: DrawnMoves, directions: np.ndarray) -> str:
    up, down, stay, came = (counted(moves.total(directions, way), "customer") for way in (UP, DOWN, STAY, CAME))
    found = [*largest(moves, directions, UP), *largest(moves, directions, DOWN)]
    told = f"{stay} stay, {up} move up, {down} down, {came} come newly."
    return f"{told} Largest moves: {'; '.join(found)}. The table after it has all." if found else told


def _bands(moves: DrawnMoves, directions: np.ndarray, currency: str) -> list[_Band]:
    """A band a move; of those that are too small, one from each segment to the other moves, and one back."""
    size = len(moves.segments)
    least = LEAST_SHARE * moves.customers.sum()
    is_small = (moves.customers < least) & ~np.eye(size + 1, size, dtype=bool)
    drawn = np.argwhere((moves.customers > 0) & ~is_small).tolist()
    bands = [
        _Band(
            row,
            column,
            float(moves.customers[row, column]),
            directions[row, column],
            move_title(moves, row, column, currency),
        )
        for row, column in drawn
    ]
    small = np.where(is_small, moves.customers, 0.0)
    for row, customers in enumerate(small.sum(axis=1).tolist()):
        if customers > 0:
            told = f"{moves.names[row]} →: {counted(customers, 'customer')} in moves too small to draw"
            bands.append(_Band(row, size, customers, OTHER, told))
    for column, customers in enumerate(small.sum(axis=0).tolist()):
        if customers > 0:
            told = f"→ {moves.names[column]}: {counted(customers, 'customer')} in moves too small to draw"
            bands.append(_Band(size + 1, column, customers, OTHER, told))
    return bands


def _side(customers: Sequence[float], scale: float) -> _Side:
    heights = np.array(customers) * scale
    slots = np.where(heights > 0, heights + BETWEEN, 0.0)
    return _Side(TOP + np.cumsum(slots) - slots + BETWEEN / 2, heights, scale)


def _drawn(bands: Sequence[_Band], left: _Side, right: _Side) -> list[str]:
    """The bands, each beginning below the one before it on its node, and ending so."""
    out, into = left.tops.copy(), right.tops.copy()
    begins, ends = np.zeros(len(bands)), np.zeros(len(bands))
    for place in sorted(range(len(bands)), key=lambda place: (bands[place].start, bands[place].end)):
        begins[place] = out[bands[place].start]
        out[bands[place].start] += bands[place].customers * left.scale
    for place in sorted(range(len(bands)), key=lambda place: (bands[place].end, bands[place].start)):
        ends[place] = into[bands[place].end]
        into[bands[place].end] += bands[place].customers * right.scale
    begin, across = LABELS + NODE + 8, WIDTH - 2 * (LABELS + NODE + 8)
    bend = across // 2
    drawn = []
    for place in sorted(range(len(bands)), key=lambda place: -bands[place].customers):
        top, fall, deep = begins[place], ends[place] - begins[place], bands[place].customers * left.scale
        there = f"c{bend} 0 {bend} {fall:.1f} {across} {fall:.1f}"
        back = f"c{-bend} 0 {-bend} {-fall:.1f} {-across} {-fall:.1f}"
        drawn.append(
            f'<path class="flow {bands[place].style}" d="M{begin} {top:.1f}{there}v{deep:.1f}{back}z">'
            f"<title>{escape(bands[place].title)}</title></path>"
        )
    return drawn


def _labels(names: Sequence[str], numbers: Sequence[str], side: _Side, x: int, anchor: str) -> list[str]:
    """A node and its name with its number beside it, for every one that has somebody."""
    found = []
    at = x + 8 if anchor == "end" else x - NODE - 8
    for name, number, top, height in zip(names, numbers, side.tops, side.heights, strict=True):
        if height > 0:
            style = "node other" if name == OTHERS else "node"
            found.append(
                f'<rect class="{style}" x="{at}" y="{top:.1f}" width="{NODE}" height="{max(height, 0.5):.1f}"/>'
                f'<text x="{x}" y="{top + height / 2 + 4.5:.1f}" text-anchor="{anchor}">{escape(name)} '
                f'<tspan class="many">{number}</tspan></text>'
            )
    return found
