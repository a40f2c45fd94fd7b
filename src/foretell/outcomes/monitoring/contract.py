"""Contract: which columns each source brings, and what they hold; and what of that no longer holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foretell.customer_log.layout.cell_kinds import are_dates, are_figures
from foretell.customer_log.manifest import Load
from foretell.words.wording import shown

Holds = Literal["numbers", "dates", "text", "nothing", "written", ""]
HALF = 2
FEWEST_CELLS = 20
FEWEST_UNREAD, MOST_UNREAD, TIMES_USUAL = 5, 0.02, 3
"""Rows that cannot be read are a break from so many on, and beyond so large a share and so many times the usual one."""


@dataclass(frozen=True)
class Term:
    """One point of the contract: a source brings a `column`, read as a `role`, that `holds` something; empty where few
    cells tell, or they tell no one thing. How a source is `written` (its decimal sign) is a term as well, with the sign
    in place of a column."""

    source: str
    role: str
    column: str
    holds: Holds = ""

    @property
    def key(self) -> str:
        """By which it is kept."""
        return f"{self.source} {self.role}"


@dataclass(frozen=True)
class BrokenTerm:
    """A term that does not hold any more, and how: in a sentence."""

    term: Term
    said: str


def table_of(source: str) -> str:
    """The table that a source feeds: a further source of one table has a number behind it (`events#2`)."""
    return source.partition("#")[0]


def held_by(cells: np.ndarray) -> Holds:
    """What some cells (texts, "" where one is empty) hold: one thing, or "" where half of it is another.

    >>> held_by(np.array(["12.50", "3.00"] * 20)), held_by(np.array([""] * 40)), held_by(np.array(["web"] * 40))
    ('numbers', 'nothing', 'text')
    """
    filled = cells[cells != ""]
    if len(cells) >= FEWEST_CELLS and not len(filled):
        return "nothing"
    if len(filled) < FEWEST_CELLS:
        return ""
    if are_dates(filled):
        return "dates"
    if are_figures(filled):
        return "numbers"
    figures = sum(bool(cell) and not any(sign.isalpha() for sign in cell) for cell in filled)
    return "text" if HALF * figures < len(filled) else ""


def broken_terms(
    agreed: Mapping[str, Term], now: Sequence[Term], columns: Mapping[str, Sequence[str]]
) -> list[BrokenTerm]:
    """What of the agreed terms does not hold now. `now` are today's, `columns` those that the files of each source that
    was looked at have."""
    today = {term.key: term for term in now}
    found = []
    for key, before in agreed.items():
        if before.source not in columns:
            continue
        after = today.get(key)
        if before.holds == "written":
            if after is not None and after.column != before.column:
                found.append(BrokenTerm(before, f"its {before.role} is {after.column}, it was {before.column}"))
        elif before.column not in columns[before.source]:
            instead = f"; {shown(after.column)} is read in its place" if after else ""
            found.append(BrokenTerm(before, f"the column {shown(before.column)} ({before.role}) is gone{instead}"))
        elif after is not None and after.column == before.column and _is_other(before.holds, after.holds):
            told = f"holds {after.holds}, it held {before.holds}"
            found.append(BrokenTerm(before, f"the column {shown(before.column)} ({before.role}) {told}"))
    return found


def _is_other(before: Holds, after: Holds) -> bool:
    return bool(before and after) and before not in (after, "nothing")


@dataclass(frozen=True)
class Unread:
    """Of the newest load of a table: `rejected` of its `rows` could not be used, where a share of `usual` could not be
    in the loads before. `cannot` says why it is not judged."""

    table: str
    rejected: int
    rows: int
    usual: float
    cannot: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether so many more are other than what was agreed, beyond the dirt that every source has."""
        share = self.rejected / max(self.rows, 1)
        return not self.cannot and self.rejected >= FEWEST_UNREAD and share > MOST_UNREAD + TIMES_USUAL * self.usual


def unread(loads: Sequence[Load]) -> list[Unread]:
    """How much of the newest load of each table could not be used, beside those before it."""
    found = []
    for table in dict.fromkeys(load.table for load in loads):
        own = sorted((load for load in loads if load.table == table), key=lambda load: load.number)
        newest, before = own[-1], own[:-1]
        usual = sum(load.rejected for load in before) / max(sum(load.rows_read for load in before), 1)
        cannot = "" if before else "it was read once"
        found.append(Unread(table, newest.rejected, newest.rows_read, usual, cannot))
    return found
