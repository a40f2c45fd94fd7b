"""The ledger of pushes: who is to be sent in which batch, who was, who was refused and why, of whom it is not known.

An attempt is written down before it is made and its verdict after, so that whatever stops a push, the next one knows
whom to go on with. Where an attempt has no verdict it may have arrived: it is repeated only as long as the target does
nothing twice, otherwise the person is listed as unsure and left alone. A SQLite file; every change is one transaction.
"""

from __future__ import annotations

import json
import math
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foretell.delivery.pushes.contract import Verdict
from foretell.storage.sqlite import Database

FOLDER, FILE_NAME = "pushes", "pushes.sqlite"
MICROSECONDS = 1_000_000
SCHEMA = """
create table if not exists batches (
  push text not null, batch text not null, queued_at integer not null, file text not null,
  primary key (push, batch)) without rowid;
create table if not exists people (
  push text not null, batch text not null, person text not null, place integer not null, state text not null,
  body text not null, told text not null, tries integer not null, may_have_arrived integer not null,
  first_try_at integer, primary key (push, batch, person)) without rowid;
"""


@dataclass(frozen=True)
class Entry:
    """One person of a batch who is not done: `state` is `waiting`, `sending` (an attempt without an end), `refused` or
    `unsure`; `told` is what the last attempt came to."""

    push: str
    batch: str
    person: str
    state: str
    tries: int
    told: str


class PushLedger:
    """Reads and writes the ledger in the state folder of a project; moments are microseconds UTC."""

    def __init__(self, state: Path) -> None:
        self.folder = state / FOLDER
        self.path = self.folder / FILE_NAME
        self._database = Database(
            self.path, SCHEMA, "the ledger of pushes", f"delete {FILE_NAME}: who was sent is then not known any more"
        )

    def queue(self, push: str, batch: str, bodies: Mapping[str, Mapping[str, Any]], file: str, now: int) -> None:
        """Put people on the list of a batch. Who was refused or waits is taken up with the body given now; who is done
        or unsure stays so. `file` is the file that it writes, empty for none."""
        rows = [
            (push, batch, person, place, json.dumps(body, ensure_ascii=False))
            for place, (person, body) in enumerate(bodies.items())
        ]
        with self._changing() as connection:
            connection.execute("insert or ignore into batches values (?, ?, ?, ?)", (push, batch, now, file))
            connection.executemany(
                "insert into people values (?, ?, ?, ?, 'waiting', ?, '', 0, 0, null)"
                " on conflict do update set body = excluded.body, state = 'waiting', place = excluded.place"
                " where state in ('waiting', 'refused')",
                rows,
            )

    def take_up(self, push: str, repeats_for: float, now: int) -> None:
        """Settle what a stopped push left behind; nobody else may be at work on it. What may have arrived waits for
        another attempt where one does nothing twice, and is unsure where it might."""
        oldest = _oldest(repeats_for, now)
        with self._changing() as connection:
            connection.execute(
                "update people set state = 'waiting', may_have_arrived = 1, told = 'stopped before an answer'"
                " where push = ? and state = 'sending'",
                (push,),
            )
            connection.execute(
                "update people set state = 'unsure', body = '' where push = ? and state = 'waiting'"
                " and may_have_arrived and first_try_at < ?",
                (push, oldest),
            )

    def waiting(self, push: str, batch: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Who waits in a batch, in order, with the body."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            rows = connection.execute(
                "select person, body from people where push = ? and batch = ? and state = 'waiting' order by place",
                (push, batch),
            ).fetchall()
        return [(person, json.loads(body)) for person, body in rows]

    def again(self, push: str) -> list[str]:
        """Let those who were refused wait once more; the batches in which somebody waits, the oldest first."""
        if not self._database.is_there:
            return []
        with self._changing() as connection:
            connection.execute("update people set state = 'waiting' where push = ? and state = 'refused'", (push,))
            rows = connection.execute(
                "select batch from batches b where push = ? and exists (select 1 from people p where p.push = b.push"
                " and p.batch = b.batch and state in ('waiting', 'sending')) order by queued_at, batch",
                (push,),
            ).fetchall()
        return [batch for (batch,) in rows]

    def begin(self, push: str, batch: str, people: Sequence[str], now: int) -> None:
        """Write an attempt down, before it is made."""
        with self._changing() as connection:
            connection.executemany(
                "update people set state = 'sending', tries = tries + 1, first_try_at = coalesce(first_try_at, ?)"
                " where push = ? and batch = ? and person = ?",
                [(now, push, batch, person) for person in people],
            )

    def end(self, push: str, batch: str, verdicts: Mapping[str, Verdict], repeats_for: float, now: int) -> None:
        """Write down what an attempt came to. The body of whoever is done or unsure is emptied."""
        oldest = _oldest(repeats_for, now)
        with self._changing() as connection:
            for kind, state in (("done", "done"), ("refused", "refused"), ("again", "waiting"), ("unsure", "waiting")):
                connection.executemany(
                    "update people set state = ?, told = ?, may_have_arrived = max(may_have_arrived, ?),"
                    " body = case when ? = 'done' then '' else body end where push = ? and batch = ? and person = ?",
                    [
                        (state, verdict.told, int(kind == "unsure"), state, push, batch, person)
                        for person, verdict in verdicts.items()
                        if verdict.kind == kind
                    ],
                )
            connection.executemany(
                "update people set state = 'unsure', body = '' where push = ? and batch = ? and person = ?"
                " and state = 'waiting' and may_have_arrived and first_try_at < ?",
                [(push, batch, person, oldest) for person in verdicts],
            )

    def states(self, push: str, batch: str) -> dict[str, str]:
        """The state of everybody in a batch, by key."""
        if not self._database.is_there:
            return {}
        with self._database.reading() as connection:
            return dict(
                connection.execute("select person, state from people where push = ? and batch = ?", (push, batch))
            )

    def sent_before(self, push: str, batch: str) -> list[str]:
        """Who was sent in the newest other batch of a push."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            rows = connection.execute(
                "select person from people where push = ? and state = 'done' and batch = (select batch from batches"
                " where push = ? and batch <> ? order by queued_at desc, batch limit 1) order by place",
                (push, push, batch),
            ).fetchall()
        return [person for (person,) in rows]

    def entries(self, push: str | None = None, batch: str | None = None) -> list[Entry]:
        """Everybody who is not done, of one push and batch or of all."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            rows = connection.execute(
                "select push, batch, person, state, tries, told from people where state <> 'done'"
                " and push = coalesce(?, push) and batch = coalesce(?, batch) order by push, batch, place",
                (push, batch),
            ).fetchall()
        return [Entry(*row) for row in rows]

    def counts(self) -> list[tuple[str, str, str, int]]:
        """Push, batch, state and how many people, the newest batch first."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return connection.execute(
                "select p.push, p.batch, p.state, count(*) from people p join batches b using (push, batch)"
                " group by p.push, p.batch, p.state order by max(b.queued_at) desc, p.push, p.batch, p.state"
            ).fetchall()

    def rows(self) -> list[tuple[str, str, str, str, str, str]]:
        """Push, batch, person, state, body and what was told, of everybody; nothing is written."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return connection.execute("select push, batch, person, state, body, told from people").fetchall()

    def forget(self, in_texts: Callable[[Sequence[str]], Iterable[bool]]) -> int:
        """Take out who was forgotten. That somebody was sent, and how it ended, stays, without key and body; who waited
        or was refused is gone. Files that pushes wrote hold everybody, and are deleted. How many rows named somebody.
        """
        if not self._database.is_there:
            return 0
        rows = self.rows()
        with self._database.reading() as connection:
            files = [file for (file,) in connection.execute("select file from batches where file <> ''").fetchall()]
        named = [
            row
            for row, is_one in zip(rows, in_texts([" , ".join((r[2], r[4], r[5])) for r in rows]), strict=True)
            if is_one
        ]
        for file in files if named else ():
            Path(file).unlink(missing_ok=True)
        if named:
            with self._changing() as connection:
                for push, batch, person, *_ in named:
                    at = (push, batch, person)
                    connection.execute(
                        "delete from people where push = ? and batch = ? and person = ?"
                        " and state in ('waiting', 'refused')",
                        at,
                    )
                    connection.execute(
                        "update people set person = ?, body = '', told = ''"
                        " where push = ? and batch = ? and person = ?",
                        (f"forgotten {uuid.uuid4().hex}", *at),
                    )
        self._database.compact()
        return len(named)

    def _changing(self) -> AbstractContextManager[sqlite3.Connection]:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self._database.transaction()


def _oldest(repeats_for: float, now: int) -> int:
    """The first attempt must not lie before this moment for what may have arrived to be sent again."""
    return now + 1 if repeats_for <= 0 else 0 if math.isinf(repeats_for) else now - int(repeats_for * MICROSECONDS)
