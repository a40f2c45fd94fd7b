"""Joint limits: how often chance alone passes them, and that what moved does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from foretell.alerts.control_limits import WEEKS_PER_MONTH
from foretell.outcomes.monitoring.joint_limits import (
    LEAST_WEEKS,
    Series,
    apart_from_level,
    carried_on,
    judged,
)


def drawn(random: np.random.Generator, series: int, weeks: int) -> list[Series]:
    """Series of which each week hangs on the one before, and on what all have in common."""
    shared, own = random.normal(size=weeks + 20), random.normal(size=(series, weeks + 20))
    for week in range(1, weeks + 20):
        shared[week] += 0.5 * shared[week - 1]
    values = (own + 0.5 * shared)[:, -weeks:]
    return [Series(f"s{at}", one, 0.5, rises=at % 2 == 0) for at, one in enumerate(values)]


def test_chance_alone_raises_about_one_false_alarm_a_month() -> None:
    random, replays = np.random.default_rng(11), 60
    alarms = sum(bool(judged(drawn(random, 25, 21)).outside) for _ in range(replays))
    assert alarms <= binom.ppf(0.999, replays, 1 / WEEKS_PER_MONTH)
    assert alarms > 0


def test_a_week_that_lies_far_outside_is_the_one_that_is_told() -> None:
    series = drawn(np.random.default_rng(3), 10, 21)
    series[4] = Series("s4", np.append(series[4].apart[:-1], 30.0), 0.5, rises=True)
    found = judged(series).outside
    assert max(found, key=lambda name: abs(found[name])) == "s4"


def test_one_that_rises_may_fall() -> None:
    series = drawn(np.random.default_rng(3), 10, 21)
    series[4] = Series("s4", np.append(series[4].apart[:-1], -30.0), 0.5, rises=True)
    assert "s4" not in judged(series).outside


def test_one_that_never_moved_is_watched_by_what_counting_scatters() -> None:
    still = np.zeros(21)
    moved = np.append(np.zeros(20), 4.0)
    assert judged([Series("still", still, 0.5), Series("moved", moved, 0.5)]).outside == {"moved": pytest.approx(8.0)}
    hardly = Series("hardly", np.append(np.zeros(20), 0.8), 0.5)
    assert judged([hardly, Series("still", still, 0.5)]).outside == {"hardly": pytest.approx(1.6)}
    assert judged([hardly, *(Series(f"still {at}", still, 0.5) for at in range(50))]).outside == {}


def test_few_weeks_are_said_and_not_judged() -> None:
    found = judged([Series("short", np.zeros(LEAST_WEEKS - 1), 0.5), Series("long", np.zeros(LEAST_WEEKS), 0.5)])
    assert found.judged == ("long",)
    assert found.unjudged == {"short": "7 earlier weeks to compare with, 8 are needed"}


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(0, 99), st.booleans()), min_size=6, max_size=20))
def test_what_is_no_yardstick_is_the_week_before(weeks: list[tuple[float, bool]]) -> None:
    values, healthy = np.array([value for value, _ in weeks]), np.array([well for _, well in weeks])
    kept, expected = carried_on(values, healthy), list[float]()
    for at, (value, well) in enumerate(weeks):
        expected.append(value if well or at in (0, len(weeks) - 1) else expected[-1])
    assert kept.tolist() == expected
    apart = apart_from_level(values, healthy)
    assert apart[-1] == values[-1] - np.median(kept[max(0, len(kept) - 9) : -1])
