"""Matches: whether the customers of a table are those who ordered, and whether their ids are written alike."""

from __future__ import annotations

import re

import pyarrow as pa

from foretell.health.data.finding import DataFinding
from foretell.health.data.picture import TablePicture
from foretell.words.wording import count, percent, shown

FEW, VERY_FEW = 0.5, 0.2
LEAST_OTHERWISE, SHARE_OTHERWISE = 5, 0.1
MARKS = re.compile(r"[\W_]+")
PREFIX = re.compile(r"^[a-z]*0*(?=\d)")


def plain_form(customer: str) -> str:
    """An id without what programs add to it: case, marks, letters before a number, zeros before it.

    >>> plain_form("C-0012"), plain_form("12"), plain_form("Ann@Example.org")
    ('12', '12', 'annexampleorg')
    """
    return PREFIX.sub("", MARKS.sub("", customer.lower()))


def written_otherwise(strangers: pa.Array, buyers: pa.Array) -> tuple[int, tuple[str, ...]]:
    """How many strangers are buyers but for how the id is written, and the first such pair. Forms that several ids
    share say nothing."""
    own, theirs = (_by_form(ids) for ids in (strangers, buyers))
    pairs = [(own[form], theirs[form]) for form in own if own[form] and theirs.get(form)]
    return len(pairs), pairs[0] if pairs else ()


def unmatched(table: TablePicture) -> list[DataFinding]:
    """A table of which few customers ordered, and which knows few of those who did; or whose ids are written in
    another way."""
    if not table.customers or not table.ordered:
        return []
    share, known = table.met / table.customers, table.met / table.ordered
    told = (
        f"{percent(share)} of the {count(table.customers)} customers of {table.table} ordered, and it knows "
        f"{percent(known)} of those who did"
    )
    if table.otherwise >= max(LEAST_OTHERWISE, SHARE_OTHERWISE * min(table.customers, table.ordered)):
        one, other = map(shown, table.pair)
        return [
            DataFinding(
                "ids written otherwise",
                "warning",
                table.table,
                f"{told}; {count(table.otherwise)} more would match if {one} were {other}.",
                f"Write the ids of {table.table} as orders have them, or name the column that does: "
                'columns = { customer = "..." } below [[sources]].',
                f"{one}, in orders {other}",
            )
        ]
    if max(share, known) >= FEW:
        return []
    strangers = f"in {table.table} alone: {', '.join(map(shown, table.strangers))}" if table.strangers else ""
    return [
        DataFinding(
            "few matches",
            "warning" if max(share, known) < VERY_FEW else "remark",
            table.table,
            f"{told}.",
            'Is that the same kind of id? Name the right column: columns = { customer = "..." } below [[sources]].',
            f"{strangers}; in orders alone: {', '.join(map(shown, table.buyers))}" if table.strangers else "",
        )
    ]


def _by_form(ids: pa.Array) -> dict[str, str]:
    """Form to id; empty where several ids have that form."""
    found: dict[str, str] = {}
    for one in ids.to_pylist():
        form = plain_form(one)
        found[form] = "" if form in found else one
    return found
