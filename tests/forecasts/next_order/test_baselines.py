"""The baselines: the own gap's day, and everybody's gaps with those who had long come back left in."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.forecasts.next_order.baselines import days_by_own_gap, fit_gaps_by_order_count
from made_rhythms import examples_at, rhythmic_customers


def test_the_last_order_plus_the_own_gap() -> None:
    customers = [np.array([60.0, 80, 90]), np.array([0.0, 1]), np.array([70.0])]
    found = days_by_own_gap(examples_at(customers, (100,), None))
    assert found == pytest.approx([10 - 9.5, 0.0, 0.0])
    assert np.isnan(days_by_own_gap(examples_at([np.array([1.0])], (100,), None))).all()


def test_gaps_of_a_memoryless_process_are_found_from_any_cutoff() -> None:
    random = np.random.default_rng(1)
    customers = [np.unique(np.floor(np.cumsum(random.exponential(25, 40)))) for _ in range(300)]
    found = fit_gaps_by_order_count(examples_at(customers, (200, 240), 300))
    later = examples_at(customers, (300,), 360)
    curve = found.curve(later)
    assert curve.came_by(25.0).mean() == pytest.approx(1 - np.exp(-1), abs=0.04)
    assert curve.p_no_repeat.max() < 0.05


def test_who_left_counts_as_censored() -> None:
    customers = rhythmic_customers(500, seed=9)
    later = examples_at(customers, (300,), 400)
    curve = fit_gaps_by_order_count(examples_at(customers, (200, 240, 280), 300)).curve(later)
    came = float((later.labels["came_back"]).mean())
    assert curve.came_by(100.0).mean() == pytest.approx(came, abs=0.08)
    assert (np.diff(curve.cumulative_hazard) > 0).all()
