"""A log that changes its meaning in mid-history is found, with the week; growth, seasons and chance are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.health.definitions import changed_definition, jump_of, late_column
from foretell.health.evidence import Evidence
from foretell.health.weeks import Weeks

WEEKS = 52


def steady(seed: int = 1) -> Weeks:
    """A year in which nothing changes."""
    random = np.random.default_rng(seed)
    orders = random.poisson(120, WEEKS).astype(float)
    days = np.floor(orders * 0.95)
    amount = orders * random.normal(40, 3, WEEKS)
    lines = orders * 2
    return Weeks("2024-01-01", orders, days, amount, lines, lines.copy(), random.poisson(6, WEEKS).astype(float))


def from_week(values: np.ndarray, week: int, factor: float) -> np.ndarray:
    return np.where(np.arange(len(values)) >= week, values * factor, values)


@pytest.mark.parametrize("factor", [100.0, 0.01, 2.5, 0.4])
def test_an_amount_in_another_unit_is_found_in_its_week(factor: float) -> None:
    weeks = steady()
    found = changed_definition(Evidence(weeks=replace(weeks, amount=from_week(weeks.amount, 30, factor))))
    assert found is not None
    assert "the amount per order" in found.seen
    assert weeks.day(30) == "2024-07-29"
    assert weeks.day(30) in found.seen


def test_lines_that_became_orders_are_found() -> None:
    weeks = steady()
    found = changed_definition(Evidence(weeks=replace(weeks, orders=from_week(weeks.orders, 20, 3.0))))
    assert found is not None
    assert "the orders of a customer's day went from" in found.seen
    assert weeks.day(20) in found.seen


@pytest.mark.parametrize("seed", range(5))
def test_a_steady_log_has_no_change(seed: int) -> None:
    assert changed_definition(Evidence(weeks=steady(seed))) is None
    assert late_column(Evidence(weeks=steady(seed))) is None


def test_growth_a_season_and_a_single_week_are_no_change() -> None:
    weeks = steady()
    week = np.arange(WEEKS)
    for factor in (np.exp(week / 20), 1 + 0.7 * np.sin(week / 8), np.where(week == 25, 9.0, 1.0)):
        assert changed_definition(Evidence(weeks=replace(weeks, amount=weeks.amount * factor))) is None


def test_a_short_or_thin_log_is_not_judged() -> None:
    few = Weeks("2024-01-01", np.ones(7), np.ones(7), from_week(np.ones(7), 4, 100.0))
    thin = Weeks("2024-01-01", np.ones(WEEKS), np.ones(WEEKS), from_week(np.ones(WEEKS), 30, 100.0))
    assert changed_definition(Evidence(weeks=few)) is None
    assert changed_definition(Evidence(weeks=thin)) is None
    assert changed_definition(Evidence()) is None
    assert late_column(Evidence()) is None


@given(st.integers(4, 48), st.sampled_from([0.1, 0.5, 2.0, 10.0]), st.floats(0.01, 1e6))
def test_a_jump_is_found_at_its_week_in_any_unit(week: int, factor: float, unit: float) -> None:
    weeks = steady(3)
    found = jump_of(from_week(weeks.amount, week, factor) * unit, weeks.orders)
    assert found is not None
    assert found[0] == week
    assert found[2] / found[1] == pytest.approx(factor, rel=0.1)


def test_products_that_begin_in_mid_history_are_found() -> None:
    weeks = steady()
    found = late_column(Evidence(weeks=replace(weeks, product_lines=weeks.lines * (np.arange(WEEKS) >= 20))))
    assert found is not None
    assert f"Products are named from the week of {weeks.day(20)} on" in found.seen
    assert "Refunds" not in found.seen


def test_refunds_that_begin_in_mid_history_are_found() -> None:
    weeks = steady()
    found = late_column(Evidence(weeks=replace(weeks, refunds=weeks.refunds * (np.arange(WEEKS) >= 20))))
    assert found is not None
    assert f"Refunds come from the week of {weeks.day(20)} on" in found.seen


def test_rare_refunds_products_never_named_and_early_ones_are_no_late_column() -> None:
    weeks, week = steady(), np.arange(WEEKS)
    nothing = np.zeros(WEEKS)
    rare = (week == 40).astype(float)
    assert late_column(Evidence(weeks=replace(weeks, product_lines=nothing, refunds=rare))) is None
    assert late_column(Evidence(weeks=replace(weeks, product_lines=weeks.lines * 0.1 * (week >= 20)))) is None
    assert late_column(Evidence(weeks=replace(weeks, refunds=weeks.refunds * (week >= 3)))) is None
