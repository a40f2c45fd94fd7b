"""The manifest: a small SQLite file that says which files of the store count; what it does not name does not exist."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from foretell.storage.sqlite import Database

ANEW = (
    "delete manifest.sqlite and the folder loads there, nothing else, and run again: the log is read anew from the "
    "source files; campaigns, forecasts of earlier days and who was forgotten stand in other files of that folder"
)
SCHEMA = """
create table if not exists settings (key text primary key, value text not null);
create table if not exists loads (
  load text primary key, source text not null, reading text not null, bytes integer not null,
  rows_read integer not null, lines integer not null, rejected integer not null, equal_lines integer not null,
  table_name text not null, number integer not null, follows integer not null, oldest_at integer not null,
  newest_at integer not null, new integer not null, changed integer not null, seen_before integer not null,
  gone integer not null, withdrawn integer not null, twice integer not null, differing integer not null,
  divided integer not null, meeting integer not null, doubled integer not null, stands integer not null);
create table if not exists files (
  path text primary key, load text not null references loads, kind text not null, bucket integer not null,
  rows integer not null, digest text not null);
"""


@dataclass(frozen=True)
class Load:
    """One load of one source file: `load` is the fingerprint of its content, `reading` of how it was read. `table` is
    where its rows belong, `lines` counts those that could be used.

    Loads are numbered as they come; one that read what lies beyond an earlier one `follows` it. The facts lie between
    `oldest_at` and `newest_at` (microseconds UTC). Of its orders so many were `new`, `changed`, `seen_before` as they
    are; `gone` were orders that the source held before and holds no longer in the time that it covers, of which so many
    were `withdrawn`. So many stood in another file of the source as well: `twice` with the same content, `differing`
    in another version, `divided` with other lines; so many new ones were `meeting` another customer's order number.
    `doubled` lines were left out of a file in which every line stands twice.
    `stands` says whether a file that is there, or an order that counts, goes back to it.
    """

    load: str
    source: str
    reading: str
    bytes: int
    rows_read: int = 0
    lines: int = 0
    rejected: int = 0
    equal_lines: int = 0
    table: str = "orders"
    number: int = 0
    follows: int = 0
    oldest_at: int = 0
    newest_at: int = 0
    new: int = 0
    changed: int = 0
    seen_before: int = 0
    gone: int = 0
    withdrawn: int = 0
    twice: int = 0
    differing: int = 0
    divided: int = 0
    meeting: int = 0
    doubled: int = 0
    stands: bool = True


@dataclass(frozen=True)
class StoredFile:
    """A Parquet file of the store, by its path below the root; `digest` is of its bytes."""

    path: str
    load: str
    kind: str
    bucket: int
    rows: int
    digest: str


class Manifest:
    """Reads and writes `manifest.sqlite`; every change is one transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path, SCHEMA, "the manifest of the customer log", f"in {path.parent}, {ANEW}")

    @property
    def is_there(self) -> bool:
        """Whether a store was begun."""
        return self._database.is_there

    def setting(self, key: str, default: str) -> str:
        """The setting's value; the first caller's default is kept for good."""
        with self._database.transaction() as connection:
            connection.execute("insert or ignore into settings values (?, ?)", (key, default))
            return str(connection.execute("select value from settings where key = ?", (key,)).fetchone()[0])

    def settings(self) -> dict[str, str]:
        """Every setting that is kept; nothing is written."""
        with self._database.reading() as connection:
            return dict(connection.execute("select key, value from settings").fetchall())

    def loads(self) -> list[Load]:
        """Every load that counts, in the order of their fingerprints."""
        with self._database.reading() as connection:
            rows = connection.execute("select * from loads order by load").fetchall()
        return [replace(Load(*row), stands=bool(row[-1])) for row in rows]

    def files(self, kind: str | None = None, bucket: int | None = None) -> list[StoredFile]:
        """The files of one kind that count, or of all kinds; of one bucket or of all."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "select path, load, kind, bucket, rows, digest from files where (? is null or kind = ?)"
                " and (? is null or bucket = ?) order by path",
                (kind, kind, bucket, bucket),
            ).fetchall()
        return [StoredFile(*row) for row in rows]

    def add(
        self, load: Load, files: Sequence[StoredFile], retired: Sequence[str] = (), dropped: Sequence[str] = ()
    ) -> list[str]:
        """Let a load count from now on, in place of the `retired` ones and of the files with `dropped` paths; gives the
        paths that no longer count. A load that counts already is the newest from now on."""
        with self._database.transaction() as connection:
            gone = _retired(connection, retired)
            _insert(connection, load)
            _replace(connection, files, dropped)
        return [*gone, *dropped]

    def settle(
        self, loads: Sequence[Load], files: Sequence[StoredFile], dropped: Sequence[str], settings: Mapping[str, str]
    ) -> list[str]:
        """Write anew what is said of loads, put files in the place of others, and change settings, all at once; gives
        the paths that no longer count."""
        with self._database.transaction() as connection:
            for load in loads:
                _insert(connection, load)
            _replace(connection, files, dropped)
            connection.executemany("insert or replace into settings values (?, ?)", list(settings.items()))
        return list(dropped)

    def retire(self, loads: Sequence[str]) -> list[str]:
        """Let loads count no more; gives the paths that no longer count."""
        with self._database.transaction() as connection:
            return _retired(connection, loads)


def _insert(connection: sqlite3.Connection, load: Load) -> None:
    values = astuple(load)
    connection.execute(f"insert or replace into loads values ({','.join('?' * len(values))})", values)


def _replace(connection: sqlite3.Connection, files: Sequence[StoredFile], dropped: Sequence[str]) -> None:
    connection.executemany("delete from files where path = ?", [(path,) for path in dropped])
    connection.executemany("insert into files values (?, ?, ?, ?, ?, ?)", [astuple(file) for file in files])


def _retired(connection: sqlite3.Connection, loads: Sequence[str]) -> list[str]:
    marks = ",".join("?" * len(loads))
    gone = connection.execute(f"select path from files where load in ({marks})", tuple(loads)).fetchall()
    connection.execute(f"delete from files where load in ({marks})", tuple(loads))
    connection.execute(f"delete from loads where load in ({marks})", tuple(loads))
    return [row[0] for row in gone]
