"""The book of monitoring: counts of every watched day, what was agreed of sources, and breaks; one SQLite file.

It holds counts by bin and sentences about sources, no customer. Days of the past stay as they were counted.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from foretell.outcomes.monitoring.contract import Term
from foretell.outcomes.monitoring.monitored import Broken
from foretell.outcomes.monitoring.populations import Edges
from foretell.storage.sqlite import Database

FILE_NAME = "monitoring.sqlite"
SCHEMA = """
create table if not exists days (
  day text not null, run text not null, looked text not null, primary key (day, run)) without rowid;
create table if not exists sketches (
  series text not null, version text not null, day text not null, counts text not null,
  primary key (series, version, day)) without rowid;
create table if not exists edges (
  series text not null, version text not null, edges text not null, primary key (series, version)) without rowid;
create table if not exists terms (
  key text primary key, source text not null, role text not null, held_column text not null, holds text not null);
create table if not exists breaks (
  key text not null, since text not null, healed text, kind text not null, source text not null, said text not null,
  series text not null, primary key (key, since)) without rowid;
"""
Looked = tuple[str, str, str]
"""A day that was monitored, by which run, and the day of the clock on which that was (ISO days)."""
Counts = Mapping[str, Mapping[str, Mapping[str, Sequence[int]]]]
"""Day to version to series to counts."""


@dataclass(frozen=True)
class Break:
    """A break of some time: from `broken.since` until `healed` (ISO days; None: it lasts)."""

    broken: Broken
    healed: str | None

    def lasts_on(self, day: str) -> bool:
        """Whether it was there on a day."""
        return self.broken.since <= day and (self.healed is None or day < self.healed)


class MonitoringBook:
    """Reads and writes `monitoring.sqlite` of a state folder. Days are ISO dates of the data."""

    def __init__(self, state: Path) -> None:
        self._database = Database(
            state / FILE_NAME,
            SCHEMA,
            "the book of monitoring",
            f"delete {FILE_NAME}: past weeks are counted anew from the log, and which breaks were told is not known",
        )

    def days(self) -> list[Looked]:
        """The days that were monitored, each with the run that it was monitored by, and the day of the clock."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return connection.execute("select day, run, looked from days order by day, run").fetchall()

    def keep(self, looked: Looked, counted: Counts) -> None:
        """Write down counts, all at once with the day that they are kept on. What is kept of an earlier day stays; of
        this one it is replaced."""
        day, run, clock = looked
        rows = [
            (series, version, of_day, json.dumps([int(one) for one in counts]))
            for of_day, versions in counted.items()
            for version, own in versions.items()
            for series, counts in own.items()
        ]
        with self._database.transaction() as connection:
            before = [row for row in rows if row[2] != day]
            connection.executemany("insert or ignore into sketches values (?, ?, ?, ?)", before)
            today = [row for row in rows if row[2] == day]
            connection.executemany("insert or replace into sketches values (?, ?, ?, ?)", today)
            connection.execute("insert or ignore into days values (?, ?, ?)", (day, run, clock))

    def sketches(self, version: str, until: str) -> dict[str, dict[str, list[int]]]:
        """Series to day to counts, of one version, up to and with a day."""
        if not self._database.is_there:
            return {}
        with self._database.reading() as connection:
            rows = connection.execute(
                "select series, day, counts from sketches where version = ? and day <= ? order by series, day",
                (version, until),
            ).fetchall()
        found: dict[str, dict[str, list[int]]] = {}
        for series, day, counts in rows:
            found.setdefault(series, {})[day] = json.loads(counts)
        return found

    def edges(self, version: str) -> dict[str, tuple[float, ...]]:
        """The edges of the bins of every series of a version."""
        if not self._database.is_there:
            return {}
        with self._database.reading() as connection:
            rows = connection.execute("select series, edges from edges where version = ?", (version,)).fetchall()
        return {series: tuple(json.loads(edges)) for series, edges in rows}

    def keep_edges(self, version: str, edges: Edges) -> None:
        """Write down edges; those that are kept stay."""
        with self._database.transaction() as connection:
            rows = [(series, version, json.dumps(list(one))) for series, one in edges.items()]
            connection.executemany("insert or ignore into edges values (?, ?, ?)", rows)

    def terms(self) -> dict[str, Term]:
        """The terms that were agreed, by key."""
        if not self._database.is_there:
            return {}
        with self._database.reading() as connection:
            rows = connection.execute("select key, source, role, held_column, holds from terms order by key").fetchall()
        return {row[0]: Term(*row[1:]) for row in rows}

    def agree(self, terms: Sequence[Term]) -> None:
        """Take terms as agreed, in place of those with their keys."""
        if terms:
            with self._database.transaction() as connection:
                rows = [(term.key, *astuple(term)) for term in terms]
                connection.executemany("insert or replace into terms values (?, ?, ?, ?, ?)", rows)

    def breaks(self) -> list[Break]:
        """Every break, the oldest first."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            rows = connection.execute(
                "select key, kind, source, said, since, series, healed from breaks order by since, key"
            ).fetchall()
        return [
            Break(Broken(key, kind, source, said, since, tuple(json.loads(series))), healed)
            for key, kind, source, said, since, series, healed in rows
        ]

    def settle(self, day: str, found: Sequence[Broken], judged: Collection[str]) -> list[Broken]:
        """Write down what is broken on a day, and what has healed: breaks whose key was judged and found whole. Gives
        what is broken with the day since when, the oldest first, those that could not be judged among them."""
        standing = {one.broken.key: one.broken for one in self.breaks() if one.healed is None}
        told = {one.key: replace(one, since=day, is_new=True) for one in found}
        for key, before in standing.items():
            if key in told:
                series = tuple(dict.fromkeys((*before.series, *told[key].series)))
                told[key] = replace(told[key], since=before.since, series=series, is_new=before.since == day)
        healed = [key for key in standing if key not in told and key in judged]
        open_ = {**{key: one for key, one in standing.items() if key not in healed}, **told}
        changed = [one for key, one in told.items() if replace(one, is_new=False) != standing.get(key)]
        if changed or healed:
            with self._database.transaction() as connection:
                connection.executemany(
                    "update breaks set healed = ? where key = ? and healed is null", [(day, key) for key in healed]
                )
                connection.executemany(
                    "insert or replace into breaks values (?, ?, null, ?, ?, ?, ?)",
                    [(one.key, one.since, one.kind, one.source, one.said, json.dumps(one.series)) for one in changed],
                )
        return sorted(open_.values(), key=lambda one: (one.since, one.key))
