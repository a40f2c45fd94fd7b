"""What is said of the next order: days in order, none before today, null where no repeat is expected."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.forecasts.next_order.forecast import DAYS_OF_SHARES, overdue, predict
from foretell.forecasts.next_order.model import FittedNextOrder, fit
from foretell.project.intervals import midnight
from made_rhythms import DAY, HORIZON_DAYS, OrderDays, examples_at, rhythmic_customers

CUTOFF = 300
ORDERS = st.lists(st.integers(0, CUTOFF - 1), min_size=1, max_size=12, unique=True)
MANY = st.lists(ORDERS.map(lambda days: np.sort(np.array(days, dtype=np.float64))), min_size=1, max_size=8)
LEARNED = fit(
    examples_at(rhythmic_customers(300, seed=5), (200, 240, 280), CUTOFF),
    examples_at(rhythmic_customers(300, seed=5), (CUTOFF,), None),
)


@given(MANY, st.sampled_from([LEARNED, LEARNED.alone()]), st.sampled_from([None, 0.0, 0.3, 1.0]))
@settings(max_examples=60)
def test_days_are_in_order_and_none_is_before_today(
    customers: OrderDays, fitted: FittedNextOrder, chance: float | None
) -> None:
    today = examples_at(customers, (CUTOFF,), None)
    given_chance = None if chance is None else {HORIZON_DAYS: np.full(len(today), chance)}
    forecast = predict(fitted, today, given_chance)
    columns = forecast.columns(CUTOFF * DAY, "UTC")
    first = date(1970, 10, 28)
    for row in range(len(today)):
        days = [columns[name][row].as_py() for name in DAYS_OF_SHARES]
        assert 0 <= columns["p_no_repeat"][row].as_py() <= 1
        if columns["p_no_repeat"][row].as_py() > 0.5:
            assert days == [None] * 5
        else:
            middle, low, high, low_50, high_50 = days
            assert first <= low <= low_50 <= middle <= high_50 <= high
    if given_chance:
        reached = forecast.curve.came_by(float(HORIZON_DAYS))
        assert reached == pytest.approx(given_chance[HORIZON_DAYS], abs=1e-11)


@given(MANY)
@settings(max_examples=25)
def test_every_served_horizon_is_met(customers: OrderDays) -> None:
    today = examples_at(customers, (CUTOFF,), None)
    chances = {7: np.full(len(today), 0.2), 90: np.full(len(today), 0.6), 1000: np.full(len(today), 0.75)}
    forecast = predict(LEARNED, today, chances)
    for horizon, chance in chances.items():
        assert forecast.curve.came_by(float(horizon)) == pytest.approx(chance, rel=1e-12)
    assert ((forecast.p_no_repeat > 0.25) & (forecast.p_no_repeat < 0.4)).all()
    assert not forecast.no_repeat_expected.any()


@given(st.integers(0, 60))
def test_a_day_of_silence_moves_the_day_on_and_makes_no_repeat_likelier(silence: int) -> None:
    regular = [np.arange(0, 280, 20.0)]
    now, later = (predict(LEARNED, examples_at(regular, (day,), None)) for day in (262, 300 + 4 * silence))
    assert later.p_no_repeat[0] > now.p_no_repeat[0]
    assert later.overdue[0] > now.overdue[0]


def test_overdue_is_silence_over_the_usual_gap() -> None:
    customers = [np.array([0.0, 10, 20, 30, 40, 50, 60, 70, 80]), np.array([60.0])]
    today = examples_at(customers, (100,), None)
    found = overdue(today, population_gap_days=40.0)
    usual = np.exp((8 * np.log(10) + 2 * np.log(40)) / 10)
    assert found == pytest.approx([19.5 / usual, 39.5 / 40])
    assert np.isnan(overdue(today, float("nan"))).tolist() == [False, True]


def test_dates_are_local_days() -> None:
    today = examples_at([np.arange(0, 300, 7.0)], (CUTOFF,), None)
    summer = date(2024, 7, 1)
    columns = predict(LEARNED, today).columns(midnight(summer, "Pacific/Auckland"), "Pacific/Auckland")
    [expected] = columns["next_order_date"].to_pylist()
    assert 0 <= (expected - summer).days <= 21


def test_nobody_with_two_orders_has_no_overdue() -> None:
    once = examples_at([np.array([5.0]), np.array([9.0])], (CUTOFF,), None)
    columns = predict(fit(None, once), once).columns(CUTOFF * DAY, "UTC")
    assert columns["overdue"].null_count == 2
    assert columns["next_order_date"].null_count == 2
    assert columns["p_no_repeat"].null_count == 0
