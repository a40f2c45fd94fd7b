"""The catalogue of runs: which artefacts each published run is made of, in one SQLite file.

A run is published last, in one transaction; what it does not name was never found. Whoever asks for a result asks by
the id of a run, by default the newest one.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.storage.artefacts import Artefact, Artefacts, Damaged, Kept, Made
from foretell.storage.kept_for_good import KeptForGood, all_kept, drop, keep
from foretell.storage.sqlite import Database

FILE_NAME = "catalogue.sqlite"
SCHEMA = """
create table if not exists runs (
  run text primary key, number integer not null unique, as_of integer not null, asked text not null,
  exported integer not null);
create table if not exists artefacts (
  run text not null references runs on delete cascade, horizon_days integer not null, name text not null,
  key text not null, fingerprint text not null, ingredients text not null, primary key (run, horizon_days, name));
create table if not exists settings (name text primary key, value text not null);
"""
KNOWN_UNTIL = "known_until"
"""What a run was asked says under this name up to when the log was complete, in microseconds UTC."""
KEPT_RUNS = 4
"""The newest runs whose artefacts stay."""


@dataclass(frozen=True)
class RunRecord:
    """A published run: `number` counts up with each publication, `as_of` is microseconds UTC, `asked` what it was asked
    as plain values, `horizons` its horizons in days, the one asked for first first. `is_exported` says whether its
    files were written."""

    run: str
    number: int
    as_of: int
    asked: Mapping[str, Any]
    artefacts: Mapping[tuple[int, str], Kept] = field(default_factory=dict)
    is_exported: bool = True

    @property
    def horizons(self) -> tuple[int, ...]:
        """The horizons in days, the main one first."""
        return tuple(self.asked["horizons"])


class Catalogue:
    """Reads and writes the catalogue of one state folder."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.artefacts = Artefacts(state)
        self._database = Database(
            state / FILE_NAME,
            SCHEMA,
            "the catalogue of runs",
            f"put your copy back; without one delete {FILE_NAME} and run again: results are made again and segments "
            "cut anew, but the forecasts of earlier days and the versions of models are lost",
        )

    def publish(
        self,
        as_of: int,
        asked: Mapping[str, Any],
        made: Mapping[tuple[int, str], Kept],
        for_good: Collection[str] = (),
        settings: Mapping[str, str] | None = None,
    ) -> RunRecord:
        """Write the run down as the newest one, and `settings` with it. The same results again are the same run.
        Results named in `for_good` stay when the run is deleted."""
        run = fingerprint(
            [as_of, dict(asked), [[days, name, kept.fingerprint] for (days, name), kept in sorted(made.items())]]
        )[:12]
        with self._database.transaction() as connection:
            number = connection.execute("select coalesce(max(number), 0) + 1 from runs").fetchone()[0]
            connection.execute("delete from runs where run = ?", (run,))
            connection.execute("insert into runs values (?, ?, ?, ?, 0)", (run, number, as_of, json.dumps(dict(asked))))
            connection.executemany(
                "insert into artefacts values (?, ?, ?, ?, ?, ?)",
                [
                    (run, days, name, kept.key, kept.fingerprint, json.dumps(dict(kept.ingredients)))
                    for (days, name), kept in made.items()
                ],
            )
            for (days, name), kept in made.items():
                if name in for_good:
                    known_until = int(asked.get(KNOWN_UNTIL, 0))
                    keep(connection, KeptForGood(run, number, as_of, days, kept, known_until, time.time_ns() // 1_000))
            connection.executemany("insert or replace into settings values (?, ?)", list((settings or {}).items()))
        return RunRecord(run, number, as_of, asked, made, is_exported=False)

    def kept_for_good(self, name: str) -> list[KeptForGood]:
        """What is kept of that name whatever becomes of its runs, the newest publication first."""
        return [one for one in self._for_good() if one.kept.name == name]

    def kept_of_run(self, run: str) -> list[KeptForGood]:
        """What is kept of that run whatever becomes of it, by horizon."""
        return [one for one in self._for_good() if one.run == run]

    def replace_kept(self, one: KeptForGood, kept: Kept) -> None:
        """Let another artefact stand for what is kept for good; the folder of the former goes with the next tidying."""
        with self._database.transaction() as connection:
            keep(connection, replace(one, kept=kept))

    def drop_kept(self, one: KeptForGood) -> None:
        """Keep it no longer."""
        with self._database.transaction() as connection:
            drop(connection, one)

    def exported(self, run: str) -> None:
        """Write down that the files of a run are written."""
        with self._database.transaction() as connection:
            connection.execute("update runs set exported = 1 where run = ?", (run,))

    def runs(self) -> list[RunRecord]:
        """The published runs, newest first; empty where there is no catalogue."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            rows = connection.execute(
                "select run, number, as_of, asked, exported from runs order by number desc"
            ).fetchall()
            return [self._record(connection, *row) for row in rows]

    def run(self, run: str | None = None) -> RunRecord:
        """A run by its id, or the newest; InputError where there is none."""
        runs = self.runs()
        if not runs:
            raise InputError(
                "There is no finished run here.",
                file=str(self.state),
                hint="foretell run orders.csv first; --out names the folder of its results",
            )
        found = [one for one in runs if run in (None, one.run)]
        if not found:
            known = ", ".join(one.run for one in runs[:5])
            raise InputError("There is no such run.", found=str(run), expected=f"one of {known}")
        return found[0]

    def read(self, run: RunRecord, artefact: Artefact[Made], horizon_days: int) -> Made:
        """A result of a run; InputError where it is damaged, or the run has none."""
        kept = run.artefacts.get((horizon_days, artefact.name))
        try:
            if kept is None:
                raise Damaged("the run has none")
            return self.artefacts.read(artefact, kept)
        except Damaged as why:
            raise InputError(
                f"A result of the run is damaged: {artefact.name.replace('_', ' ')}.",
                file=str(self.artefacts.root / (kept.folder if kept else artefact.name)),
                found=str(why),
                hint="foretell run makes it again",
            ) from None

    def has(self, run: RunRecord, artefact: Artefact[Made], horizon_days: int) -> bool:
        """Whether a run has that result."""
        return (horizon_days, artefact.name) in run.artefacts

    def setting(self, name: str) -> str | None:
        """What was written down under a name; None without it."""
        if not self._database.is_there:
            return None
        with self._database.reading() as connection:
            row = connection.execute("select value from settings where name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set(self, name: str, value: str | None) -> None:
        """Write something down for the runs to come; None takes it away."""
        with self._database.transaction() as connection:
            if value is None:
                connection.execute("delete from settings where name = ?", (name,))
            else:
                connection.execute("insert or replace into settings values (?, ?)", (name, value))

    def forget_runs(self, also: Sequence[str] = ()) -> int:
        """Delete every run with all that it was made of; folders of `also` and what is kept for good stay. So many runs
        were there."""
        runs = self.runs()
        if runs:
            with self._database.transaction() as connection:
                connection.execute("delete from artefacts")
                connection.execute("delete from runs")
        self.artefacts.tidy({*also, *(one.kept.folder for one in self._for_good())})
        self._database.compact()
        return len(runs)

    def tidy(self, also: Sequence[str] = ()) -> None:
        """Forget all but the newest runs of each horizon, and remove artefacts that no run names; folders of `also` and
        what is kept for good stay."""
        runs = self.runs()
        seen: dict[int, int] = {}
        kept = []
        for place, run in enumerate(runs):
            if place < KEPT_RUNS or any(seen.get(days, 0) < 2 for days in run.horizons):
                kept.append(run)
            for days in run.horizons:
                seen[days] = seen.get(days, 0) + 1
        gone = [run.run for run in runs if run not in kept]
        if gone:
            with self._database.transaction() as connection:
                connection.executemany("delete from runs where run = ?", [(run,) for run in gone])
        named = (one.folder for run in kept for one in run.artefacts.values())
        self.artefacts.tidy({*also, *named, *(one.kept.folder for one in self._for_good())})

    def _for_good(self) -> list[KeptForGood]:
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return all_kept(connection)

    @staticmethod
    def _record(
        connection: sqlite3.Connection, run: str, number: int, as_of: int, asked: str, exported: int
    ) -> RunRecord:
        rows = connection.execute(
            "select horizon_days, name, key, fingerprint, ingredients from artefacts where run = ?", (run,)
        ).fetchall()
        made = {(days, name): Kept(name, key, found, json.loads(went_in)) for days, name, key, found, went_in in rows}
        return RunRecord(run, number, as_of, json.loads(asked), made, bool(exported))
