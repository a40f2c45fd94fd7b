"""The ledger: what is to be sent, what was, when and with which outcome. A message goes to a channel once.

An attempt is written down before it is made and its outcome after. Where a crash leaves an attempt without outcome,
the message may have arrived: it is repeated once, under the same id, and if that ends the same way, no more.
A SQLite file in rollback-journal mode; every change is one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from foretell.storage.sqlite import Database

FILE_NAME = "deliveries.sqlite"
MICROSECONDS = 1_000_000
WAITS_SECONDS = (60, 300, 1_800, 7_200, 18_000, 36_000, 86_400)
"""How long to wait after the first failure, the second, and so on; then it is given up."""
LEASE_SECONDS = 600
"""An attempt without outcome may still be at work this long."""
MOST_UNCLEAR = 2
SCHEMA = """
create table if not exists messages (
  message text not null, channel text not null, body text not null, queued_at integer not null,
  next_try_at integer, outcome text not null, primary key (message, channel));
create table if not exists attempts (
  message text not null, channel text not null, attempt integer not null, begun_at integer not null,
  ended_at integer, told text, primary key (message, channel, attempt),
  foreign key (message, channel) references messages);
"""


@dataclass(frozen=True)
class Attempt:
    """One message on its way to one channel; `number` counts from 1."""

    message_id: str
    channel: str
    body: str
    number: int


@dataclass(frozen=True)
class Entry:
    """A line of the ledger: `outcome` is `waiting`, `delivered`, `given up` or `unclear`; moments are microseconds
    UTC, `next_try_at` None where there will be no other attempt. `told` is what the last attempt came to."""

    message_id: str
    channel: str
    outcome: str
    attempts: int
    queued_at: int
    next_try_at: int | None
    told: str


class Ledger:
    """Reads and writes the ledger; `now` is the clock in microseconds UTC."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(
            path, SCHEMA, "the ledger of deliveries", f"delete {path.name}: what was sent is then not known any more"
        )

    def queue(self, message_id: str, channel: str, body: str, now: int) -> bool:
        """Put a message on a channel's list; False where it is there already, sent or not."""
        with self._database.transaction() as connection:
            added = connection.execute(
                "insert or ignore into messages values (?, ?, ?, ?, ?, 'waiting')",
                (message_id, channel, body, now, now),
            ).rowcount
        return bool(added)

    def begin(self, now: int, channels: Collection[str], message_id: str | None = None) -> Attempt | None:
        """Take the next message that is due on these channels and write its attempt down; None where none is. No other
        process takes the same one meanwhile. With `message_id` it is that message or none."""
        with self._database.transaction() as connection:
            for message, channel, body in connection.execute(
                "select message, channel, body from messages where outcome = 'waiting' and next_try_at <= ?"
                " order by queued_at, message, channel",
                (now,),
            ).fetchall():
                if channel not in channels or message_id not in (None, message):
                    continue
                made, unclear, newest = connection.execute(
                    "select count(*), count(*) - count(ended_at), max(case when ended_at is null then begun_at end)"
                    " from attempts where message = ? and channel = ?",
                    (message, channel),
                ).fetchone()
                if newest is not None and now < newest + LEASE_SECONDS * MICROSECONDS:
                    continue
                if unclear >= MOST_UNCLEAR:
                    self._settle(connection, message, channel, "unclear", None)
                    continue
                connection.execute(
                    "insert into attempts values (?, ?, ?, ?, null, null)", (message, channel, made + 1, now)
                )
                return Attempt(message, channel, body, made + 1)
        return None

    def end(self, attempt: Attempt, outcome: Outcome, now: int) -> None:
        """Write down what an attempt came to, and when the next one is due where it failed."""
        waits = WAITS_SECONDS[attempt.number - 1 : attempt.number]
        with self._database.transaction() as connection:
            connection.execute(
                "update attempts set ended_at = ?, told = ? where message = ? and channel = ? and attempt = ?",
                (now, outcome.told, attempt.message_id, attempt.channel, attempt.number),
            )
            if outcome.delivered:
                self._settle(connection, attempt.message_id, attempt.channel, "delivered", None)
            elif outcome.is_final or not waits:
                self._settle(connection, attempt.message_id, attempt.channel, "given up", None)
            else:
                due = now + waits[0] * MICROSECONDS
                self._settle(connection, attempt.message_id, attempt.channel, "waiting", due)

    def due(self, now: int) -> list[tuple[str, str, int]]:
        """What `begin` would take now: message, channel, and how often it was tried; nothing is written."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return connection.execute(
                "select m.message, m.channel, count(a.attempt) from messages m"
                " left join attempts a on a.message = m.message and a.channel = m.channel"
                " where outcome = 'waiting' and next_try_at <= ? group by m.message, m.channel"
                " having not sum(a.attempt is not null and a.ended_at is null and a.begun_at > ?)"
                " order by queued_at, m.message, m.channel",
                (now, now - LEASE_SECONDS * MICROSECONDS),
            ).fetchall()

    def known(self) -> set[tuple[str, str]]:
        """Message and channel of everything that was ever put on a list; nothing is written."""
        if not self._database.is_there:
            return set()
        with self._database.reading() as connection:
            return set(connection.execute("select message, channel from messages").fetchall())

    def entries(self) -> list[Entry]:
        """Every message and channel, the newest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "select m.message, m.channel, m.outcome, count(a.attempt), m.queued_at, m.next_try_at,"
                " coalesce((select told from attempts l where l.message = m.message and l.channel = m.channel"
                " order by attempt desc limit 1), '')"
                " from messages m left join attempts a on a.message = m.message and a.channel = m.channel"
                " group by m.message, m.channel order by m.queued_at desc, m.message, m.channel"
            ).fetchall()
        return [Entry(*row) for row in rows]

    def bodies(self) -> list[tuple[str, str, str, str]]:
        """Message, channel, outcome and body of everything that is kept; nothing is written."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return connection.execute("select message, channel, outcome, body from messages").fetchall()

    def forget(self, in_texts: Callable[[Sequence[str]], Iterable[bool]]) -> tuple[int, int]:
        """Empty the bodies of messages that name somebody forgotten: that they were sent, when, and how it ended stays.
        Those that wait are deleted, so that whoever sends next writes them anew. How many were emptied, how many
        deleted."""
        kept = self.bodies()
        named = [row for row, is_named in zip(kept, in_texts([row[3] for row in kept]), strict=True) if is_named]
        waiting = [row for row in named if row[2] == "waiting"]
        if named:
            with self._database.transaction() as connection:
                for table in ("attempts", "messages"):
                    connection.executemany(
                        f"delete from {table} where message = ? and channel = ?", [row[:2] for row in waiting]
                    )
                connection.executemany(
                    "update messages set body = '' where message = ? and channel = ?", [row[:2] for row in named]
                )
        self._database.compact()
        return len(named) - len(waiting), len(waiting)

    @staticmethod
    def _settle(connection: sqlite3.Connection, message: str, channel: str, outcome: str, due: int | None) -> None:
        connection.execute(
            "update messages set outcome = ?, next_try_at = ? where message = ? and channel = ?",
            (outcome, due, message, channel),
        )


@dataclass(frozen=True)
class Outcome:
    """`told` is one line without secrets, addresses of customers or the content of the message. Where it was not
    delivered, `is_final` says that another attempt would fare no better."""

    delivered: bool
    told: str
    is_final: bool = False
