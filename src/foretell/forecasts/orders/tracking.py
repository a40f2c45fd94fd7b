"""The tracking of orders: week by week through the test windows, beside what the forecasts that serve expected."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.backtest.proof import Proof
from foretell.backtest.tracking import Followed, Miss, track
from foretell.examples.examples import Examples
from foretell.examples.plan import Plan
from foretell.forecasts.orders.cohorts import cohorts_of
from foretell.models.contract import CannotFit
from foretell.models.learners.buy_till_you_die import BgNbd
from foretell.project.intervals import days, from_microseconds
from foretell.project.local_time import local_days
from foretell.project.objectives import TARGETS
from foretell.storage.artefacts import Artefact
from foretell.timelines.as_of import Past
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine
from foretell.words.wording import count, expected

EVERYBODY = "all customers"
LONGEST_DAILY = 14


@dataclass(frozen=True)
class TrackedGroup:
    """Orders of a group, cumulated to the end of each step; the 80 % interval is None where it is not known.

    `customers` were known when the newest window began."""

    name: str
    customers: int
    came: tuple[float, ...]
    expected: tuple[float, ...]
    low: tuple[float, ...] | None
    high: tuple[float, ...] | None


@dataclass(frozen=True)
class Tracking:
    """Windows of `horizon_days` that do not overlap, oldest first: `begins` are their first days, `ends` the days at
    whose begin a step (a week; a day where the horizon is short) has ended, ISO dates.

    Each window follows the customers who were known when it began, by the forecast of `model` from then. `by_process`
    says whether BG/NBD spread it over the window; where it could not be fitted it is spread evenly. The first of
    `groups` is everybody, the others are customers by when they were first seen; none where all were in one.
    """

    horizon_days: int
    model: str
    by_process: bool
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    groups: tuple[TrackedGroup, ...]


@dataclass(frozen=True)
class Arrivals:
    """Orders of each customer of a batch from each cutoff to the end of each step (days), counted as labels are."""

    cutoffs: tuple[int, ...]
    steps: tuple[int, ...]

    def __call__(self, batch: Timelines) -> tuple[np.ndarray, np.ndarray]:
        """The keys, and int64 [cutoffs, customers, steps]."""
        counts = [
            [Past(batch.orders, cutoff + days(step), {}).count(since=step) for step in self.steps]
            for cutoff in self.cutoffs
        ]
        return batch.customer_key, np.array(counts).transpose(0, 2, 1)


TRACKING: Artefact[Tracking | None] = Artefact("tracking", Tracking | None)


def tracking_of(engine: Engine, plan: Plan, examples: Examples | None, proof: Proof) -> Tracking | None:
    """The tracking of the model that serves the number of orders, over the newest tests whose windows do not overlap;
    None where nothing was tested. `examples` are those of the proof."""
    tests = {f.cutoff: f for f in proof.forecasts if (f.objective, f.model) == ("orders", proof.serving("orders"))}
    if examples is None or not tests:
        return None
    horizon = examples.horizon_days
    rows = {cutoff: _rows(examples, forecast) for cutoff, forecast in tests.items()}
    shown, steps = apart(tests, horizon), steps_of(horizon)
    came = _came(engine, plan, Arrivals(shown, steps), [tests[cutoff].customer_key for cutoff in shown])
    shares = [shares_by_step(rows[cutoff], steps) for cutoff in shown]
    cohort, names = _cohorts(rows, plan)

    def group(name: str, code: int | None) -> TrackedGroup:
        own = {c: np.full(len(rows[c]), True) if code is None else cohort[c] == code for c in tests}
        windows = [
            Followed(tests[c].predicted[own[c]], share[own[c]], orders[own[c]], _others(tests, own, c))
            for c, share, orders in zip(shown, (share for share, _ in shares), came, strict=True)
        ]
        found = track(windows)
        low, high = (None if end is None else tuple(end.tolist()) for end in (found.low, found.high))
        known = int(own[shown[-1]].sum())
        return TrackedGroup(name, known, tuple(found.came.tolist()), tuple(found.expected.tolist()), low, high)

    codes = np.unique(np.concatenate([cohort[c] for c in shown])).tolist()
    return Tracking(
        horizon,
        tests[shown[0]].model,
        any(by_process for _, by_process in shares),
        tuple(_day(c, 0, plan) for c in shown),
        tuple(_day(c, step, plan) for c in shown for step in steps),
        (group(EVERYBODY, None), *(group(names[code], code) for code in codes if len(codes) > 1)),
    )


def apart(cutoffs: Sequence[int] | Mapping[int, object], horizon_days: int) -> tuple[int, ...]:
    """The newest cutoff and those before it whose windows do not overlap, ascending."""
    found: list[int] = []
    for cutoff in sorted(cutoffs, reverse=True):
        if not found or cutoff + days(horizon_days) <= found[-1]:
            found.append(cutoff)
    return tuple(reversed(found))


def steps_of(horizon_days: int) -> tuple[int, ...]:
    """Ends of the steps in days: weeks, the last one cut at the horizon; single days for up to two weeks.

    >>> steps_of(30), steps_of(3)
    ((7, 14, 21, 28, 30), (1, 2, 3))
    """
    step = 1 if horizon_days <= LONGEST_DAILY else 7
    return (*range(step, horizon_days, step), horizon_days)


def shares_by_step(rows: Examples, steps: Sequence[int]) -> tuple[np.ndarray, bool]:
    """float64 [customers, steps]: the share of a customer's expected orders that is expected by the end of each step,
    and whether BG/NBD said so (it is fitted to these rows; no label is read); evenly where it cannot be fitted."""
    evenly = np.tile(np.array(steps) / steps[-1], (len(rows), 1))
    try:
        process = BgNbd().fit(rows, TARGETS["orders"], 0)
    except CannotFit:
        return evenly, False
    link = np.column_stack([process.link(rows, step) for step in steps])
    return np.maximum.accumulate(np.minimum(np.exp(link - link[:, -1:]), 1.0), axis=1), True


def _rows(examples: Examples, forecast: Forecast) -> Examples:
    """The rows of a forecast, in its order."""
    own = examples.take(examples.cutoff == forecast.cutoff)
    return own.take(np.searchsorted(own.customer_key, forecast.customer_key))


def _came(engine: Engine, plan: Plan, arrivals: Arrivals, keys: Sequence[np.ndarray]) -> list[np.ndarray]:
    """float64 [customers, steps] for each cutoff: the orders of the customers with these keys."""
    parts = list(engine.over(arrivals, plan.as_of, plan.proving_key))
    key, counts = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts], axis=1)
    order = np.argsort(key)
    return [
        counts[place, order[np.searchsorted(key, own, sorter=order)]].astype(np.float64)
        for place, own in enumerate(keys)
    ]


def _others(tests: Mapping[int, Forecast], own: Mapping[int, np.ndarray], cutoff: int) -> list[Miss]:
    """What other tests missed of a group; of everybody, where the group was not at each of them."""
    others = [test for test in tests if test != cutoff]
    if not all(own[test].any() for test in others):
        return [Miss.of(tests[test].predicted, tests[test].actual) for test in others]
    return [Miss.of(tests[test].predicted[own[test]], tests[test].actual[own[test]]) for test in others]


def _cohorts(rows: Mapping[int, Examples], plan: Plan) -> tuple[dict[int, np.ndarray], dict[int, str]]:
    """The cohort of each row at each cutoff, and the cohorts' names; who is new is said as of the oldest cutoff."""
    first = {
        cutoff: local_days(np.array([cutoff]), plan.timezone)[0] - own.facts["observed_days"].astype(np.int64)
        for cutoff, own in rows.items()
    }
    gap = plan.survey.population(min(rows)).gap_days_p95
    log_start = int(local_days(np.array([plan.survey.log_start]), plan.timezone)[0])
    every = np.concatenate(list(first.values()))
    known_from = log_start + math.ceil(gap) if math.isfinite(gap) else int(every.max()) + 1
    cohorts = cohorts_of(every, known_from)
    codes = {cutoff: cohorts.codes(own) for cutoff, own in first.items()}
    return codes, {code: cohorts.name(code) for code in np.unique(np.concatenate(list(codes.values()))).tolist()}


def _day(cutoff: int, ahead: int, plan: Plan) -> str:
    return (from_microseconds(cutoff, plan.timezone).date() + timedelta(days=ahead)).isoformat()


def totals(group: TrackedGroup) -> str:
    """What came and what was expected over all windows, with the interval.

    >>> totals(TrackedGroup("all customers", 9, (2.0, 5.0), (3.0, 7.2), (1.0, 4.0), (6.0, 12.0)))
    '5 came, 7.2 expected [80\\xa0% 4, 12]'
    """
    interval = f" [80\xa0% {count(group.low[-1])}, {count(group.high[-1])}]" if group.low and group.high else ""
    return f"{count(group.came[-1])} came, {expected(group.expected[-1])} expected{interval}"
