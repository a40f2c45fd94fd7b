"""Order paths: what the facts that segments read could be at the end of the horizon, if a customer orders.

Each path is one possible course of the purchase process (BG/NBD for the days with an order, Gamma-Gamma for what one
is worth), given the customer's past and at least one order in the horizon. All customers share the numbers by which
chance decides, so that nobody's paths depend on who else is there, and differences between customers are no noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from statistics import NormalDist

import numpy as np

from foretell.btyd import gamma_gamma
from foretell.btyd.beta_geometric import BG_NBD, BetaGeometricParameters
from foretell.btyd.estimated_once import estimated
from foretell.btyd.gamma_gamma import GammaGammaParameters
from foretell.btyd.summary import DAYS_PER_WEEK, CannotFit, in_weeks, summarised
from foretell.segments.segment_set import Cuts, SegmentSet
from foretell.segments.standing import Standing

PATHS = 64
POSSIBLE_WEIGHS = 2.0
"""How many paths the plain possibility of a segment weighs, so that nothing possible is ruled out by chance."""
SEED = 0
MOST_ORDER_DAYS = 400
MOST_CUSTOMERS = 50_000
OWN_DAYS_WEIGH = 2.0
"""How many purchase days everybody's orders a day weigh, beside the customer's own."""
DAYS_TAKEN_FOR_GRANTED = 365.0
NORMAL = NormalDist()


@dataclass(frozen=True)
class OrderProcess:
    """The parameters of everybody: `orders` in weeks, `value` in currency a purchase day (None where nothing is spent),
    `orders_a_day` the mean number of orders on a day with one."""

    orders: BetaGeometricParameters
    value: GammaGammaParameters | None
    orders_a_day: float

    @classmethod
    def of(cls, now: Standing) -> OrderProcess:
        """Learn from everybody's standing of one day; never fails. Of many customers, those
        with the smallest keys are read. Where too few came back, rates are gamma with shape 1 and nobody leaves; where
        too few spent, values are gamma with shape 1."""
        if len(now) > MOST_CUSTOMERS:
            now = now.take(np.sort(np.argsort(now.customer_key, kind="stable")[:MOST_CUSTOMERS]))
        days, span, observed = _days(now)
        worth = now.facts["lifetime_spend"] / days
        try:
            orders = estimated(BG_NBD.fit, summarised(days, span, observed))
        except CannotFit:
            weeks = (observed.sum() + DAYS_TAKEN_FOR_GRANTED) / DAYS_PER_WEEK
            orders = BetaGeometricParameters(1.0, float(weeks / ((days - 1).sum() + 0.5)), 1e-6, 1.0, np.nan)
        value = None
        if (worth > 0).any():
            try:
                value = estimated(gamma_gamma.fit, gamma_gamma.summarised(days, worth))
            except CannotFit:
                value = GammaGammaParameters(1.0, 2.0, float(worth.mean()), np.nan)
        return cls(orders, value, float(now.facts["lifetime_orders"].sum() / max(days.sum(), 1.0)))


@dataclass(frozen=True)
class Ruled:
    """A set with its cut points, and bool [segments]: where somebody who orders may be."""

    group: SegmentSet
    cuts: Cuts
    possible: np.ndarray


def where_orders_lead(
    process: OrderProcess, rules: Sequence[Ruled], now: Standing, landing: Standing, horizon_days: int
) -> list[np.ndarray | None]:
    """For each set float32 [customers, segments], rows summing to 1: the share of a customer's paths that end in a
    segment. None for sets that read features besides the standing's own facts, since paths leave those as they are."""
    told = [one for one in rules if not one.group.features]
    counts = [
        np.tile((POSSIBLE_WEIGHS * one.possible / one.possible.sum()).astype(np.float32), (len(now), 1)) for one in told
    ]
    rows = np.arange(len(now))
    for end in order_paths(process, now, landing, horizon_days) if told else ():
        for one, count in zip(told, counts, strict=True):
            count[rows, one.group.assign(end, one.cuts)] += 1
    found = iter(counts)
    return [None if one.group.features else next(found) / np.float32(PATHS + POSSIBLE_WEIGHS) for one in rules]


def order_paths(process: OrderProcess, now: Standing, landing: Standing, horizon_days: int) -> Iterator[Standing]:
    """`PATHS` standings at the end of the horizon, one entry a customer of `now` in each: `landing`, the standing to
    which silence leads, with the orders of a path. Features besides the standing's own facts stay as in `landing`."""
    past = _Past.of(process, now, horizon_days / DAYS_PER_WEEK)
    random = np.random.default_rng(SEED)
    even = np.column_stack([(random.permutation(PATHS) + 0.5) / PATHS for _ in range(len(fields(_Luck)) - 1)])
    for row in even:
        luck = _Luck(np.cumsum(random.exponential(size=MOST_ORDER_DAYS)), *row)
        yield replace(landing, facts=_appended(process, past, luck, now, landing))


@dataclass(frozen=True)
class _Luck:
    """What decides one path: the moments of a process with one event a unit of time, and numbers between 0 and 1."""

    moments: np.ndarray
    first: float
    rate: float
    leaving: float
    leaving_low: float
    staying: float
    staying_low: float
    left: float
    worth: float
    spent: float
    spent_low: float


@dataclass(frozen=True)
class _Past:
    """What every path reads of a customer: the parameters of their rate (`shape`, `weeks`), the chance of an order
    within `horizon` weeks while they have not left, and their purchase days."""

    horizon: float
    days: np.ndarray
    shape: np.ndarray
    weeks: np.ndarray
    comes: np.ndarray

    @classmethod
    def of(cls, process: OrderProcess, now: Standing, horizon: float) -> _Past:
        days, span, observed = _days(now)
        repeats, _, age = in_weeks(days, span, observed)
        shape, weeks = process.orders.r + repeats, process.orders.alpha + age
        return cls(horizon, days, shape, weeks, -np.expm1(-shape * np.log1p(horizon / weeks)))


def _appended(
    process: OrderProcess, past: _Past, luck: _Luck, now: Standing, landing: Standing
) -> dict[str, np.ndarray]:
    aged, end = landing.facts, past.horizon * (1 - 1e-9)
    first = np.minimum(past.weeks * np.expm1(-np.log1p(-luck.first * past.comes) / past.shape), end)
    rate = _gamma(past.shape + 1, luck.rate) / (past.weeks + first)
    stays = _days_before_leaving(process.orders, past.days - 1, luck)
    more = np.minimum(np.searchsorted(luck.moments, rate * (end - first)), stays)
    last = np.minimum(first + np.where(more > 0, luck.moments[np.maximum(more - 1, 0)], 0.0) / rate, end)
    count = 1.0 + more
    recent = count
    if (before := end - now.window_days / DAYS_PER_WEEK) > 0:
        early = np.minimum(np.searchsorted(luck.moments, rate * np.maximum(before - first, 0)), more)
        recent = np.where(first < before, more - early, count)
    own = now.facts["lifetime_orders"] + OWN_DAYS_WEIGH * process.orders_a_day
    orders_a_day = own / (past.days + OWN_DAYS_WEIGH)
    spend_a_day = _spend_a_day(process, past, luck, now, count)
    silent_days = np.ceil((past.horizon - last) * DAYS_PER_WEEK) - 1.0
    first_gap = now.facts["silent_days"] + 1 + np.floor(first * DAYS_PER_WEEK)
    new_gap = np.maximum(np.where(more > 0, (last - first) * DAYS_PER_WEEK / np.maximum(more, 1), first_gap), 1.0)
    return {
        **aged,
        "silent_days": silent_days,
        "orders": aged["orders"] + np.floor(recent * orders_a_day + 0.5),
        "spend": aged["spend"] + recent * spend_a_day,
        "lifetime_orders": aged["lifetime_orders"] + np.floor(count * orders_a_day + 0.5),
        "lifetime_spend": aged["lifetime_spend"] + count * spend_a_day,
        "purchase_days": past.days + count,
        "gap_days": _usual_gap(aged, past.days - 1, np.maximum(first_gap, 1.0), more, new_gap),
        "last_gap_days": new_gap,
    }


def _days_before_leaving(orders: BetaGeometricParameters, repeats: np.ndarray, luck: _Luck) -> np.ndarray:
    """int64: how many more purchase days come after the first until the customer leaves, by the chance of leaving at
    each, Beta(a, b + repeats)."""
    leaves = _gamma_of_any_shape(np.array(orders.a), luck.leaving, luck.leaving_low)
    stays = _gamma_of_any_shape(orders.b + repeats, luck.staying, luck.staying_low)
    chance = np.clip(leaves / np.maximum(leaves + stays, 1e-300), 1e-9, 1 - 1e-9)
    return np.minimum(np.log(luck.left) / np.log1p(-chance), MOST_ORDER_DAYS).astype(np.int64)


def _spend_a_day(process: OrderProcess, past: _Past, luck: _Luck, now: Standing, count: np.ndarray) -> np.ndarray:
    """What a purchase day of the path brings: the mean of `count` values of the customer's own Gamma-Gamma."""
    if (money := process.value) is None:
        return np.zeros(len(now))
    scale = (money.gamma + now.facts["lifetime_spend"]) / _gamma(money.q + money.p * past.days, luck.worth)
    return np.asarray(_gamma_of_any_shape(money.p * count, luck.spent, luck.spent_low) * scale / count)


def _usual_gap(
    aged: Mapping[str, np.ndarray], gaps: np.ndarray, first: np.ndarray, more: np.ndarray, new: np.ndarray
) -> np.ndarray:
    """The median gap, as near as the facts tell it: the geometric mean of the median so far, of the gap that the first
    new order ends, and of those after it, each weighing its gaps; NaN with fewer than three purchase days."""
    before = np.where(np.isfinite(aged["gap_days"]), aged["gap_days"], np.nan_to_num(aged["last_gap_days"], nan=1.0))
    logs = gaps * np.log(np.maximum(before, 1.0)) + np.log(first) + more * np.log(new)
    return np.where(gaps + more >= 1, np.exp(logs / (gaps + more + 1)), np.nan)


def _days(now: Standing) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Purchase days, days from the first to the last, and from the first to the moment."""
    observed = now.facts["observed_days"]
    return now.facts["purchase_days"], np.maximum(observed - 1 - now.facts["silent_days"], 0.0), observed


def _gamma(shape: np.ndarray, share: float) -> np.ndarray:
    """About the quantile of Gamma(shape, 1), shape at least 1 (Wilson and Hilferty 1931)."""
    ninth = 1 / (9 * shape)
    return np.asarray(shape * np.maximum(1 - ninth + NORMAL.inv_cdf(share) * np.sqrt(ninth), 1e-3) ** 3)


def _gamma_of_any_shape(shape: np.ndarray, share: float, low: float) -> np.ndarray:
    """Gamma(shape, 1) from two independent shares: Gamma(shape + 1, 1) times a power of the second."""
    return np.asarray(_gamma(shape + 1, share) * low ** (1 / np.maximum(shape, 1e-6)))
