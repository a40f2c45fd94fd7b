"""What rows take from the rows above them, across the blocks in which a file is read."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.customer_log.layout.row_layout import RowLayout

KEPT_ORDERS = 10_000
"""So many orders of earlier blocks are remembered: a row finds the order of its number among them, not only above."""


class Carrying:
    """The state from block to block: the first lines of the newest orders, or the heading that holds."""

    def __init__(self, layout: RowLayout) -> None:
        self._layout = layout
        self._first: pa.Table | None = None
        self._heading: str | None = None

    def from_first_lines(self, rows: pa.Table, below: np.ndarray) -> tuple[pa.Table, np.ndarray]:
        """The rows with the fields of their order, and which of them took them: those `below` (bool) that have a first
        line, which is the nearest above or, with numbers, the nearest above of the same number."""
        whole = pa.concat_tables([self._first, rows]) if self._first is not None else rows
        known = len(whole) - len(rows)
        below = np.append(np.zeros(known, bool), below)
        source = self._of_one_number(whole, below) if self._layout.number else _last(~below)
        continued = below & (source >= 0)
        place = np.where(continued, source, np.arange(len(whole)))
        for name in self._layout.carried:
            if name in whole.column_names and continued.any():
                at = whole.column_names.index(name)
                whole = whole.set_column(at, name, whole[name].take(pa.array(place)))
        first = np.flatnonzero(~below)[-KEPT_ORDERS:] if self._layout.number else np.flatnonzero(~below)[-1:]
        self._first = whole.take(pa.array(first)).combine_chunks()
        return whole.slice(known), continued[known:]

    def below_headings(self, rows: pa.Table, begins: np.ndarray, ends: np.ndarray) -> pa.Table:
        """The rows with the heading that stands above each in its column; none holds below a row that `ends` it."""
        name = self._layout.heading or self._layout.grouped
        texts = [self._heading, *rows[name].cast(pa.string()).to_pylist()]
        place = _last(np.append(True, begins))
        over = np.append(False, ends)
        held = [None if over[at] else texts[at] for at in place]
        self._heading = held[-1]
        return rows.set_column(rows.column_names.index(name), name, pa.array(held[1:], pa.string()))

    def _of_one_number(self, whole: pa.Table, below: np.ndarray) -> np.ndarray:
        """The position of the nearest first line above of the same number, -1 where there is none."""
        numbers = whole[self._layout.number].combine_chunks().dictionary_encode().indices
        codes = numbers.fill_null(-1).to_numpy(zero_copy_only=False)
        order = np.argsort(codes, kind="stable")
        nearest = _last(~below[order])
        found = np.where(nearest >= 0, order[np.maximum(nearest, 0)], -1)
        source = np.empty(len(whole), np.int64)
        source[order] = np.where((found >= 0) & (codes[np.maximum(found, 0)] == codes[order]), found, -1)
        return source


def _last(here: np.ndarray) -> np.ndarray:
    """int64 [rows]: the position of the last row at or above each where `here` is true, -1 before the first."""
    return np.maximum.accumulate(np.where(here, np.arange(len(here)), -1))
