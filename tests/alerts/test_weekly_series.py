"""What past runs found becomes a weekly series: one value a week up to the as-of day, NaN for a week without a run."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.alerts.control_limits import control_limits
from foretell.alerts.state import AlertState
from foretell.alerts.weekly_series import CHURN_RISK, limits_of, sizes

LAST = date(2024, 6, 30)
SEGMENTS = st.lists(st.tuples(st.sampled_from(("Gone", "Warm", None)), st.none() | st.floats(0, 1)), max_size=9)


def day(back: int) -> str:
    return (LAST - timedelta(days=back)).isoformat()


def scores(*gone: float | None) -> pa.Table:
    return pa.table({"segment": ["Gone"] * len(gone), "p_churn": pa.array(gone, pa.float64())})


@given(SEGMENTS)
def test_sizes_count_members_and_add_chances(rows: list[tuple[str | None, float | None]]) -> None:
    segments, chances = [segment for segment, _ in rows], [chance for _, chance in rows]
    found = sizes(pa.table({"segment": pa.array(segments, pa.string()), "p_churn": pa.array(chances, pa.float64())}))
    assert found.pop(CHURN_RISK) == pytest.approx(sum(chance or 0.0 for chance in chances))
    assert found == {name: segments.count(name) for name in segments if name is not None}


def test_sizes_need_no_column() -> None:
    assert sizes(pa.table({"customer_id": ["a"]})) == {}


def test_where_nothing_is_watched_the_run_is_kept_all_the_same(tmp_path: Path) -> None:
    state = AlertState(tmp_path / "alerts.sqlite")
    assert limits_of((), scores(0.5, 0.5), day(0), {}, state).cannot == "no alert watches a weekly series"
    assert dict(state.weekly("Gone")) == {day(0): 2.0}
    assert dict(state.weekly(CHURN_RISK)) == {day(0): 1.0}


def test_a_segment_that_nobody_is_in_any_more_has_zero_customers(tmp_path: Path) -> None:
    state = AlertState(tmp_path / "alerts.sqlite")
    limits_of((), scores(0.5), day(7), {}, state)
    limits_of((), scores(), day(0), {}, state)
    assert dict(state.weekly("Gone")) == {day(7): 1.0, day(0): 0.0}


def test_limits_are_those_of_the_last_run_of_each_week(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    values = np.append(random.poisson(40, 30).astype(float), 90.0)
    state, once = AlertState(tmp_path / "alerts.sqlite"), AlertState(tmp_path / "once.sqlite")
    missing = len(values) - 1 - 20
    series = values.copy()
    series[missing] = np.nan
    for place, value in enumerate(values):
        back = 7 * (len(values) - 1 - place)
        if place == missing:
            continue
        state.keep_weekly(day(back), {"Gone": float(value)})
        state.keep_weekly(day(back + 3), {"Gone": 7.0})
        once.keep_weekly(day(back), {"Gone": float(value)})
    today = scores(*[0.5] * 90)
    expected = control_limits({"Gone": series})
    assert expected.cannot == ""
    found = limits_of(("Gone", "Gone"), today, day(0), {}, state)
    assert repr(found) == repr(expected)
    assert repr(limits_of(("Gone",), today, day(0), {}, once)) == repr(expected)
    assert repr(limits_of(("Gone",), today, day(0), {"Gone": values}, state)) == repr(control_limits({"Gone": values}))
