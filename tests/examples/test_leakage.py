"""The leak check finds what reaches into the future, however it does, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings

from foretell.examples.leakage import DoubtfulTimes, doubtful_times, feature_values, future_shuffled, leaks
from foretell.features import FEATURES
from foretell.features.registry import feature
from foretell.project.errors import InputError
from foretell.project.intervals import midnight
from foretell.timelines.as_of import AsOf
from foretell.timelines.batch import Timelines
from foretell.timelines.survey import Survey
from made_orders import DAY, Line, Made, batch_of, made
from made_shop import OPENED, as_lines, shop_rows

CUTOFF = midnight(OPENED.date(), "UTC") + 80 * DAY
SHOP = as_lines(shop_rows(customers=60))


def orders_that_will_come(view: AsOf) -> np.ndarray:
    """Orders whenever they are: by way of the private array."""
    return np.diff(view.orders._facts.offsets)


def amount_after_last(view: AsOf) -> np.ndarray:
    """The amount of the order after the last known one, where there is one: it is there even if orders are not gone."""
    facts = view.orders._facts
    position = np.minimum(view.orders._end, len(facts) - 1)
    belongs = facts.customer[position] == np.arange(view.customers)
    return np.where(belongs & (view.orders._end < facts.offsets[1:]), facts.columns["amount"][position], 0)


def money_of_everybody(view: AsOf) -> np.ndarray:
    """Not of the future alone, but of the whole batch."""
    return np.full(view.customers, view.orders._facts.columns["amount"].sum())


LEAKING: dict[str, Callable[[AsOf], np.ndarray]] = {
    "orders_that_will_come": orders_that_will_come,
    "amount_after_last": amount_after_last,
    "money_of_everybody": money_of_everybody,
}


@pytest.fixture
def planted() -> Iterator[None]:
    before = dict(FEATURES)
    for name, function in LEAKING.items():
        feature(name, unit="orders")(function)
    yield
    FEATURES.clear()
    FEATURES.update(before)


def batches() -> tuple[Timelines, Timelines]:
    return batch_of(SHOP, "UTC"), batch_of(SHOP, "UTC", CUTOFF)


@pytest.mark.usefixtures("planted")
def test_leaks_are_named_with_an_example() -> None:
    everything, known = batches()
    found = leaks(everything, known, CUTOFF, FEATURES, Survey.of(everything).population(CUTOFF))
    assert {leak.feature for leak in found} == set(LEAKING)
    changes = {(leak.feature, leak.change) for leak in found}
    assert {("orders_that_will_come", "removed"), ("amount_after_last", "shuffled")} <= changes
    ids = set(known.customer_id.to_pylist())
    for leak in found:
        assert leak.cutoff == CUTOFF
        assert leak.customer_id in ids
        assert 0 < leak.customers <= leak.of <= len(ids)
        assert leak.value != leak.changed_value
    example = found[0]
    own = [line for line in SHOP if line.customer_id == example.customer_id]
    assert example.feature == "orders_that_will_come"
    assert example.value == len({line.order_id for line in own if not (line.order_id or "").startswith("C")})


@settings(max_examples=40)
@given(made())
def test_the_built_in_features_never_leak(log: Made) -> None:
    everything, known = batch_of(log.lines, log.timezone), batch_of(log.lines, log.timezone, log.cutoff)
    assert leaks(everything, known, log.cutoff, FEATURES, Survey.of(everything).population(log.cutoff)) == []


@settings(max_examples=40)
@given(made())
def test_a_shuffled_future_is_a_future_of_the_same_facts(log: Made) -> None:
    batch = batch_of(log.lines, log.timezone).at(log.cutoff)
    shuffled = future_shuffled(batch, log.cutoff, seed=1)
    for kind in ("orders", "adjustments", "lines"):
        before, after = getattr(batch, kind), getattr(shuffled, kind)
        known = np.maximum(before.happened_at, before.columns["known_at"]) < log.cutoff
        for name in ("happened_at", "known_at"):
            assert (before.columns[name] == after.columns[name]).all()
        for name in ("amount", "units"):
            assert (before.columns[name][known] == after.columns[name][known]).all()
            assert sorted(before.columns[name]) == sorted(after.columns[name])


def test_times_that_cannot_be_are_counted() -> None:
    delays = (0, -1, -3 * DAY, 89 * DAY, 91 * DAY, 200 * DAY)
    lines = [
        Line("c1", 100 * DAY, 100 * DAY + delay, str(n), None, None, None, 100) for n, delay in enumerate(delays, 1)
    ]
    assert doubtful_times(batch_of(lines, "UTC")) == DoubtfulTimes(6, 2, 2, 200.0)
    assert DoubtfulTimes(6, 2, 2, 200.0) + DoubtfulTimes(1, 0, 1, 300.0) == DoubtfulTimes(7, 2, 3, 300.0)


@pytest.mark.usefixtures("planted")
def test_a_feature_that_fails_is_named() -> None:
    known = batches()[1]
    view = known.views([CUTOFF], Survey.of(known).population)[0]
    feature("broken", unit="orders")(lambda view: view.orders.total("nothing"))
    feature("one_for_all", unit="orders")(lambda view: np.zeros(1))
    for name in ("broken", "one_for_all"):
        with pytest.raises(InputError, match=name):
            feature_values(name, view)
