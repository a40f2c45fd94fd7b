"""Where the rows of delimited text begin and end, quotes respected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

LONGEST_CELL_LINES = 1000
LONGEST_ROW_BYTES = 64 << 20
QUOTE, NEWLINE, RETURN = 34, 10, 13


class Cut(NamedTuple):
    """Where the rows of a block end (positions of newlines), how many lines lie before each end, its quotes."""

    ends: np.ndarray
    lines: np.ndarray
    quotes: np.ndarray
    multiline: bool


def cut_of(data: bytes, delimiter: bytes) -> Cut | None:
    """The rows of a block, by the parity of the quotes before each newline; None where a quote is out of place."""
    raw = np.frombuffer(data, np.uint8)
    if data.count(b"\r") - data.endswith(b"\r") != data.count(b"\r\n"):
        return None
    newlines = np.flatnonzero(raw == NEWLINE)
    numbers = np.arange(1, len(newlines) + 1)
    if b'"' not in data:
        return Cut(newlines, numbers, np.zeros(0, np.int64), False)
    quotes = np.flatnonzero(raw == QUOTE)
    separators = np.zeros(256, bool)
    separators[[NEWLINE, RETURN, QUOTE, delimiter[0]]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before = raw[np.maximum(opening - 1, 0)]
    after = raw[np.minimum(closing + 1, len(raw) - 1)]
    if not ((opening == 0) | (separators[before] & (before != RETURN))).all():
        return None
    if not ((closing == len(raw) - 1) | separators[after]).all():
        return None
    inside = np.searchsorted(quotes, newlines) % 2 == 1
    ends = newlines[~inside]
    if len(quotes) % 2 and newlines[inside][-1:].size and len(data) - opening[-1] > 1 << 20:
        return None
    return Cut(ends, numbers[~inside], quotes, bool(inside.any()))


class Row(NamedTuple):
    """A row of `height` physical lines; `cells` is None where a quote is never closed."""

    cells: list[str] | None
    height: int
    incomplete: bool = False


class RowSplitter:
    """Splits one row into its cells; a stray quote inside a cell is a character like any other."""

    def __init__(self, delimiter: str) -> None:
        mark = re.escape(delimiter)
        self.delimiter = delimiter
        self.strict = re.compile(rf'[ ]*"((?:[^"]|"")*)"[ ]*(?=(?:{mark}|\r?\Z))')
        self.lax = re.compile(rf'[ ]*"((?:[^"\n]|"")*)"([^{mark}\n]*)')
        self.bare = re.compile(rf"[^{mark}]*")

    def row(self, physical: Sequence[str], at: int, last: bool) -> Row:
        """The row that begins at the line `at`; incomplete where it may go on in the next block."""
        text = physical[at]
        if '"' not in text:
            return Row(text.rstrip("\r").split(self.delimiter), 1)
        height = 1
        while True:
            cells = self._cells(text)
            if cells is not None:
                return Row(cells, height)
            following = at + height
            limit = min(len(physical), at + LONGEST_CELL_LINES)
            while following < limit and '"' not in physical[following]:
                following += 1
            if following >= limit:
                waiting = following >= len(physical) and not last and len(text) < LONGEST_ROW_BYTES
                return Row(None, 1, incomplete=waiting and following - at < LONGEST_CELL_LINES)
            if self._closes_wrongly(physical[following]):
                return Row(None, 1)
            text = "\n".join(physical[at : following + 1])
            height = following + 1 - at

    def _closes_wrongly(self, line: str) -> bool:
        """Whether the first quote of a line cannot be the end of a cell, so that it must begin another."""
        after = line[line.index('"') + 1 :].lstrip(" ")
        return not (after.startswith((self.delimiter, '"')) or after.rstrip("\r") == "")

    def _cells(self, text: str) -> list[str] | None:
        cells: list[str] = []
        at = 0
        while True:
            match = self.strict.match(text, at)
            if match:
                cells.append(match[1].replace('""', '"'))
            elif match := self.lax.match(text, at):
                cells.append((match[1] + match[2]).replace('""', '"').rstrip("\r"))
            elif text[at:].lstrip(" ").startswith('"'):
                return None
            else:
                match = self.bare.match(text, at)
                assert match
                cells.append(match[0].rstrip("\r"))
            at = match.end()
            if at >= len(text) or text[at] != self.delimiter:
                return cells
            at += 1
