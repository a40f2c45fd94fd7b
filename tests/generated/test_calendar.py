from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.generated.calendar import DAY, FIRST_DAY, NO_DRIFT, Calendar, times
from foretell.generated.parameters import Parameters

YEARS = Calendar(730, NO_DRIFT, Parameters())


def day(when: date) -> int:
    return (when - FIRST_DAY).days


def test_christmas_and_promotions_are_busy_and_saturdays_are_not() -> None:
    tuesday, advent = day(date(2023, 10, 3)), day(date(2023, 12, 5))
    assert YEARS.busy[advent] == pytest.approx(YEARS.busy[tuesday] * (1 + Parameters().christmas_peak), rel=0.01)
    may = day(date(2023, 5, 16))
    assert YEARS.in_promotion[may]
    assert YEARS.busy[may] == pytest.approx(YEARS.busy[tuesday] * (1 + Parameters().promotion_lift), rel=0.01)
    saturdays = [n for n in range(730) if (FIRST_DAY + timedelta(days=n)).weekday() == 5]
    assert YEARS.busy[saturdays].max() == 0


def test_drift_begins_on_its_day() -> None:
    drifting = Calendar(730, 400, Parameters())
    assert (drifting.busy[:400] == YEARS.busy[:400]).all()
    assert drifting.busy[400:] == pytest.approx(YEARS.busy[400:] * Parameters().drift_rate)
    assert not YEARS.drifted.any()


@given(st.integers(1, 800), st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_later_in_shop_time_is_never_earlier_on_the_clock(days: int, shares: list[float]) -> None:
    calendar = Calendar(days, NO_DRIFT, Parameters())
    at = calendar.moments(np.sort(np.array(shares)) * calendar.shop_days)
    assert (np.diff(at) >= 0).all()
    assert (at >= 0).all()
    assert (at < calendar.end).all()
    assert (calendar.day_of(at) == at // DAY).all()


def test_times_count_from_the_first_midnight_and_a_negative_moment_is_none() -> None:
    assert times(np.array([0, DAY + 61, -1])).to_pylist() == [
        datetime(2023, 1, 1), datetime(2023, 1, 2, 0, 1, 1), None
    ]  # fmt: skip
