"""Exports that people have in hand, by their header rows: what they are called, and what to know of them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from foretell.customer_log.roles.column_names import plain_name


class KnownExport(NamedTuple):
    """An export by its name, the columns that tell it, and what a reader should know."""

    name: str
    columns: tuple[str, ...]
    note: str


@cache
def known_exports() -> tuple[KnownExport, ...]:
    """Every export whose header row is known; `vendors.toml` holds them."""
    text = files("foretell.customer_log.roles").joinpath("vendors.toml").read_text(encoding="utf-8")
    return tuple(KnownExport(one["name"], tuple(one["columns"]), one["note"]) for one in tomllib.loads(text)["exports"])


def export_seen(column_names: Sequence[str]) -> KnownExport | None:
    """The export whose columns are all there, that with most columns first; None where the header is of no known one.

    >>> export_seen(["Close Date", "Deal Stage", "Record ID", "Amount", "Deal Name", "Owner"]).name
    'a HubSpot deals export'
    >>> export_seen(["customer", "date", "amount"]) is None
    True
    """
    there = {plain_name(name) for name in column_names}
    fitting = [one for one in known_exports() if {plain_name(name) for name in one.columns} <= there]
    return max(fitting, key=lambda one: len(one.columns), default=None)


def said_of(column_names: Sequence[str]) -> list[str]:
    """What to say of a header row, as notes; nothing where it is of no known export."""
    found = export_seen(column_names)
    return [] if found is None else [f"this looks like {found.name}: {found.note}"]
