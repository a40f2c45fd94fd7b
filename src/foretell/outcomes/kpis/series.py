"""The KPIs of a log as daily series: flows that add up over days, and standings at the end of each day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial, reduce

import numpy as np

from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Survey, Tally

LOOK_BACK_DAYS = 365
"""What a customer who leaves was worth is what they ordered in so many days up to their last order."""


@dataclass(frozen=True)
class Daily:
    """A series with a value for each local day from `first` (days since 1970-01-01) on, float64, NaN where unknown. A
    flow adds up over days, a standing is of the end of its day."""

    first: int
    values: np.ndarray
    is_flow: bool

    @property
    def last(self) -> int:
        """The last day."""
        return self.first + len(self.values) - 1

    def since(self, day: int) -> Daily:
        """The part from a day on."""
        return Daily(max(day, self.first), self.values[max(day - self.first, 0) :], self.is_flow)


def flows_of(survey: Survey, last_day: int) -> dict[str, Daily]:
    """Orders, revenue (refunds taken off) and new customers by day, from the first order to the last day."""
    first = int(survey.orders.codes[0]) if len(survey.orders) else last_day
    tallies = {"orders": survey.orders, "revenue": survey.spend, "new customers": survey.newcomers}
    unit = {"revenue": UNITS_PER_ONE}
    return {
        name: Daily(first, by_day(tally, first, last_day) / unit.get(name, 1), is_flow=True)
        for name, tally in tallies.items()
    }


def standings_of(engine: Engine, as_of: int, last_day: int, windows: Mapping[str, int]) -> dict[str, Daily]:
    """`active customers` (an order in the window), `repeat rate` (two orders or more in the window, of those with one)
    and `churned revenue` by day: what those had ordered in a year whose last order became as old as the window on that
    day. `windows` has the days of each. The first window of the log is unknown: NaN."""
    parts = list(engine.over(partial(_tallied, windows=dict(windows)), as_of))
    if not parts:
        return {}
    whole = reduce(lambda one, other: {name: one[name] + other[name] for name in one}, parts)
    first = int(whole["active"].codes.min(initial=last_day))

    def standing(name: str) -> np.ndarray:
        return np.cumsum(by_day(whole[name], first, last_day))

    with np.errstate(invalid="ignore", divide="ignore"):
        found = {
            "active customers": standing("active"),
            "repeat rate": standing("repeating") / standing("buying"),
            "customers of the window": standing("spending"),
            "churned revenue": by_day(whole["churned"], first, last_day) / UNITS_PER_ONE,
        }
    of_window = {**windows, "customers of the window": windows["revenue per customer"]}
    for name, values in found.items():
        values[: of_window[name]] = np.nan
    return {name: Daily(first, values, is_flow=name == "churned revenue") for name, values in found.items()}


def revenue_per_customer(revenue: Daily, customers: Daily, window_days: int) -> Daily:
    """Revenue of the window up to each day over the customers who ordered in it."""
    total = np.cumsum(revenue.values)
    trailing = total - np.concatenate(
        [np.zeros(min(window_days, len(total))), total[: max(len(total) - window_days, 0)]]
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return Daily(revenue.first, trailing / customers.values, is_flow=False)


def by_day(tally: Tally, first: int, last: int) -> np.ndarray:
    """float64 [days]: the counts of each day from the first to the last."""
    values = np.zeros(max(last - first + 1, 0))
    inside = (tally.codes >= first) & (tally.codes <= last)
    values[tally.codes[inside] - first] = tally.counts[inside]
    return values


def _tallied(batch: Timelines, windows: Mapping[str, int]) -> dict[str, Tally]:
    orders = batch.orders
    day = orders.columns["local_day"].astype(np.int64)
    customer = np.repeat(np.arange(len(orders.offsets) - 1), np.diff(orders.offsets))
    is_last = np.append(customer[1:] != customer[:-1], True) if len(day) else np.zeros(0, dtype=bool)
    is_first = np.roll(is_last, 1) if len(day) else is_last
    never = np.iinfo(np.int64).max // 4
    following = np.where(is_last, never, np.append(day[1:], never)[: len(day)])
    before = np.where(is_first, -never, np.append(-never, day[:-1])[: len(day)])
    repeat, churn = windows["repeat rate"], windows["churned revenue"]
    leaving = following > day + churn
    return {
        "active": _between(day, np.minimum(following, day + windows["active customers"])),
        "buying": _between(day, np.minimum(following, day + repeat)),
        "repeating": _between(day, np.minimum(following, before + repeat)),
        "spending": _between(day, np.minimum(following, day + windows["revenue per customer"])),
        "churned": Tally.of(day[leaving] + churn, _worth(batch, customer, day)[leaving]),
    }


def _between(begin: np.ndarray, end: np.ndarray) -> Tally:
    """Up by one at each beginning and down at its end; intervals that end before they begin are none."""
    some = end > begin
    change = np.concatenate([np.ones(some.sum()), -np.ones(some.sum())]).astype(np.int64)
    return Tally.of(np.concatenate([begin[some], end[some]]), change)


def _worth(batch: Timelines, customer: np.ndarray, day: np.ndarray) -> np.ndarray:
    """int64: what the customer of each order had ordered in the year up to it, in ten-thousandths."""
    if not len(day):
        return np.zeros(0, dtype=np.int64)
    total = np.concatenate([[0], np.cumsum(np.maximum(batch.orders.columns["amount"], 0))])
    span, low = int(day.max() - day.min()) + LOOK_BACK_DAYS + 2, int(day.min()) - LOOK_BACK_DAYS
    place = customer * span + (day - low)
    begin = np.searchsorted(place, place - LOOK_BACK_DAYS, side="right")
    return np.asarray(total[np.arange(1, len(day) + 1)] - total[np.maximum(begin, batch.orders.offsets[customer])])
