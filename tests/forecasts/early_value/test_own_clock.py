"""Each customer's own clock: who is new, since when, and as what each was seen on a day of its own."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.forecasts.early_value.own_clock import age_aligned, as_it_was, newcomers
from foretell.project.intervals import midnight
from made_orders import DAY, Line, Made, batch_of, made

EVER = -(10**6)


def order(day: int, gone_at: int | None = None, customer: str = "a", amount: int = 100) -> Line:
    return Line(customer, day * DAY, day * DAY, str(day), None, None, None, amount, gone_at=gone_at)


def test_a_first_order_that_was_cancelled_later_was_a_first_order_until_then() -> None:
    batch = batch_of([order(10, 13 * DAY), order(30), order(10, customer="b")], "UTC")
    new = newcomers(batch, 0)
    assert new.first_day.tolist() == [10, 10]
    then, later = as_it_was(batch, new, 1), as_it_was(batch, new, 7)
    assert then is not None
    assert later is not None
    own = batch.customer_id.to_pylist().index("a")
    seen = [int(np.diff(one.orders.offsets)[own]) for one in (then, later)]
    assert seen == [2, 1]
    assert age_aligned(batch, new).orders.happened_at.tolist() in ([20 * DAY, 0], [0, 20 * DAY])


def test_without_an_end_today_is_how_it_was() -> None:
    batch = batch_of([order(10), order(30)], "UTC")
    assert as_it_was(batch, newcomers(batch, 0), 7) is None


@settings(max_examples=30)
@given(made(), st.integers(0, 40))
def test_midnights_are_those_of_the_local_day(log: Made, age_days: int) -> None:
    batch = batch_of(log.lines, log.timezone)
    new = newcomers(batch, EVER)
    found = new.midnights(age_days, log.timezone)[new.chosen].tolist()
    days = [date(1970, 1, 1) + timedelta(days=int(day) + age_days) for day in new.first_day]
    assert found == [midnight(day, log.timezone) for day in days]
