"""Which days are compared with each other, and which of them may be."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.outcomes.monitoring.book import Break
from foretell.outcomes.monitoring.monitored import Broken
from foretell.outcomes.monitoring.weeks import counts_by_week, healthy_weeks, judged_day, usual_lag, weeks_back

FIRST = date(2026, 1, 1)


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def test_every_seventh_day_of_a_log_that_is_looked_at_every_day() -> None:
    judged = [judged_day([day(one) for one in range(at + 1)], day(at)) for at in range(22)]
    assert sorted(set(judged)) == [day(0), day(7), day(14), day(21)]


@settings(max_examples=60)
@given(st.sets(st.integers(0, 60), min_size=1))
def test_however_often_one_looks_one_day_of_each_week_is_judged(numbers: set[int]) -> None:
    days = [day(number) for number in sorted(numbers)]
    judged = {judged_day(days[: at + 1], known) for at, known in enumerate(days)}
    weeks = [(date.fromisoformat(one) - date.fromisoformat(days[0])).days // 7 for one in judged]
    looked = {(date.fromisoformat(one) - date.fromisoformat(days[0])).days // 7 for one in days}
    assert sorted(weeks) == sorted(looked)


@settings(max_examples=60)
@given(st.sets(st.integers(0, 60), min_size=1))
def test_weeks_that_are_compared_do_not_overlap(days: set[int]) -> None:
    found = [date.fromisoformat(one) for one in weeks_back(day(number) for number in days)]
    assert found[-1] == FIRST + timedelta(days=max(days))
    assert all(7 <= (b - a).days <= 14 for a, b in pairwise(found))


def test_counts_are_those_of_the_compared_days() -> None:
    days, counts = counts_by_week({day(0): [1, 2], day(3): [9, 9], day(10): [3, 4]})
    assert days == [day(3), day(10)]
    assert counts.tolist() == [[9, 9], [3, 4]]


def test_a_week_in_which_its_source_was_broken_is_not_healthy() -> None:
    days = [day(7 * week) for week in range(12)]
    own = Break(Broken("k", "population", "customers", "", day(63), ("orders_90d",)), day(70))
    source = Break(Broken("f", "freshness", "orders", "", day(49)), day(56))
    new = Break(Broken("n", "new", "orders", "", day(42)), None)
    found = healthy_weeks(days, "orders_90d", ("orders",), [own, source, new])
    assert [at for at, well in enumerate(found) if not well] == [7, 9]
    assert healthy_weeks(days, "spend_90d", ("events",), [own, source, new]).all()


def test_what_lasts_for_eight_weeks_is_how_things_are() -> None:
    days = [day(7 * week) for week in range(20)]
    lasting = Break(Broken("k", "volume", "events", "", day(21), ("source events volume",)), None)
    found = healthy_weeks(days, "source events volume", (), [lasting])
    assert [at for at, well in enumerate(found) if not well] == list(range(11, 20))


def test_how_far_the_clock_is_ahead_as_a_rule() -> None:
    looked = [(day(one), "r", day(one + 1)) for one in range(5)]
    assert usual_lag(looked, day(4)) is None
    assert usual_lag(looked, day(5)) == 1
    assert usual_lag([*looked, (day(2), "again", day(40))], day(5)) == 1
