"""Standing: what the rules of segments read of every customer at a moment, from what was known by another.

With both moments the same it is the customer's standing on that day. With a moment after the knowledge it is where
silence alone would carry the customer: the same kernel, on today's facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.examples.labels import trailing_spend
from foretell.features import FEATURES
from foretell.project.intervals import MICROSECONDS_PER_DAY, days
from foretell.project.local_time import local_microseconds
from foretell.segments.signs import BACK_DAYS, SIGNS
from foretell.timelines.as_of import AsOf, Past
from foretell.timelines.batch import Timelines
from foretell.timelines.facts import Facts
from foretell.timelines.objections import may_be_profiled
from foretell.timelines.survey import Survey

FACTS: dict[str, str] = {
    "silent_days": "whole local days without an order since the last one: 0 on the day after it, -1 on its own day",
    "orders": "orders in the window",
    "spend": "spend (orders minus refunds, never below 0) in the window, in currency",
    "lifetime_orders": "orders ever",
    "lifetime_spend": "spend ever, never below 0, in currency",
    "purchase_days": "distinct days with an order",
    "gap_days": "median days between purchase days; NaN with fewer than three of them",
    "last_gap_days": "days between the last purchase day and the one before; NaN with one",
    "observed_days": "days from the first order's day to the moment",
}


@dataclass(frozen=True)
class Standing:
    """One entry a customer who had ordered by `known_by`, in the order of their keys; `facts` as in `FACTS`, float64.

    `moment` is the time at which windows end, in microseconds UTC; `window_days` is the length of the window.
    """

    moment: int
    known_by: int
    window_days: float
    customer_key: np.ndarray
    facts: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.customer_key)

    def take(self, rows: np.ndarray) -> Standing:
        """The standing of the customers at a boolean mask or an array of positions."""
        facts = {name: values[rows] for name, values in self.facts.items()}
        return replace(self, customer_key=self.customer_key[rows], facts=facts)


@dataclass(frozen=True)
class Moment:
    """When customers are looked at: windows end at `at`, from what happened and was known before `known_by`; both in
    microseconds UTC. A later `at` than `known_by` tells where silence alone would carry the customers."""

    at: int
    known_by: int

    @classmethod
    def now(cls, cutoff: int) -> Moment:
        """The moment that knows everything before it."""
        return cls(cutoff, cutoff)


@dataclass(frozen=True)
class Standings:
    """What gives the standing of a batch at several moments: `window_days` is the length of the window, `features` are
    names of features, and of signs of engagement, that some set reads besides."""

    moments: tuple[Moment, ...]
    window_days: float
    survey: Survey
    features: tuple[str, ...] = ()

    def __call__(self, batch: Timelines) -> list[Standing]:
        """The standing at each moment, in their order."""
        bounds = [bound for moment in self.moments for bound in (moment.at, moment.at - days(self.window_days))]
        batch.orders.find(bounds)
        batch.adjustments.find(bounds)
        back = BACK_DAYS if SIGNS.keys() & set(self.features) else ()
        seen = tuple({moment.at - days(before) for moment in self.moments for before in back})
        return [self._at(batch.at(moment.known_by), moment, seen) for moment in self.moments]

    def _at(self, batch: Timelines, moment: Moment, seen: Sequence[int]) -> Standing:
        orders, adjustments = (Past(_known(facts, moment), moment.at) for facts in (batch.orders, batch.adjustments))
        population = self.survey.population(moment.known_by)
        lines = Past(lambda: _known(batch.lines, moment), moment.at)
        tables = batch.tables(lambda facts: _known(facts, moment), moment.at, seen)
        view = AsOf(moment.at, population, orders, adjustments, lines, tables)
        facts = {
            **_own(view, self.window_days, batch.timezone),
            **{name: SIGNS[name](view) if name in SIGNS else FEATURES[name](view) for name in self.features},
        }
        everybody = Standing(moment.at, moment.known_by, self.window_days, batch.customer_key, facts)
        return everybody.take(may_be_profiled(view))


def _own(view: AsOf, window_days: float, timezone: str) -> dict[str, np.ndarray]:
    orders = view.orders
    day = local_microseconds(np.array([view.cutoff]), timezone)[0] // MICROSECONDS_PER_DAY
    purchase_days = orders.total("new_day").astype(np.float64)
    last_gap = orders.last("day_gap_days")
    return {
        "silent_days": day - 1 - orders.last("local_day"),
        "orders": orders.count(since=window_days).astype(np.float64),
        "spend": trailing_spend(view, window_days),
        "lifetime_orders": orders.count().astype(np.float64),
        "lifetime_spend": trailing_spend(view, None),
        "purchase_days": purchase_days,
        "gap_days": np.where(purchase_days >= 3, orders.quantile("gap_days", 0.5), np.nan),
        "last_gap_days": np.where(last_gap >= 0, last_gap, np.nan),
        "observed_days": day - orders.first("local_day").astype(np.float64),
    }


def joined(parts: Sequence[Standing]) -> Standing:
    """The standings of several batches at one moment as one, by customer key; at least one."""
    key = np.concatenate([part.customer_key for part in parts])
    order = np.argsort(key, kind="stable")
    facts = {name: np.concatenate([part.facts[name] for part in parts])[order] for name in parts[0].facts}
    return replace(parts[0], customer_key=key[order], facts=facts)


def _known(facts: Facts, moment: Moment) -> Facts:
    """The facts that had happened, were known by then and had not ended; all, where those of later lie beyond the
    windows anyway."""
    facts = facts.lasting(moment.known_by)
    if moment.known_by >= moment.at and not facts.any_late:
        return facts
    seen = facts.happened_at < moment.known_by
    if facts.any_late:
        seen &= facts.columns["known_at"] < moment.known_by
    return facts if seen.all() else facts.kept(seen)
