"""The landing mixture: true to its formula, better than tables where the truth is known, the same when stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.backtest.metrics.distribution_metrics import flow_error, log_losses
from foretell.segments.migration.landing_mixture import FEWEST_BUYERS, UNTAUGHT, LandingMixture, fit
from foretell.segments.migration.transition_tables import BASELINES, LEAST_SHARE
from made_moves import AGES, made_moves, where_orders_lead

TAUGHT, _ = made_moves(6_000, seed=1)
ASKED, CHANCE = made_moves(4_000, seed=2, first_key=6_000)
POSSIBLE = np.array([True, True, False])


@pytest.fixture(scope="module")
def mixture() -> LandingMixture:
    """Taught by made moves."""
    return fit(TAUGHT, POSSIBLE)


@settings(max_examples=40)
@given(seed=st.integers(0, 999), level=st.floats(0, 1))
def test_chances_are_a_distribution_that_hangs_on_the_chance_of_an_order(
    mixture: LandingMixture, seed: int, level: float
) -> None:
    asked, chance = made_moves(50, seed)
    for p in (chance, np.full(50, level)):
        found = mixture.predict(asked, p)
        assert (found >= 0).all()
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
        np.testing.assert_allclose(
            found, (1 - p)[:, None] * mixture.idle.predict(asked) + p[:, None] * mixture.buyers(asked)
        )
        assert (found[:, 2] <= 1 - p + 1e-12).all(), "no buyer can be gone"


def test_who_surely_does_not_order_is_where_silence_leads(mixture: LandingMixture) -> None:
    found = mixture.predict(ASKED, np.zeros(len(ASKED)))
    rows = np.arange(len(ASKED))
    assert mixture.idle.share == LEAST_SHARE, "nobody who did not order was elsewhere"
    assert (found[rows, AGES[ASKED.start]] >= 1 - LEAST_SHARE).all()


def test_refunds_and_late_facts_leave_a_share_to_the_idle() -> None:
    assert TAUGHT.end is not None
    assert TAUGHT.ordered is not None
    refunded = ~TAUGHT.ordered & (np.arange(len(TAUGHT)) % 10 == 0) & (TAUGHT.landing == 1)
    mixture = fit(replace(TAUGHT, end=np.where(refunded, 0, TAUGHT.end)))
    share = refunded.sum() / (~TAUGHT.ordered).sum()
    assert mixture.idle.share == pytest.approx(share)
    assert mixture.idle.table[1, 0] == pytest.approx(refunded[(TAUGHT.landing == 1) & ~TAUGHT.ordered].mean(), abs=0.01)


def test_where_an_order_leads_is_found(mixture: LandingMixture) -> None:
    error = np.abs(mixture.buyers(ASKED) - where_orders_lead(ASKED.inputs[:, 0]))
    assert error.mean() < 0.03
    assert (mixture.buyers(ASKED)[:, 2] == 0).all()


def test_with_the_true_law_it_is_better_than_every_table(mixture: LandingMixture) -> None:
    end, _ = ASKED.came()
    ours = log_losses(mixture.predict(ASKED, CHANCE), end)
    for one in BASELINES:
        table = one.fit(TAUGHT)(ASKED, CHANCE)
        behind = log_losses(table, end) - ours
        assert behind.mean() > 2 * behind.std() / np.sqrt(len(end)), one.name
        assert flow_error(ASKED.start, table, end) > flow_error(ASKED.start, mixture.predict(ASKED, CHANCE), end) - 0.01


@pytest.mark.parametrize(("buyers", "learns"), [(0, False), (FEWEST_BUYERS - 1, False), (FEWEST_BUYERS, True)])
def test_too_few_buyers_teach_nothing(buyers: int, learns: bool) -> None:
    few = replace(TAUGHT, ordered=np.arange(len(TAUGHT)) < buyers)
    assert (fit(few).taught is not None) == learns


SIMULATED = np.tile([0.5, 0.3, 0.2], (len(ASKED), 1))


def test_what_was_taught_weighs_half_and_less_over_a_shorter_horizon(mixture: LandingMixture) -> None:
    asked, taught = replace(ASKED, simulated=SIMULATED), mixture.buyers(ASKED)
    for of_horizon, weight in ((1.0, 0.5), (0.5, 0.125), (0.1, 0.005)):
        found = fit(TAUGHT, POSSIBLE, of_horizon).buyers(asked)
        np.testing.assert_allclose(found, weight * taught + (1 - weight) * SIMULATED)


def test_where_too_few_taught_simulated_orders_tell_alone_or_a_buyer_stays() -> None:
    few = fit(replace(TAUGHT, ordered=np.zeros(len(TAUGHT), dtype=bool)))
    for one in (few, UNTAUGHT):
        assert one.buyers(replace(ASKED, simulated=SIMULATED)).tolist() == SIMULATED.tolist()
        assert one.buyers(ASKED).argmax(axis=1).tolist() == ASKED.start.tolist()
    silent = UNTAUGHT.predict(ASKED, np.zeros(len(ASKED)))
    assert silent[np.arange(len(ASKED)), ASKED.landing].tolist() == [1.0] * len(ASKED)


def test_what_lies_ahead_cannot_teach() -> None:
    with pytest.raises(ValueError, match="not known yet"):
        fit(replace(TAUGHT, end=None))
