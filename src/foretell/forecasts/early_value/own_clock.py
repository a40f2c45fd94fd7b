"""Each new customer's own clock, set to zero at the local midnight that begins the day of the first order.

The kernel knows one cutoff for everybody. On clocks of their own, one cutoff, so many days of local clock time later,
is the right age of all. What a feature reads is a difference of times, or the weekday and the hour, which keep their
own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.schema import NEVER
from foretell.customer_log.tables.registry import FactTable
from foretell.project.intervals import MICROSECONDS_PER_DAY, midnight
from foretell.project.local_time import local_days, local_microseconds
from foretell.timelines.batch import Timelines
from foretell.timelines.derived import (
    Derivation,
    adjustment_columns,
    attributes_of_lines,
    attributes_of_orders,
    line_columns,
    order_columns,
)
from foretell.timelines.facts import Facts

EPOCH = date(1970, 1, 1)
LONG_AGO = -(2**61)


@dataclass(frozen=True)
class FirstDays:
    """The local days of the first orders of the new customers of a batch, int64 [new customers]."""

    new_from: int

    def __call__(self, batch: Timelines) -> np.ndarray:
        return newcomers(batch, self.new_from).first_day


@dataclass(frozen=True)
class Newcomers:
    """Who is new, bool [customers]; and, int64 [new customers], the local day on which the first order became known."""

    chosen: np.ndarray
    first_day: np.ndarray

    def midnights(self, age_days: int, timezone: str) -> np.ndarray:
        """int64 [customers]: the moment at which each reaches the age; for those who are not new, any."""
        own_days, place = np.unique(self.first_day, return_inverse=True)
        moments = [midnight(EPOCH + timedelta(days=int(day) + age_days), timezone) for day in own_days]
        found = np.zeros(len(self.chosen), dtype=np.int64)
        found[self.chosen] = np.array(moments, dtype=np.int64)[place]
        return found


def newcomers(batch: Timelines, new_from: int) -> Newcomers:
    """The new customers of a batch, also by an order that has ended since, but none whose facts are another's now."""
    ever = batch.at(LONG_AGO)
    orders, adjustments = ever.orders, ever.adjustments
    some = np.diff(orders.offsets) > 0
    first_day = np.full(orders.customers, np.iinfo(np.int64).max)
    if len(orders):
        first_day[some] = np.minimum.reduceat(_days_seen(orders, batch.timezone), orders.offsets[:-1][some])
    before = _days_seen(adjustments, batch.timezone) < first_day[adjustments.customer]
    known_before = np.bincount(adjustments.customer[before], minlength=orders.customers) > 0
    is_joined = np.isin(ever.customer_key, batch.joined)
    chosen = some & ~known_before & ~is_joined & (first_day >= new_from)
    return Newcomers(chosen, first_day[chosen])


def as_it_was(batch: Timelines, new: Newcomers, age_days: int) -> Timelines | None:
    """The new customers as each was at the age; None where nothing of theirs has ended since."""
    then = batch.at_own(new.midnights(age_days, batch.timezone))
    return None if then is batch else age_aligned(then, new)


def age_aligned(batch: Timelines, new: Newcomers) -> Timelines:
    """The new customers of a batch on a clock that begins with the day of their first order, in microseconds of local
    time."""
    chosen, origin = new.chosen, new.first_day
    orders = _of(batch.orders, chosen)

    def lines() -> Facts:
        return _moved(_of(batch.lines, chosen), origin, batch.timezone, line_columns() | attributes_of_lines())

    def told(table: FactTable) -> pa.Table:
        return _rows_moved(batch.read_table(table), batch.customer_key[chosen], origin, batch.timezone)

    return Timelines(
        batch.customer_key[chosen],
        batch.customer_id.filter(pa.array(chosen)),
        _moved(orders, origin, batch.timezone, order_columns("UTC") | attributes_of_orders(), ("weekday",)),
        _moved(_of(batch.adjustments, chosen), origin, batch.timezone, adjustment_columns()),
        lines,
        "UTC",
        batch.read_words,
        told,
    )


def _days_seen(own: Facts, timezone: str) -> np.ndarray:
    """int64: the local day on which each fact could be seen."""
    return local_days(np.maximum(own.happened_at, own.columns["known_at"]), timezone).astype(np.int64)


def _of(facts_of_all: Facts, chosen: np.ndarray) -> Facts:
    """The facts of some customers."""
    kept = facts_of_all.kept(chosen[facts_of_all.customer])
    counts = np.diff(kept.offsets)[chosen]
    return Facts(np.concatenate([[0], np.cumsum(counts)]), kept.given, kept.derivations)


def _rows_moved(rows: pa.Table, keys: np.ndarray, origin: np.ndarray, timezone: str) -> pa.Table:
    """The rows of a table of the customers with these keys, on their own clocks."""
    rows = rows.filter(pc.is_in(rows["customer_key"], pa.array(keys)))
    begin = origin[np.searchsorted(keys, rows["customer_key"].to_numpy())] * MICROSECONDS_PER_DAY
    for name in ("happened_at", "known_at", "gone_at"):
        if name not in rows.column_names:
            continue
        told = rows[name].to_numpy()
        lasts = told == NEVER
        moved = np.where(lasts, NEVER, local_microseconds(np.where(lasts, 0, told), timezone) - begin)
        rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(moved))
    return rows


def _moved(
    own: Facts, origin: np.ndarray, timezone: str, derivations: Mapping[str, Derivation], kept: Sequence[str] = ()
) -> Facts:
    """The facts on the customers' own clocks; derived anew, but for the columns that are kept as they were."""
    begin = origin[own.customer] * MICROSECONDS_PER_DAY
    moved = {name: local_microseconds(own.columns[name], timezone) - begin for name in ("happened_at", "known_at")}
    return Facts(own.offsets, {**own.given, **moved, **{name: own.columns[name] for name in kept}}, derivations)
