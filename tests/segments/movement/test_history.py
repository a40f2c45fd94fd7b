"""The history of segments: a look back over the last year, and the flows between two days."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.examples.plan import Plan
from foretell.project.intervals import days, from_microseconds, parse_day
from foretell.segments.movement.cut_points import KeptCuts
from foretell.segments.movement.history import DAILY_CUSTOMERS, flows_between, look_back_grid, memberships_of
from foretell.segments.movement.standings import standings_at
from foretell.segments.standing import Moment
from foretell.segments.value import Value
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine
from small_plan import moment, planned_orders

ORDERS = [("a", 0, 10.0), ("b", 5, 90.0), ("a", 40, 20.0), ("c", 50, 5.0), ("a", 60, 7.0)]
CUTS = KeptCuts(moment(90), 50.0, {"value": {"spend": [10.0, 50.0, 80.0]}})
TOP, HIGH, MIDDLE, LOW, NONE = range(5)


@pytest.fixture
def shop_of_three(tmp_path: Path) -> tuple[Engine, Plan]:
    """Three customers, as of the ninetieth day."""
    return planned_orders(tmp_path, ORDERS, 90, buckets=2)


def test_the_look_back_is_every_day_from_the_first_order_on(shop_of_three: tuple[Engine, Plan]) -> None:
    _, plan = shop_of_three
    assert look_back_grid(plan) == tuple(moment(day) for day in range(1, 91))
    old = replace(plan, survey=replace(plan.survey, log_start=0))
    assert look_back_grid(old) == tuple(moment(day) for day in range(90 - 365, 91))
    crowded = replace(old, survey=replace(old.survey, customers=DAILY_CUSTOMERS + 1))
    assert look_back_grid(crowded) == tuple(moment(90 - 7 * week) for week in range(52, -1, -1))


def test_the_look_back_is_made_of_local_midnights(shop_of_three: tuple[Engine, Plan]) -> None:
    as_of = parse_day("2024-04-10", "Europe/London")
    grid = look_back_grid(replace(shop_of_three[1], as_of=as_of, timezone="Europe/London"))
    assert grid[-1] == as_of
    assert {from_microseconds(cutoff, "Europe/London").hour for cutoff in grid} == {0}
    assert set(np.diff(grid).tolist()) == {days(1), days(23 / 24), days(25 / 24)}


def test_stays_follow_spend_as_it_comes_and_as_it_ages(shop_of_three: tuple[Engine, Plan]) -> None:
    engine, plan = shop_of_three
    grid = look_back_grid(plan)
    found = memberships_of(engine, plan, [Value()], CUTS, grid)["value"]
    stays: dict[int, list[tuple[int, int, int]]] = {}
    for key, *stay in zip(found.customer_key, found.segment, found.begin, found.end, strict=True):
        stays.setdefault(int(key), []).append((int(stay[0]), int(stay[1]) + 1, int(stay[2]) + 1))
    assert sorted(stays.values()) == [
        [(TOP, 6, 56), (NONE, 56, 91)],
        [(MIDDLE, 1, 91)],
        [(LOW, 51, 91)],
    ]


def test_flows_tell_who_went_where_and_who_came(shop_of_three: tuple[Engine, Plan]) -> None:
    engine, plan = shop_of_three
    found = flows_between(engine, plan, [Value()], CUTS, (moment(45), moment(75)))["value"]
    wanted = np.zeros((5, 5))
    wanted[MIDDLE, MIDDLE] = wanted[TOP, NONE] = 1
    np.testing.assert_array_equal(found.customers, wanted)
    assert (found.ageing[TOP, NONE], found.ageing.sum()) == (1, 1)
    assert (found.money[MIDDLE, MIDDLE], found.money.sum()) == (7.0, 7.0)
    assert found.newcomers.tolist() == [0, 0, 0, 1, 0]
    assert found.newcomers_money.tolist() == [0, 0, 0, 5.0, 0]
    assert found.ageing_share == 1.0


def test_flows_begin_and_end_with_the_sizes_of_both_days(shop_of_three: tuple[Engine, Plan]) -> None:
    engine, plan = shop_of_three
    between = (moment(20), moment(90))
    found = flows_between(engine, plan, [Value()], CUTS, between)["value"]
    moments = [Moment.now(cutoff) for cutoff in between]
    at = standings_at(engine, moments, CUTS.window_days, plan, (), EVERY_KEY)
    before, after = (np.bincount(Value().assign(at[one], CUTS.cuts["value"]), minlength=5) for one in moments)
    assert found.customers.sum(axis=1).tolist() == before.tolist()
    assert (found.customers.sum(axis=0) + found.newcomers).tolist() == after.tolist()
