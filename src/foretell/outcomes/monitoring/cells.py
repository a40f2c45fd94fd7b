"""Cells: how many facts of each day hold which value, column by column of every table of the log.

A fact counts on the local day on which it could be seen, so that what is told of a past day is what was known then.
A value is a code for texts, 1 for a number, and for money the place of its amount on a scale of tenths of a factor of
ten; 0 stands for a cell in which nothing is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.contacts import CONTACTS
from foretell.customer_log.tables.registry import FACT_TABLES, ORDERS, FactTable
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.batch import Timelines

Kind = Literal["rows", "text", "number", "money"]
ROWS, HAPPENED = "", "happened"
"""The names under which the facts themselves are counted: by the day on which they could be seen, as all columns are,
and by that on which they happened."""
STEPS_OF_TEN = 10
MIDDLE = 1_000
"""The value of an amount of one."""


@dataclass(frozen=True)
class Cells:
    """Of one column: `counts` facts on each of `days` (local, since 1970-01-01) hold each of `values`; int64 arrays of
    equal length, by day and value, each pair once."""

    kind: Kind
    days: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    values: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    counts: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @classmethod
    def of(cls, kind: Kind, days: np.ndarray, values: np.ndarray, counts: np.ndarray | None = None) -> Cells:
        """The cells of some facts; a pair may stand there more than once."""
        if not len(days):
            return cls(kind)
        weights = np.ones(len(days), dtype=np.int64) if counts is None else counts
        order = np.lexsort((values, days))
        day, value = days[order].astype(np.int64), values[order].astype(np.int64)
        first = np.flatnonzero(np.append(True, (day[1:] != day[:-1]) | (value[1:] != value[:-1])))
        return cls(kind, day[first], value[first], np.add.reduceat(weights[order], first))

    def __add__(self, other: Cells) -> Cells:
        pairs = ((getattr(self, name), getattr(other, name)) for name in ("days", "values", "counts"))
        return Cells.of(self.kind, *(np.concatenate(both) for both in pairs))

    def within(self, begin: int, end: int) -> Cells:
        """Those of the days `[begin, end)`."""
        first, last = np.searchsorted(self.days, (begin, end))
        return Cells(self.kind, self.days[first:last], self.values[first:last], self.counts[first:last])

    @property
    def rows(self) -> int:
        """All facts."""
        return int(self.counts.sum())

    @property
    def missing(self) -> int:
        """The facts that tell nothing here."""
        return int(self.counts[self.values == 0].sum())


Counted = dict[tuple[str, str], Cells]
"""Table and column to its cells."""


@dataclass(frozen=True)
class CountCells:
    """Counts the cells of a batch: of orders country, channel, amount and what was bought, of another table each role
    but ids. Contacts of campaigns of our own are left out: they begin when they are approved, and are no surprise."""

    timezone: str

    def __call__(self, batch: Timelines) -> tuple[Counted, Mapping[int, str]]:
        """The cells of every table, and the texts behind codes."""
        found = self._orders(batch)
        for name in batch.table_names:
            if name in FACT_TABLES and not FACT_TABLES[name].is_derived:
                found |= self._beside(FACT_TABLES[name], _told_by_others(batch, FACT_TABLES[name]))
        return found, batch.words

    def _orders(self, batch: Timelines) -> Counted:
        orders, lines = batch.orders, batch.lines
        day = self._days(orders.happened_at, orders.columns["known_at"])
        of_line = self._days(lines.happened_at, lines.columns["known_at"])
        named = np.isin(_moments(orders.customer, orders.happened_at), _moments(lines.customer, lines.happened_at))
        return {
            **self._facts(ORDERS, orders.happened_at, orders.columns["known_at"]),
            (ORDERS, "amount"): Cells.of("money", day, _places(orders.columns["amount"])),
            (ORDERS, "country"): Cells.of("text", day, orders.columns["country"]),
            (ORDERS, "channel"): Cells.of("text", day, orders.columns["channel"]),
            (ORDERS, "product"): Cells.of("number", day, named.astype(np.int64)),
            (ORDERS, "category"): Cells.of("text", of_line, lines.columns["category_code"]),
        }

    def _beside(self, table: FactTable, rows: pa.Table) -> Counted:
        happened, known = rows["happened_at"].to_numpy(), rows["known_at"].to_numpy()
        day, found = self._days(happened, known), self._facts(table.name, happened, known)
        for role in table.roles:
            if role.holds in ("id", "prose") or role.name not in rows.column_names:
                continue
            there, told = rows[role.name].is_valid().to_numpy(), pc.fill_null(rows[role.name], 0).to_numpy()
            if role.holds == "text":
                found[table.name, role.name] = Cells.of("text", day, told)
            elif role.holds == "money":
                found[table.name, role.name] = Cells.of("money", day, np.where(there, _places(told), 0))
            else:
                found[table.name, role.name] = Cells.of("number", day, there.astype(np.int64))
        return found

    def _facts(self, table: str, happened_at: np.ndarray, known_at: np.ndarray) -> Counted:
        seen, ones = self._days(happened_at, known_at), np.ones(len(happened_at), dtype=np.int64)
        happened = self._days(happened_at, happened_at)
        return {(table, ROWS): Cells.of("rows", seen, ones), (table, HAPPENED): Cells.of("rows", happened, ones)}

    def _days(self, happened_at: np.ndarray, known_at: np.ndarray) -> np.ndarray:
        seen = np.maximum(happened_at, known_at)
        return np.asarray(local_microseconds(seen, self.timezone) // MICROSECONDS_PER_DAY)


def merged(one: Counted, other: Counted) -> Counted:
    """The cells of two batches."""
    both = {key: one[key] + other[key] for key in one if key in other}
    return {**one, **other, **both}


def _told_by_others(batch: Timelines, table: FactTable) -> pa.Table:
    rows = batch.read_table(table)
    if table is not CONTACTS or not batch.own_campaigns:
        return rows
    own = pa.array([code_of(name) for name in batch.own_campaigns], pa.int64())
    return rows.filter(pc.invert(pc.is_in(rows["campaign"], own)))


def _places(amounts: np.ndarray) -> np.ndarray:
    """int64: where amounts (ten-thousandths) lie on the scale of money; nothing is the lowest place."""
    size = np.maximum(np.abs(amounts), 1) / UNITS_PER_ONE
    return np.rint(np.log10(size) * STEPS_OF_TEN).astype(np.int64) + MIDDLE


def _moments(customer: np.ndarray, happened_at: np.ndarray) -> np.ndarray:
    """A number for each customer and second."""
    return np.asarray(customer.astype(np.int64) * (1 << 34) + happened_at // 1_000_000)
