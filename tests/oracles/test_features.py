"""Every feature agrees with its oracle; a feature without an oracle fails."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings

import plain_profiles  # noqa: F401  it declares oracles
import plain_tables
from foretell.features import FEATURES
from foretell.features.registry import Feature
from foretell.timelines.as_of import AsOf, Population
from foretell.timelines.batch import Timelines
from foretell.timelines.survey import Survey
from made_orders import DAY, Line, Made, batch_of, made
from plain_features import ORACLES
from plain_timelines import begun, population_of, seen


def module_of(feature: Feature) -> str:
    """Where a feature is written."""
    assert isinstance(feature.compute, partial)
    return str(feature.compute.func.__module__)


BUILT_IN = [name for name, feature in FEATURES.items() if module_of(feature).startswith("foretell.")]
RELATIVE = 1e-9
ROUNDING = 1e-9
"""Floats that cancel to nothing leave this much."""
COARSE = {"order_value_log_spread": 1e-5}
"""The root of what is left when squares of equal logs cancel."""


def view_of(batch: Timelines, population: Population, cutoff: int) -> AsOf:
    return batch.views([cutoff], lambda _: population)[0]


def told(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def test_every_feature_has_an_oracle() -> None:
    assert set(BUILT_IN) == set(ORACLES)
    assert {feature.table for feature in FEATURES.values()} == {"", *plain_tables.TABLES}


@settings(max_examples=150)
@given(made())
def test_every_feature_is_what_its_oracle_says(log: Made) -> None:
    population = population_of(log.lines, log.timezone, log.cutoff)
    population = replace(population, begun=begun(log.lines, log.told))
    customers = seen(log.lines, log.timezone, log.cutoff, population, log.told)
    batch = batch_of(log.lines, log.timezone, told=log.told)
    view = view_of(batch, Survey.of(batch).population(log.cutoff), log.cutoff)
    ids = batch.customer_id.to_pylist()
    rows = [row for row, orders in enumerate(view.orders.count()) if orders]
    assert {ids[row] for row in rows} == set(customers)
    for name, oracle in ORACLES.items():
        values = FEATURES[name](view)
        for row in rows:
            found, expected = told(values[row]), oracle.compute(customers[ids[row]])
            if oracle.exact or found is None or expected is None:
                assert found == expected, (name, ids[row])
            else:
                assert found == pytest.approx(expected, rel=RELATIVE, abs=COARSE.get(name, ROUNDING)), (name, ids[row])


@given(made())
def test_the_population_is_what_the_oracle_says(log: Made) -> None:
    found = Survey.of(batch_of(log.lines, log.timezone, told=log.told)).population(log.cutoff)
    expected = population_of(log.lines, log.timezone, log.cutoff)
    assert (found.log_start, told(found.gap_days_p95), told(found.gap_days_median)) == (
        expected.log_start,
        expected.p95,
        expected.median,
    )
    assert found.begun == begun(log.lines, log.told)


def test_the_spread_of_two_near_values_is_exact() -> None:
    lines = [
        Line("c1", day * DAY, day * DAY, str(day), None, None, None, amount)
        for day, amount in ((1, 1_009_900), (2, 1_010_000))
    ]
    view = view_of(batch_of(lines, "UTC"), Population(0, math.nan, math.nan), 10 * DAY)
    amounts = [math.log1p(line.amount / 10_000) for line in lines]
    assert FEATURES["order_value_log_spread"](view)[0] == pytest.approx((amounts[1] - amounts[0]) / 2, abs=1e-5)


def test_refunds_are_counted_where_spend_is_gross() -> None:
    lines = [
        Line("c1", day * DAY, day * DAY, str(day), None, None, None, amount)
        for day, amount in ((1, 50_000), (2, -20_000))
    ]
    view = view_of(batch_of(lines, "UTC", value="gross"), Population(0, math.nan, math.nan), 10 * DAY)
    assert (FEATURES["spend_life"](view)[0], FEATURES["refunds_life"](view)[0]) == (5.0, 1.0)


def test_gross_spend_knows_no_refund_even_of_the_same_day() -> None:
    lines = [Line("c1", DAY, DAY, None, None, None, None, amount) for amount in (90_000, -40_000)]
    for value, expected in (("net", 5.0), ("gross", 9.0)):
        view = view_of(batch_of(lines, "UTC", value=value), Population(0, math.nan, math.nan), 10 * DAY)
        assert FEATURES["spend_life"](view)[0] == expected
