from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from bench.accuracy.logs import EPOCH, Case
from bench.accuracy.truth import asked
from hypothesis import given, settings

from foretell.project.fingerprints import keys_of
from made_logs import FIRST_DAY, MadeLog, made_logs

Orders = dict[int, dict[int, float]]


def orders_of(made: MadeLog) -> Orders:
    """What each customer paid on each day with an order."""
    found: Orders = {}
    for customer, day, amount in made.lines:
        if amount >= 0:
            of_customer = found.setdefault(customer, {})
            of_customer[day] = of_customer.get(day, 0.0) + amount
    return found


def known_before(orders: Orders, cutoff: int) -> list[int]:
    return sorted(customer for customer, days in orders.items() if min(days) < cutoff)


def paid(days: dict[int, float], begin: int, end: int) -> float:
    return sum(amount for day, amount in days.items() if begin <= day < end)


def tier_of(spend: dict[int, float]) -> set[int]:
    """The tenth with most spend; equal spend goes by the key of the customer's id."""
    key = {customer: int(keys_of([str(customer)])[0]) for customer in spend}
    by_spend = sorted(spend, key=lambda customer: (-spend[customer], key[customer]))
    return {customer for customer in by_spend[: round(0.1 * len(spend))] if spend[customer] > 0}


def gaps(days: dict[int, float], cutoff: int) -> list[int]:
    past = sorted(day for day in days if day < cutoff)
    return [later - earlier for earlier, later in pairwise(past)]


@given(made_logs())
@settings(max_examples=150)
def test_outcomes_are_what_followed_in_the_window(made: MadeLog) -> None:
    orders, cutoff, end = orders_of(made), made.case.cutoff, made.case.cutoff + made.case.horizon_days
    question = asked(made.log(), made.case)
    assert question.customer_ids.tolist() == known_before(orders, cutoff)
    for row, customer in enumerate(question.customer_ids.tolist()):
        followed = [day for day in orders[customer] if cutoff <= day < end]
        assert question.actual["orders"][row] == len(followed)
        assert question.actual["purchase"][row] == bool(followed)
        assert question.actual["spend"][row] == paid(orders[customer], cutoff, end)


@given(made_logs())
@settings(max_examples=150)
def test_the_tier_is_the_tenth_who_spent_most(made: MadeLog) -> None:
    orders, cutoff, horizon = orders_of(made), made.case.cutoff, made.case.horizon_days
    question = asked(made.log(), made.case)
    known = known_before(orders, cutoff)
    after = tier_of({customer: paid(orders[customer], cutoff, cutoff + horizon) for customer in known})
    before = tier_of({customer: paid(orders[customer], cutoff - horizon, cutoff) for customer in known})
    for target in ("high_value", "becomes_high_value"):
        assert set(question.customer_ids[question.actual[target] == 1].tolist()) == after
    assert set(question.customer_ids[~question.outside_tier].tolist()) == before


@given(made_logs())
@settings(max_examples=150)
def test_active_is_an_order_within_three_of_the_own_usual_gaps_or_the_horizon(made: MadeLog) -> None:
    orders, cutoff = orders_of(made), made.case.cutoff
    question = asked(made.log(), made.case)
    known = known_before(orders, cutoff)
    everybodys = [gap for customer in known for gap in gaps(orders[customer], cutoff)]
    for row, customer in enumerate(known):
        own = gaps(orders[customer], cutoff)
        usual = median(own) if len(own) >= 2 else median(everybodys) if everybodys else 0
        window = min(max(made.case.horizon_days, 3 * usual), 365)
        last = max(day for day in orders[customer] if day < cutoff)
        assert question.active[row] == (cutoff - last <= window)


@given(made_logs())
@settings(max_examples=60)
def test_what_is_known_on_the_day_does_not_depend_on_what_followed(made: MadeLog) -> None:
    cutoff = made.case.cutoff
    later = tuple((who, day, amount + 3 if day >= cutoff else amount) for who, day, amount in made.lines)
    one, other = asked(made.log(), made.case), asked(replace(made, lines=later).log(), made.case)
    assert np.array_equal(one.active, other.active)
    assert np.array_equal(one.outside_tier, other.outside_tier)
    for name in ("customer", "day", "amount"):
        assert np.array_equal(getattr(one.known, name), getattr(other.known, name))


@given(made_logs())
@settings(max_examples=30)
def test_a_window_that_has_not_passed_is_refused(made: MadeLog) -> None:
    log = made.log()
    left = log.orders.cutoff - made.case.cutoff
    with pytest.raises(ValueError, match="ends before"):
        asked(log, replace(made.case, horizon_days=left + 1))


@pytest.mark.parametrize(("orders", "is_active"), [(2, True), (3, False)])
def test_one_gap_is_not_yet_a_rhythm_of_the_own(orders: int, is_active: bool) -> None:
    others = [(who, FIRST_DAY + 20 * turn, 1.0) for who in (1, 2, 3) for turn in range(4)]
    quick = [(4, FIRST_DAY + 20 + 2 * turn, 1.0) for turn in range(orders)]
    case = Case(EPOCH + timedelta(days=FIRST_DAY + 50), 5)
    question = asked(MadeLog((*others, *quick), case).log(), case)
    assert question.customer_ids.tolist() == [1, 2, 3, 4]
    assert question.active[3] == is_active
