"""Which row of a table is its header: the first, or the one below the title lines of a report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

FURTHEST = 40
NUMBER_OR_DATE = re.compile(r"[-+(]?[$€£¥]?\s*\d[\d.,:/\- T'+Z]*\)?%?")
LONGEST_NAME = 80


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """The position of the header among the first rows (as cells, "" where empty): 0 unless the first row fills few
    cells of a table that is wider, and a row below it names the columns; -1 where no row does.

    >>> header_row([["Sales of May", "", ""], ["", "", ""], ["who", "when", "sum"], ["A", "2024-05-01", "5"]])
    2
    >>> header_row([["who", "when"], ["A", "2024-05-01"]])
    0
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    usual = _usual(filled[1:]) if len(rows) > 1 else 0
    if not filled or (filled[0] > max(1, usual // 2) and filled[0] > 1) or usual < 2:
        return 0
    for at in range(1, min(len(rows) - 1, FURTHEST)):
        if filled[at] >= max(2, 0.6 * usual) and _names_columns(rows[at]):
            return at
    return -1


def titles_told(rows: Sequence[Sequence[str]], file: str) -> str:
    """A note about the title lines above a header; empty where there are none."""
    titles = [" ".join(cell.strip() for cell in row if cell.strip()) for row in rows]
    titles = [title if len(title) <= 40 else f"{title[:39]}…" for title in titles if title]
    if not titles:
        return ""
    named = ", ".join(f"“{title}”" for title in titles[:3]) + (", …" if len(titles) > 3 else "")
    lines = "1 line stands" if len(titles) == 1 else f"{len(titles)} lines stand"
    return f"{file}: {lines} above the header and {'is' if len(titles) == 1 else 'are'} left out: {named}"


def _usual(filled: Sequence[int]) -> int:
    """How many cells most rows fill, title lines and headings apart; of two numbers as common the larger one."""
    counts = Counter(number for number in filled if number > 1)
    return max(counts, key=lambda number: (counts[number], number)) if counts else max(filled, default=0)


def _names_columns(row: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    figures = sum(bool(NUMBER_OR_DATE.fullmatch(cell)) for cell in cells)
    plain = all(len(cell) <= LONGEST_NAME for cell in cells)
    return plain and figures < max(1, len(cells) // 4) and len(set(cells)) == len(cells)
