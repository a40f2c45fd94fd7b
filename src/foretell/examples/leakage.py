"""The leak check: whether a feature changes when what was not known at the cutoff is taken away, or shuffled.

A feature that asks the as-of view cannot leak. One that reaches around it, or reads something of its own, can.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from foretell.features.registry import FEATURES
from foretell.project.errors import InputError
from foretell.project.intervals import MICROSECONDS_PER_DAY, days
from foretell.timelines.as_of import AsOf, Population
from foretell.timelines.batch import Timelines
from foretell.timelines.facts import Facts

Change = Literal["removed", "shuffled"]
MOMENTS = ("happened_at", "known_at")
LATE_DAYS = 90


@dataclass(frozen=True)
class Leak:
    """A feature whose value at a cutoff differs for `customers` of `of`, when the facts that were not known yet are
    removed or shuffled; for one of them the value with those facts in place, and with the change."""

    feature: str
    cutoff: int
    change: Change
    customers: int
    of: int
    customer_id: str
    value: float
    changed_value: float


@dataclass(frozen=True)
class DoubtfulTimes:
    """Orders and refunds with a `known_at` before they happened, and more than `LATE_DAYS` after; counts of batches add
    up."""

    orders: int = 0
    known_before: int = 0
    known_late: int = 0
    longest_delay_days: float = 0.0

    def __add__(self, other: DoubtfulTimes) -> DoubtfulTimes:
        return DoubtfulTimes(
            self.orders + other.orders,
            self.known_before + other.known_before,
            self.known_late + other.known_late,
            max(self.longest_delay_days, other.longest_delay_days),
        )


def leaks(
    batch_all: Timelines, batch_known: Timelines, cutoff: int, names: Iterable[str], population: Population
) -> list[Leak]:
    """The leaks of the named features at a cutoff: `batch_all` holds everything known later, `batch_known` the same
    customers with nothing but what was known before the cutoff. InputError where a feature fails."""
    batch_all = batch_all.at(cutoff)
    with_future = _view(batch_all, cutoff, population)
    shuffled = _view(future_shuffled(batch_all, cutoff), cutoff, population)
    rows_of_known = np.searchsorted(batch_all.customer_key, batch_known.customer_key)
    changed: dict[Change, tuple[AsOf, np.ndarray]] = {
        "removed": (_view(batch_known, cutoff, population), rows_of_known),
        "shuffled": (shuffled, np.arange(shuffled.customers)),
    }
    found = []
    for name in names:
        values = feature_values(name, with_future)
        for change, (view, rows) in changed.items():
            others = feature_values(name, view)
            asked = view.orders.count() > 0
            differs = np.flatnonzero(asked & ~_equal(values[rows], others))
            if len(differs):
                first = differs[0]
                customer = str(batch_all.customer_id[int(rows[first])].as_py())
                told = (float(values[rows[first]]), float(others[first]))
                found.append(Leak(name, cutoff, change, len(differs), int(asked.sum()), customer, *told))
    return found


def future_shuffled(batch: Timelines, cutoff: int, seed: int = 0) -> Timelines:
    """The batch with what was not known at the cutoff dealt out anew: amounts, pieces and products change places
    among the facts that happened or became known at or after it."""
    random, batch = np.random.default_rng(seed), batch.at(cutoff)
    orders, adjustments = _dealt(batch.orders, cutoff, random), _dealt(batch.adjustments, cutoff, random)
    lines = _dealt(batch.lines, cutoff, random)
    return replace(batch, orders=orders, adjustments=adjustments, read_lines=lambda: lines)


def doubtful_times(batch: Timelines) -> DoubtfulTimes:
    """What the times of a batch's orders and refunds look like."""
    facts = (batch.orders, batch.adjustments)
    delay = np.concatenate([one.columns["known_at"] - one.happened_at for one in facts])
    return DoubtfulTimes(
        len(delay),
        int((delay < 0).sum()),
        int((delay > days(LATE_DAYS)).sum()),
        float(delay.max(initial=0) / MICROSECONDS_PER_DAY),
    )


def feature_values(name: str, view: AsOf) -> np.ndarray:
    """float64 [customers] of a feature; InputError where it fails or gives something else."""
    try:
        values = FEATURES[name](view)
    except Exception as error:
        raise InputError("A feature fails.", column=name, found=f"{type(error).__name__}: {error}") from error
    if values.shape != (view.customers,):
        raise InputError(
            "A feature gives the wrong number of values.",
            column=name,
            found=f"shape {values.shape}",
            expected=f"one value for each of {view.customers} customers",
        )
    return values


def _view(batch: Timelines, cutoff: int, population: Population) -> AsOf:
    return batch.views([cutoff], lambda _: population)[0]


def _equal(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.asarray((left == right) | (np.isnan(left) & np.isnan(right)))


def _dealt(facts: Facts, cutoff: int, random: np.random.Generator) -> Facts:
    unknown = np.flatnonzero(np.maximum(facts.happened_at, facts.columns["known_at"]) >= cutoff)
    source = np.arange(len(facts))
    source[unknown] = random.permutation(unknown)
    columns = {name: values if name in MOMENTS else values[source] for name, values in facts.given.items()}
    return Facts(facts.offsets, columns, facts.derivations)
