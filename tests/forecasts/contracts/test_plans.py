"""Contracts by plan, and how many outlived each renewal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drawn_contracts import ASKS, CONTRACTS, ENDS_ASKED, FAILS, LAST, LEAVES, PLANS
from foretell.forecasts.contracts.contracts import NEVER
from foretell.forecasts.contracts.hazard import learned
from foretell.forecasts.contracts.history import renewal_history
from foretell.forecasts.contracts.plans import FEWEST_SHOWN, NO_PLAN, by_plan, retention
from foretell.forecasts.contracts.projection import outlook

RUNNING = CONTRACTS.take(CONTRACTS.is_running)
TOLD = outlook(learned(renewal_history(CONTRACTS, LAST)), RUNNING, LAST, 60)


def test_plans_add_up_to_all() -> None:
    found = by_plan(RUNNING, TOLD, {int(PLANS[0]): "small", int(PLANS[1]): "large"})
    assert [one.plan for one in found] == ["small", "large"]
    assert sum(one.running for one in found) == len(RUNNING)
    assert sum(one.asked for one in found) == (RUNNING.asked_at < NEVER).sum()
    assert sum(one.expected_ends or 0 for one in found) == pytest.approx(TOLD.ends.sum())
    assert sum(one.expected_revenue or 0 for one in found) == pytest.approx(TOLD.revenue.sum())
    small, large = ((one.expected_failures or 0) / one.running for one in found)
    assert large > 3 * small


def test_what_is_not_told_is_none() -> None:
    (only,) = by_plan(RUNNING, None, {})
    assert (only.plan, only.expected_ends, only.expected_revenue) == (NO_PLAN, None, None)


def test_retention_is_that_of_the_contracts_that_came() -> None:
    found = retention(CONTRACTS, LAST)
    assert [one.renewal for one in found] == list(range(1, len(found) + 1))
    assert found[-1].came >= FEWEST_SHOWN
    assert found[0].interval_days == 30.4375
    assert found[0].observed == pytest.approx(np.mean(1 - _chance()), abs=0.01)
    assert found[5].survival == pytest.approx(np.prod([one.observed for one in found[:6]]))
    assert max(abs(one.survival - one.modelled_survival) for one in found[:12]) < 0.02
    assert retention(replace(CONTRACTS, ended_at=np.full(len(CONTRACTS), NEVER)), LAST) == ()


def _chance() -> np.ndarray:
    """The planted chance of ending at the first renewal, by plan."""
    return ASKS * ENDS_ASKED + (1 - ASKS) * (FAILS + (1 - FAILS) * LEAVES)
