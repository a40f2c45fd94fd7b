"""What ours must beat, on counts written out and on contracts whose chances are known."""

from __future__ import annotations

import numpy as np
import pytest

from drawn_contracts import CONTRACTS, LAST
from foretell.btyd.shifted_beta_geometric import ShiftedBetaGeometric
from foretell.forecasts.contracts.baselines import BASELINES, FARTHEST, beta_geometric, fitted, kaplan_meier
from foretell.forecasts.contracts.contracts import MONTH
from foretell.forecasts.contracts.history import renewal_history

BY_INTERVAL = renewal_history(CONTRACTS, LAST, CONTRACTS.interval)


def test_kaplan_meier_is_the_share_that_ended() -> None:
    hazard = kaplan_meier(np.array([100.0, 50, 4]), np.array([20.0, 5, 4]))
    assert hazard[:2].tolist() == [0.2, 0.1]
    assert hazard[2:] == pytest.approx(np.full(FARTHEST - 2, 29 / 154))


def test_a_process_is_found_again_and_where_none_is_the_shares_stand() -> None:
    truth = ShiftedBetaGeometric(0.7, 3.8, 0.0)
    alive = 1e4 * truth.survival(np.arange(9))
    found = beta_geometric(alive[:-1], -np.diff(alive))
    assert found[:30] == pytest.approx(1 - truth.retention(np.arange(1, 31)), rel=1e-3)
    few = np.array([30.0, 28]), np.array([2.0, 1])
    assert beta_geometric(*few).tolist() == kaplan_meier(*few).tolist()


@pytest.mark.parametrize("name", BASELINES)
def test_what_a_baseline_says_of_all_comes_true(name: str) -> None:
    """Of those who ran a year before the last day, as many end at the next renewals as it says."""
    before = LAST - 12 * MONTH
    model = fitted(name, renewal_history(CONTRACTS.as_of(before), before, CONTRACTS.as_of(before).interval))
    running = CONTRACTS.as_of(before)
    truth = CONTRACTS.take(CONTRACTS.started_seen < before).take(running.is_running)
    running = running.take(running.is_running)
    said = model.ends(running, before, 6).chance
    came = (truth.end_renewal <= np.floor(running.intervals_until(before)) + 6).mean()
    assert said.sum(axis=1).mean() == pytest.approx(came, rel=0.15)
    assert (said >= 0).all()
    assert (said.sum(axis=1) <= 1).all()


def test_an_interval_that_nobody_had_has_the_curve_of_all() -> None:
    model = fitted("Kaplan-Meier", BY_INTERVAL)
    one = CONTRACTS.take(np.array([0]))
    other = type(one)(**{**vars(one), "interval": one.interval * 3})
    at = int(one.started_at[0]) + 1
    assert model.ends(other, at, 2).chance[0].tolist() == pytest.approx(model.ends(one, at, 2).chance[0].tolist())
