"""The state of alerts: which were raised, for whom a rule holds since when, what is silenced or acknowledged.

A SQLite file in rollback-journal mode; every change is one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from foretell.alerts.alert import Alert
from foretell.project.errors import InputError
from foretell.storage.sqlite import Database

FILE_NAME = "alerts.sqlite"
SCHEMA = """
create table if not exists alerts (
  id text primary key, rule text not null, as_of text not null, raised_at integer not null, acknowledged_at integer,
  body text not null);
create table if not exists warned (
  rule text not null, customer text not null, as_of text not null, alert text not null references alerts,
  primary key (rule, customer, alert)) without rowid;
create table if not exists holding (
  rule text not null, customer text not null, since text not null, primary key (rule, customer)) without rowid;
create table if not exists looked (rule text primary key, as_of text not null, condition text not null);
create table if not exists silences (rule text primary key, until integer not null);
create table if not exists weekly (
  series text not null, week_end text not null, value real not null, primary key (series, week_end)) without rowid;
"""

AreForgotten = Callable[[Sequence[str]], Iterable[bool]]
"""Which of some ids, or texts, name somebody who is to be forgotten."""


@dataclass(frozen=True)
class Raised:
    """An alert with what became of it; moments are microseconds UTC, None where it is still open."""

    alert: Alert
    raised_at: int
    acknowledged_at: int | None


class AlertState:
    """Reads and writes `alerts.sqlite`. Days are ISO dates of the data, `now` is the clock in microseconds UTC."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(
            path,
            SCHEMA,
            "the state of the alerts",
            f"delete {path.name}: what was warned of is then not known any more",
        )

    def holds_since(self, rule: str, condition: str, as_of: str, customers: Collection[str]) -> dict[str, str]:
        """Write down of whom the rule holds at a day, and give the day since which it holds of each, run by run
        without a break. A run as of an earlier day than the last one changes nothing; another condition begins anew."""
        with self._database.transaction() as connection:
            looked = connection.execute("select as_of, condition from looked where rule = ?", (rule,)).fetchone()
            same = looked is not None and looked[1] == condition
            rows = connection.execute("select customer, since from holding where rule = ?", (rule,)) if same else ()
            before = dict(rows)
            since = {customer: min(before.get(customer, as_of), as_of) for customer in customers}
            if same and looked[0] > as_of:
                return since
            connection.execute("delete from holding where rule = ?", (rule,))
            connection.executemany(
                "insert into holding values (?, ?, ?)", [(rule, customer, day) for customer, day in since.items()]
            )
            connection.execute("insert or replace into looked values (?, ?, ?)", (rule, as_of, condition))
        return since

    def already_warned(self, rule: str, as_of: str, cooldown_days: int, since: Mapping[str, str]) -> set[str]:
        """Those of whom nothing new is to be said: warned of at this day or less than the cooldown away from it, or in
        an acknowledged alert since when the rule has held of them without a break."""
        first, last = _around(as_of, cooldown_days)
        with self._database.transaction() as connection:
            rows = connection.execute(
                "select w.customer, w.as_of, a.acknowledged_at is not null from warned w"
                " join alerts a on a.id = w.alert where w.rule = ?",
                (rule,),
            ).fetchall()
        return {
            customer
            for customer, warned, acknowledged in rows
            if first <= warned <= last or (acknowledged and customer in since and warned >= since[customer])
        }

    def was_raised(self, rule: str, as_of: str, cooldown_days: int) -> bool:
        """Whether the rule raised an alert at this day or less than the cooldown away from it."""
        first, last = _around(as_of, cooldown_days)
        with self._database.transaction() as connection:
            found = connection.execute(
                "select count(*) from alerts where rule = ? and as_of between ? and ?", (rule, first, last)
            ).fetchone()
        return bool(found[0])

    def add(self, alert: Alert, now: int) -> bool:
        """Keep a new alert; False where it is there already."""
        with self._database.transaction() as connection:
            added = connection.execute(
                "insert or ignore into alerts values (?, ?, ?, ?, null, ?)",
                (alert.id, alert.rule, alert.as_of, now, json.dumps(alert.as_json())),
            ).rowcount
            if added:
                connection.executemany(
                    "insert into warned values (?, ?, ?, ?)",
                    [(alert.rule, customer, alert.as_of, alert.id) for customer in alert.customers],
                )
        return bool(added)

    def raised(self, with_acknowledged: bool = True) -> list[Raised]:
        """The alerts, the newest day first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "select body, raised_at, acknowledged_at from alerts where ? or acknowledged_at is null"
                " order by as_of desc, raised_at desc, rule, id",
                (with_acknowledged,),
            ).fetchall()
        return [Raised(Alert.of_json(json.loads(body)), at, acknowledged) for body, at, acknowledged in rows]

    def acknowledge(self, id_or_beginning: str, now: int) -> Alert:
        """Mark an alert as seen; its first few characters do where no other begins so. InputError where none does."""
        found = [one.alert for one in self.raised() if id_or_beginning and one.alert.id.startswith(id_or_beginning)]
        if len(found) != 1:
            known = ", ".join(one.alert.id for one in self.raised(False)[:5])
            raise InputError(
                "There is no such alert." if not found else "Several alerts begin so.",
                found=id_or_beginning,
                expected=f"an id such as {known}" if known else "an alert; there is none to acknowledge",
                hint="foretell alerts lists them",
            )
        with self._database.transaction() as connection:
            connection.execute(
                "update alerts set acknowledged_at = ? where id = ? and acknowledged_at is null", (now, found[0].id)
            )
        return found[0]

    def forget(self, are_forgotten: AreForgotten) -> int:
        """Take customers out of every alert and rule; one that warned of nobody else is deleted. So many alerts named
        them."""
        if not self._database.is_there:
            return 0
        with self._database.transaction() as connection:
            for table in ("warned", "holding"):
                named = [row[0] for row in connection.execute(f"select distinct customer from {table}")]
                gone = [(one,) for one, is_gone in zip(named, are_forgotten(named), strict=True) if is_gone]
                connection.executemany(f"delete from {table} where customer = ?", gone)
            changed = 0
            for id_, body in connection.execute("select id, body from alerts").fetchall():
                told = json.loads(body)
                kept = [one for one, gone in zip(told["customers"], are_forgotten(told["customers"]), strict=True)
                        if not gone]  # fmt: skip
                if len(kept) == len(told["customers"]):
                    continue
                changed += 1
                told |= {"customers": kept, "customer_count": len(kept)}
                if kept:
                    connection.execute("update alerts set body = ? where id = ?", (json.dumps(told), id_))
                else:
                    connection.execute("delete from warned where alert = ?", (id_,))
                    connection.execute("delete from alerts where id = ?", (id_,))
        self._database.compact()
        return changed

    def silence(self, rule: str, until: int) -> None:
        """Raise nothing by this rule before a moment; one that is past ends the silence."""
        with self._database.transaction() as connection:
            connection.execute("insert or replace into silences values (?, ?)", (rule, until))

    def silences(self, now: int) -> dict[str, int]:
        """The rules that are silent now, with the moment until which they are."""
        with self._database.transaction() as connection:
            return dict(connection.execute("select rule, until from silences where until > ?", (now,)).fetchall())

    def keep_weekly(self, week_end: str, values: Mapping[str, float]) -> None:
        """Write down what series were worth at the end of a week; the same week again is replaced."""
        with self._database.transaction() as connection:
            connection.executemany(
                "insert or replace into weekly values (?, ?, ?)",
                [(series, week_end, value) for series, value in values.items()],
            )

    def series(self) -> tuple[str, ...]:
        """The names of all series that were written down."""
        with self._database.transaction() as connection:
            rows = connection.execute("select distinct series from weekly order by series").fetchall()
        return tuple(row[0] for row in rows)

    def weekly(self, series: str) -> Sequence[tuple[str, float]]:
        """The days and values of a series, in order."""
        with self._database.transaction() as connection:
            return connection.execute(
                "select week_end, value from weekly where series = ? order by week_end", (series,)
            ).fetchall()


def _around(day: str, cooldown_days: int) -> tuple[str, str]:
    """The first and the last day less than a cooldown away."""
    apart = timedelta(days=max(cooldown_days - 1, 0))
    return (date.fromisoformat(day) - apart).isoformat(), (date.fromisoformat(day) + apart).isoformat()
