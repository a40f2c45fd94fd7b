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
  primary key (run, horizon_days, name))
"""
"""Begun with the first run that keeps something for good: catalogues of earlier versions have no such table."""


@dataclass(frozen=True)
class KeptForGood:
    """A result that outlives its run: of which run, over which horizon, as of when (microseconds UTC); `number` counts
    up with each publication."""

    run: str
    number: int
    as_of: int
    horizon_days: int
    kept: Kept


def all_kept(connection: sqlite3.Connection) -> list[KeptForGood]:
    """All that is kept, the newest publication first, then by horizon; nothing without the table."""
    if not connection.execute("select 1 from sqlite_master where name = 'kept_for_good'").fetchone():
        return []
    rows = connection.execute(
        "select run, number, as_of, horizon_days, name, key, fingerprint, ingredients from kept_for_good"
        " order by number desc, horizon_days, name"
    ).fetchall()
    return [
        KeptForGood(run, number, as_of, days, Kept(name, key, found, json.loads(went_in)))
        for run, number, as_of, days, name, key, found, went_in in rows
    ]


def keep(connection: sqlite3.Connection, one: KeptForGood) -> None:
    """Write down that it is kept, in place of what the same run kept under that name."""
    connection.execute(TABLE)
    kept = one.kept
    told = (kept.name, one.number, one.as_of, kept.key, kept.fingerprint, json.dumps(dict(kept.ingredients)))
    connection.execute(
        "insert or replace into kept_for_good values (?, ?, ?, ?, ?, ?, ?, ?)", (one.run, one.horizon_days, *told)
    )


def drop(connection: sqlite3.Connection, one: KeptForGood) -> None:
    """Keep it no longer."""
    where = (one.run, one.horizon_days, one.kept.name)
    connection.execute("delete from kept_for_good where run = ? and horizon_days = ? and name = ?", where)
