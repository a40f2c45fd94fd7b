"""How KPIs stand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from foretell.outcomes.kpis.outlook import Outlook
from foretell.outcomes.kpis.series import Daily
from foretell.outcomes.kpis.standing import EPOCH, course_of, period_of, standings, weekly
from foretell.project.parts.kpis import KpiPart, Period

ORDERS = KpiPart(name="orders", target=100)
DAY = "2026-03-11"
LAST = (date.fromisoformat(DAY) - EPOCH).days - 1


@pytest.mark.parametrize(
    ("per", "begin", "end"),
    [
        ("week", "2026-12-28", "2027-01-04"),
        ("month", "2026-12-01", "2027-01-01"),
        ("quarter", "2026-10-01", "2027-01-01"),
        ("year", "2026-01-01", "2027-01-01"),
    ],
)
def test_the_period_holds_the_last_day_that_is_over(per: Period, begin: str, end: str) -> None:
    found = period_of(KpiPart(name="orders", per=per), "2027-01-01")
    assert [day.isoformat() for day in found] == [begin, end]


def test_a_day_that_is_named_ends_it() -> None:
    assert period_of(KpiPart(name="orders", by=date(2026, 6, 30)), DAY)[1] == date(2026, 7, 1)
    assert period_of(KpiPart(name="orders", by=date(2025, 6, 30)), DAY)[1] == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("low", "high", "is_over", "course"),
    [
        (100, 120, False, "on course"),
        (90, 120, False, "open"),
        (50, 99, False, "out of reach"),
        (110, 110, True, "met"),
    ],
)
def test_the_course_is_what_the_interval_says(low: float, high: float, is_over: bool, course: str) -> None:
    assert course_of(ORDERS, Outlook(low, low, low, high, 9), is_over) == course


def test_without_a_target_or_an_interval_nothing_is_promised() -> None:
    assert course_of(KpiPart(name="orders"), Outlook(1, 1, 1, 1, 9), False) == "no target"
    assert course_of(ORDERS, Outlook(1, None, None, None, 0), False) == "not known"
    assert course_of(ORDERS, Outlook(1, 1, 1, 1, 0), True) == "missed"


def test_weeks_end_with_the_last_day() -> None:
    assert weekly(Daily(0, np.arange(15.0), is_flow=True)).tolist() == [sum(range(1, 8)), sum(range(8, 15))]
    assert weekly(Daily(0, np.arange(15.0), is_flow=False)).tolist() == [7, 14]


def test_a_jump_of_the_last_week_is_a_signal() -> None:
    random = np.random.default_rng(3)
    days = random.poisson(30, 400).astype(np.float64)
    days[-7:] *= 3
    (found,), limits = standings([ORDERS], {"orders": Daily(LAST - 399, days, is_flow=True)}, DAY)
    assert found.signal is not None
    assert found.signal.direction == "up"
    assert limits.watched == ("orders",)
    assert found.as_json()["course"] == "on course"


def test_what_is_not_there_says_why() -> None:
    (found,), _ = standings([KpiPart(name="share in Nobody")], {}, DAY)
    assert (found.outlook, found.course, found.as_json()["value"]) == (None, "not known", None)
    assert "segment" in found.cannot
