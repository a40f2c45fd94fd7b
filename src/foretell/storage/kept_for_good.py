"""Results that outlive their run: a table of the catalogue that says where they stand, written with the run itself."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from foretell.storage.artefacts import Kept

TABLE = """
create table if not exists kept_for_good (
  run text not null, horizon_days integer not null, name text not null, number integer not null,
  as_of integer not null, key text not null, fingerprint text not null, ingredients text not null,
  known_until integer not null default 0, kept_at integer not null default 0,
  primary key (run, horizon_days, name))
"""
"""Begun with the first run that keeps something for good: catalogues of earlier versions have no such table."""
ADDED = ("known_until", "kept_at")
"""Columns that tables of earlier versions do not have."""
OF_RUN = "run = ? and horizon_days = ? and name = ?"


@dataclass(frozen=True)
class KeptForGood:
    """A result that outlives its run: of which run, over which horizon, as of when (microseconds UTC); `number` counts
    up with each publication."""

    run: str
    number: int
    as_of: int
    horizon_days: int
    kept: Kept
    known_until: int = 0
    kept_at: int = 0

    @property
    def is_back_dated(self) -> bool:
        """Whether it speaks of a time of which the log held something already when it was made."""
        return self.known_until > self.as_of


def all_kept(connection: sqlite3.Connection) -> list[KeptForGood]:
    """All that is kept, the newest publication first, then by horizon; nothing without the table."""
    columns = _columns(connection)
    if not columns:
        return []
    added = ", ".join(name if name in columns else "0" for name in ADDED)
    rows = connection.execute(
        f"select run, number, as_of, horizon_days, name, key, fingerprint, ingredients, {added} from kept_for_good"
        " order by number desc, horizon_days, name"
    ).fetchall()
    return [
        KeptForGood(run, number, as_of, days, Kept(name, key, found, json.loads(went_in)), *added)
        for run, number, as_of, days, name, key, found, went_in, *added in rows
    ]


def keep(connection: sqlite3.Connection, one: KeptForGood) -> None:
    """Write down that it is kept, in place of what the same run kept under that name; when it was first kept stays."""
    connection.execute(TABLE)
    for name in [name for name in ADDED if name not in _columns(connection)]:
        connection.execute(f"alter table kept_for_good add column {name} integer not null default 0")
    where = (one.run, one.horizon_days, one.kept.name)
    before = connection.execute(f"select kept_at from kept_for_good where {OF_RUN}", where).fetchone()
    kept = one.kept
    told = (one.number, one.as_of, kept.key, kept.fingerprint, json.dumps(dict(kept.ingredients)), one.known_until)
    connection.execute(
        "insert or replace into kept_for_good values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*where, *told, before[0] if before else one.kept_at),
    )


def drop(connection: sqlite3.Connection, one: KeptForGood) -> None:
    """Keep it no longer."""
    where = (one.run, one.horizon_days, one.kept.name)
    connection.execute(f"delete from kept_for_good where {OF_RUN}", where)


def _columns(connection: sqlite3.Connection) -> set[str]:
    return {row[1] for row in connection.execute("pragma table_info(kept_for_good)").fetchall()}
