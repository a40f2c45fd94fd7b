"""The survey: what the log as a whole looks like before a date, as counts that add up over buckets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce

import numpy as np

from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.timelines.as_of import Population
from foretell.timelines.batch import Timelines
from foretell.timelines.facts import Facts
from foretell.timelines.objections import objecting_before

LONGEST_GAP_DAYS = 9_999
WIDEST_TALLY = 1 << 22
CELL_DAYS = 28
"""Gaps are known as they were at the beginning of each stretch of so many local days, counted from 1970-01-01."""
CELL = 1 << 32
EVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Tally:
    """Counts by an integer code, sorted by code; `a + b` adds them up, in any order the same."""

    codes: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    counts: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @classmethod
    def of(cls, codes: np.ndarray, weights: np.ndarray | None = None) -> Tally:
        codes = codes.astype(np.int64)
        low, high = (int(codes.min()), int(codes.max())) if len(codes) else (0, -1)
        if high - low > WIDEST_TALLY:
            found, position = np.unique(codes, return_inverse=True)
        else:
            seen = np.bincount(codes - low, minlength=1) > 0
            found, position = np.flatnonzero(seen) + low, (np.cumsum(seen) - 1)[codes - low]
        counts = np.zeros(len(found), dtype=np.int64)
        np.add.at(counts, position, 1 if weights is None else weights)
        return cls(found if len(codes) else codes, counts[: len(codes)])

    def __add__(self, other: Tally) -> Tally:
        return Tally.of(np.append(self.codes, other.codes), np.append(self.counts, other.counts))

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Survey:
    """Counts by local day (days since 1970-01-01) and of gaps between purchase days.

    `orders` and `spend` (ten-thousandths, refunds taken off) by the day they became visible, `newcomers`
    by the day of the first order, `gaps` by `week x 10,000 + gap in days` of the later order.
    `gaps` are those of the orders that stand now. `ended_gaps` are, by `cell x CELL + code of the gap`, how many more
    there were at the beginning of that cell of `CELL_DAYS` than at its end, since orders have ended there.
    `log_start` is the first order's moment in microseconds UTC, `refund_only` counts customers without an order,
    `objecting` those of `customers` who object to profiling,
    `begun` has the moment of the first fact of each other table.
    """

    timezone: str
    log_start: int = np.iinfo(np.int64).max
    customers: int = 0
    refund_only: int = 0
    objecting: int = 0
    orders: Tally = field(default_factory=Tally)
    spend: Tally = field(default_factory=Tally)
    newcomers: Tally = field(default_factory=Tally)
    gaps: Tally = field(default_factory=Tally)
    ended_gaps: Tally = field(default_factory=Tally)
    begun: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Survey) -> Survey:
        return Survey(
            self.timezone,
            min(self.log_start, other.log_start),
            self.customers + other.customers,
            self.refund_only + other.refund_only,
            self.objecting + other.objecting,
            self.orders + other.orders,
            self.spend + other.spend,
            self.newcomers + other.newcomers,
            self.gaps + other.gaps,
            self.ended_gaps + other.ended_gaps,
            _earlier(self.begun, other.begun),
        )

    @classmethod
    def of(cls, batch: Timelines) -> Survey:
        """The survey of one batch."""
        orders, adjustments = batch.orders, batch.adjustments
        day, visible_day = orders.columns["local_day"], _visible_day(batch, orders)
        visible = np.concatenate([visible_day, _visible_day(batch, adjustments)])
        money = np.concatenate([orders.columns["amount"], adjustments.columns["amount"]])
        some = np.diff(orders.offsets) > 0
        refunded = ~some & (np.diff(adjustments.offsets) > 0)
        return cls(
            batch.timezone,
            int(orders.happened_at.min(initial=np.iinfo(np.int64).max)),
            int(some.sum()),
            int(refunded.sum()),
            int((some & objecting_before(batch, EVER)).sum()),
            Tally.of(visible_day),
            Tally.of(visible, money),
            Tally.of(day[orders.offsets[:-1][some]]),
            Tally.of(_gap_codes(orders, visible_day)),
            _ended_gaps(batch),
            {name: int(facts.happened_at.min()) for name in batch.table_names if len(facts := batch.table(name))},
        )

    @cached_property
    def span_days(self) -> float:
        """Days from the first to the last day with an order, both included."""
        return float(self.orders.codes[-1] - self.orders.codes[0] + 1) if len(self.orders) else 0.0

    def population(self, cutoff: int) -> Population:
        """What a view may know of everybody at a cutoff: gaps that were closed in weeks before it, of orders that had
        not ended when its cell of `CELL_DAYS` began."""
        local = local_microseconds(np.array([cutoff]), self.timezone)[0] // MICROSECONDS_PER_DAY
        ended = self.ended_gaps.codes // CELL >= local // CELL_DAYS
        then = Tally.of(self.ended_gaps.codes[ended] % CELL, self.ended_gaps.counts[ended])
        known = self.gaps + then if len(then) else self.gaps
        closed = (known.codes // (LONGEST_GAP_DAYS + 1) + 1) * 7 <= local
        gaps, counts = known.codes[closed] % (LONGEST_GAP_DAYS + 1), known.counts[closed]
        return Population(self.log_start, _quantile(gaps, counts, 0.95), _quantile(gaps, counts, 0.5), self.begun)

    def customers_before(self, cutoff: int) -> int:
        """Customers with an order on a day before the cutoff's."""
        local = local_microseconds(np.array([cutoff]), self.timezone)[0] // MICROSECONDS_PER_DAY
        return int(self.newcomers.counts[self.newcomers.codes < local].sum())


def combined(parts: list[Survey]) -> Survey:
    """The survey of all parts together; at least one."""
    return reduce(Survey.__add__, parts)


def _earlier(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Of each name the smaller of two moments."""
    return {name: min(found[name] for found in (one, other) if name in found) for name in sorted({*one, *other})}


def _visible_day(batch: Timelines, facts: Facts) -> np.ndarray:
    if "local_day" in facts.derivations and not facts.any_late:
        return facts.columns["local_day"]
    visible = np.maximum(facts.happened_at, facts.columns["known_at"])
    return local_microseconds(visible, batch.timezone) // MICROSECONDS_PER_DAY


def _ended_gaps(batch: Timelines) -> Tally:
    """The gaps that went with orders which have ended, by the cell of their end: from the last cell to the first. Those
    of customers of whom nothing ended are the same at all times."""
    if batch.of_ended is None:
        return Tally()
    gaps = _gaps(batch.of_ended(None))
    days = local_microseconds(batch.ends, batch.timezone) // MICROSECONDS_PER_DAY
    codes, counts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for cell in np.unique(days // CELL_DAYS)[::-1].tolist():
        before = _gaps(batch.of_ended(int(batch.ends[days // CELL_DAYS == cell].min())))
        codes += [cell * CELL + before.codes, cell * CELL + gaps.codes]
        counts += [before.counts, -gaps.counts]
        gaps = before
    return Tally.of(np.concatenate(codes), np.concatenate(counts))


def _gaps(batch: Timelines) -> Tally:
    return Tally.of(_gap_codes(batch.orders, _visible_day(batch, batch.orders)))


def _gap_codes(orders: Facts, visible_day: np.ndarray) -> np.ndarray:
    gap = orders.columns["gap_days"]
    apart = gap > 0
    week = visible_day[apart] // 7
    return week * (LONGEST_GAP_DAYS + 1) + np.minimum(gap[apart], LONGEST_GAP_DAYS)


def _quantile(values: np.ndarray, counts: np.ndarray, share: float) -> float:
    if not counts.sum():
        return float("nan")
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(counts[order]) >= share * counts.sum()
    return float(values[order][np.argmax(reached)])
