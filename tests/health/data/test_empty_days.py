"""Days without any order: told where neither chance nor the rhythm of the week explains them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from foretell.health.data.empty_days import empty_days, unexplained_stretches
from foretell.timelines.survey import Tally

BEGIN = (date(2023, 2, 6) - date(1970, 1, 1)).days
"""A Monday."""


def by_day(counts: np.ndarray) -> Tally:
    """Orders by day from the begin on."""
    there = np.flatnonzero(counts)
    return Tally((there + BEGIN).astype(np.int64), counts[there].astype(np.int64))


def drawn(mean: float, seed: int, length: int = 400) -> np.ndarray:
    """Orders a day of a shop that grows and is closed on Sundays."""
    random, day = np.random.default_rng(seed), np.arange(length)
    return np.asarray(random.poisson(mean * (1 + day / length) * (day % 7 != 6)))


def test_closed_sundays_are_no_gap() -> None:
    assert unexplained_stretches(by_day(drawn(20, 1))) == []


@pytest.mark.parametrize("mean", [0.1, 0.5, 5.0])
def test_clean_shops_raise_few_alarms(mean: float) -> None:
    assert sum(bool(empty_days(by_day(drawn(mean, seed)), "UTC")) for seed in range(40)) <= 2


@pytest.mark.parametrize(("mean", "length"), [(1.5, 30), (5.0, 10), (50.0, 7)])
def test_missing_days_are_found_whole(mean: float, length: int) -> None:
    counts = drawn(mean, 3)
    counts[203 : 203 + length] = 0
    counts[[202, 203 + length]] = 1
    (found,) = empty_days(by_day(counts), "UTC")
    first, last = (date(1970, 1, 1) + timedelta(days=BEGIN + day) for day in (203, 202 + length))
    assert found.severity == "warning"
    assert f"{length} days without any order" in found.seen
    assert f"{first} to {last}" in found.seen
    assert found.sought is not None
    assert (found.sought.until - found.sought.since) == 86_400_000_000


def test_a_short_gap_and_the_turn_of_the_year_are_remarks() -> None:
    counts = drawn(20, 4)
    short = (date(2023, 6, 7) - date(2023, 2, 6)).days
    holidays = (date(2023, 12, 23) - date(2023, 2, 6)).days
    counts[short] = 0
    counts[holidays : holidays + 11] = 0
    (found,) = empty_days(by_day(counts), "UTC")
    assert found.severity == "remark"
    assert "2023-06-07" in found.seen
    assert "2023-12-23 to 2024-01-02" in found.seen


def test_a_shop_that_closes_every_summer_is_not_warned_of() -> None:
    counts = drawn(20, 5, 800)
    for begin in (150, 150 + 364):
        counts[begin : begin + 14] = 0
    (found,) = empty_days(by_day(counts), "UTC")
    assert found.severity == "remark"


def test_a_log_of_one_day_has_no_gap() -> None:
    assert empty_days(by_day(np.array([3])), "UTC") == []
    assert empty_days(Tally(), "UTC") == []
