"""Metrics of early pointing beside slow, obvious ones; ratios of rates with an interval that holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from foretell.backtest.bootstrap import Figure
from foretell.backtest.panels import value_of
from foretell.forecasts.early_value.metrics import (
    AVERAGE_PRECISION,
    EARLY_METRICS,
    LIFT,
    REVENUE_CAUGHT,
    EarlyPanel,
    Pointed,
    excludes_one,
    judged_early,
    relative_rate,
    within_cohorts,
)


def seen_by(seed: int, rows: int = 200, cohorts: int = 2) -> tuple[np.ndarray, Pointed]:
    """A score and what came, a tenth of each cohort being its tier."""
    random = np.random.default_rng(seed)
    cohort = np.repeat(np.arange(cohorts), rows // cohorts)
    score = random.normal(size=rows)
    spend = np.exp(score + random.normal(size=rows))
    tier = np.zeros(rows)
    for one in range(cohorts):
        own = np.flatnonzero(cohort == one)
        tier[own[np.argsort(-spend[own])[: len(own) // 10]]] = 1.0
    return score, Pointed(np.arange(rows, dtype=np.uint64), cohort, tier, spend)


@given(st.integers(0, 50))
def test_figures_are_those_of_plain_sums(seed: int) -> None:
    score, seen = seen_by(seed)
    found = value_of(EarlyPanel(score, seen))
    place = np.array([(score[seen.cohort == c] < s).sum() for s, c in zip(score, seen.cohort, strict=True)])
    top = place >= 90
    assert found[AVERAGE_PRECISION] == pytest.approx(average_precision_score(seen.in_tier, place))
    assert found[LIFT] == pytest.approx(seen.in_tier[top].mean() / seen.in_tier.mean())
    revenue = seen.spend * seen.in_tier
    assert found[REVENUE_CAUGHT] == pytest.approx(revenue[top].sum() / revenue.sum())


def test_the_tier_itself_is_a_perfect_score_and_a_constant_is_chance() -> None:
    _, seen = seen_by(1)
    perfect = value_of(EarlyPanel(seen.spend, seen))
    assert (perfect[AVERAGE_PRECISION], perfect[REVENUE_CAUGHT]) == pytest.approx((1.0, 1.0))
    assert perfect[LIFT] == pytest.approx(10.0)
    chance = value_of(EarlyPanel(np.zeros(len(seen.spend)), seen))
    assert (chance[AVERAGE_PRECISION], chance[LIFT]) == pytest.approx((0.1, 1.0))
    assert chance[REVENUE_CAUGHT] == pytest.approx(0.1)


@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 2)), min_size=1, max_size=40))
def test_a_place_is_the_cohorts_own(rows: list[tuple[float, int]]) -> None:
    score, cohort = np.array([s for s, _ in rows]), np.array([c for _, c in rows])
    place = within_cohorts(score, cohort)
    for own, (value, code) in zip(place, rows, strict=True):
        others = score[cohort == code]
        assert own == pytest.approx(((others < value).sum() + (others == value).sum() / 2) / len(others))
    moved = within_cohorts(score + 1000.0 * cohort, cohort)
    assert (moved > 0).all()
    assert (moved < 1).all()


def test_a_better_order_is_ahead_beyond_chance_and_itself_is_not() -> None:
    score, seen = seen_by(2, rows=1_000)
    noise = np.random.default_rng(0).normal(size=len(score))
    figures, ahead = judged_early({"ours": score, "again": score, "noise": noise}, seen, seed=0)
    for metric in EARLY_METRICS:
        own = figures["ours"][metric]
        assert own.low is not None
        assert own.high is not None
        assert own.low <= own.value <= own.high
        assert ahead["ours", "again"][metric] == Figure(0.0, 0.0, 0.0)
        low = ahead["ours", "noise"][metric].low
        assert low is not None
        assert low > 0


def test_intervals_of_chance_hold_the_truth_about_as_often_as_they_say() -> None:
    held = 0
    for seed in range(40):
        random = np.random.default_rng(1_000 + seed)
        _, seen = seen_by(seed, rows=300)
        figures, _ = judged_early({"ours": random.normal(size=300)}, seen, seed, draws=100)
        lift = figures["ours"][LIFT]
        assert lift.low is not None
        assert lift.high is not None
        held += lift.low <= 1.0 <= lift.high
    assert held >= 30


def test_a_ratio_of_rates_is_that_of_the_table() -> None:
    has = np.repeat([True, False], [100, 300])
    tier = np.zeros(400)
    tier[:20] = tier[100:130] = 1.0
    found = relative_rate(has, tier)
    assert found is not None
    assert found.value == pytest.approx(2.0)
    spread = np.sqrt(1 / 20 - 1 / 100 + 1 / 30 - 1 / 300)
    assert found.low == pytest.approx(2.0 * np.exp(-1.6448536 * spread))
    assert found.high == pytest.approx(2.0 * np.exp(1.6448536 * spread))
    assert excludes_one(found)
    among_many = relative_rate(has, tier, looked_at=1_000)
    assert among_many is not None
    assert not excludes_one(among_many)
    assert relative_rate(has[:101], tier[:101]) is None
    nobody_else = relative_rate(has, np.where(has, tier, 0.0))
    assert nobody_else is not None
    assert nobody_else.value == pytest.approx((20.5 / 101) / (0.5 / 301))
    assert excludes_one(nobody_else)
