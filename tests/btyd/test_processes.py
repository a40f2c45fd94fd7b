"""Laws of the three purchase processes: their gradients, their integrals, their limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln

from cdnow_fixtures import Cohort
from foretell.btyd import beta_geometric, pareto_nbd
from foretell.btyd.beta_geometric import BG_NBD, MBG_NBD
from foretell.btyd.summary import CannotFit, Summary, in_weeks, summarised

Four = tuple[float, float, float, float]
History = tuple[int, float, float]
PROCESSES = [BG_NBD, MBG_NBD, pareto_nbd]
POSITIVE = st.floats(0.05, 30.0)
FOUR = st.tuples(POSITIVE, POSITIVE, POSITIVE, POSITIVE)
HISTORY = st.tuples(st.integers(0, 60), st.floats(0.0, 1.0), st.floats(0.1, 150.0))


def _parameters(process: Any, four: Four) -> pareto_nbd.ParetoNbdParameters | beta_geometric.BetaGeometricParameters:
    made = pareto_nbd.ParetoNbdParameters if process is pareto_nbd else beta_geometric.BetaGeometricParameters
    return made(*four, 0.0)


def _triple(history: History) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x, share, age = history
    return np.array([float(x)]), np.array([share * age if x else 0.0]), np.array([age])


def _log_likelihood(
    process: Any, four: Sequence[float], x: np.ndarray, t_x: np.ndarray, age: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    if process is pareto_nbd:
        return pareto_nbd._log_likelihood(np.array(four), x, t_x, age)
    return beta_geometric.log_likelihood(np.array(four), x, t_x, age, process.survived(x))


@pytest.mark.parametrize("process", PROCESSES)
@settings(deadline=None, max_examples=60)
@given(four=FOUR, history=HISTORY)
def test_the_gradient_is_that_of_the_likelihood(process: Any, four: Four, history: History) -> None:
    triple = _triple(history)
    _, gradient = _log_likelihood(process, four, *triple)
    for place in range(4):
        step = 1e-5 * four[place]
        up, down = list(four), list(four)
        up[place] += step
        down[place] -= step
        slope = (_log_likelihood(process, up, *triple)[0] - _log_likelihood(process, down, *triple)[0]) / (2 * step)
        np.testing.assert_allclose(gradient[place], slope, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("process", PROCESSES)
@settings(deadline=None, max_examples=100)
@given(four=FOUR, history=HISTORY, horizon=st.floats(0.1, 100.0))
def test_an_order_comes_unless_the_longer_silence_is_seen(
    process: Any, four: Four, history: History, horizon: float
) -> None:
    x, t_x, age = _triple(history)
    chance = process.probability_of_order(_parameters(process, four), x, t_x, age, horizon)
    now, _ = _log_likelihood(process, four, x, t_x, age)
    later, _ = _log_likelihood(process, four, x, t_x, age + horizon)
    np.testing.assert_allclose(chance, -np.expm1(later - now), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("process", PROCESSES)
@settings(deadline=None, max_examples=100)
@given(four=FOUR, history=HISTORY, horizons=st.tuples(st.floats(0.1, 100.0), st.floats(0.1, 100.0)))
def test_forecasts_grow_with_the_horizon_and_agree(
    process: Any, four: Four, history: History, horizons: tuple[float, float]
) -> None:
    triple, parameters = _triple(history), _parameters(process, four)
    short, long = min(horizons), max(horizons)
    chances = [process.probability_of_order(parameters, *triple, h)[0] for h in (short, long)]
    orders = [process.expected_orders(parameters, *triple, h)[0] for h in (short, long)]
    assert 0.0 <= chances[0] <= chances[1] * (1 + 1e-9) <= 1.0 + 1e-9
    assert 0.0 <= orders[0] <= orders[1] * (1 + 1e-9)
    assert orders[0] >= chances[0] * (1 - 1e-9)


@pytest.mark.parametrize("process", [BG_NBD, MBG_NBD])
@pytest.mark.parametrize(
    "four", [(0.5, 4.0, 0.3, 0.4), (0.5, 4.0, 1.0, 2.0), (2.0, 1.0, 1.000001, 5.0), (0.2, 9, 20, 90)]
)
@pytest.mark.parametrize("history", [(0, 0.0, 3.0), (2, 0.7, 20.0), (300, 0.99, 150.0)])
def test_expected_orders_equal_the_integral_over_the_chance_of_dropping_out(
    process: Any, four: Four, history: History
) -> None:
    x, t_x, age = _triple(history)
    parameters, horizon = _parameters(process, four), 26.0
    n, k = float(process.survived(x)[0]), four[0] + float(x[0])

    def weighted(logit: float) -> float:
        p = 1 / (1 + np.exp(-logit))
        log_density = four[2] * np.log(p) - (four[3] + n) * np.logaddexp(0.0, logit) - betaln(four[2], four[3] + n)
        return float(np.exp(log_density) * -np.expm1(-k * np.log1p(p * horizon / (four[1] + age[0]))) / p)

    centre = np.log(four[2] / (four[3] + n))
    while_alive = sum(quad(weighted, centre + a, centre + a + 10, limit=200)[0] for a in range(-200, 60, 10))
    alive = process.probability_alive(parameters, x, t_x, age)[0]
    found = process.expected_orders(parameters, x, t_x, age, horizon)[0]
    assert found == pytest.approx(alive * while_alive, rel=1e-6)


@pytest.mark.parametrize("s", [0.999999999, 1.0, 1.000000001])
def test_pareto_nbd_has_no_hole_at_s_1(s: float) -> None:
    at = [
        pareto_nbd.expected_orders(
            pareto_nbd.ParetoNbdParameters(0.5, 8.0, value, 12.0, 0.0), *_triple((3, 0.5, 30.0)), 20.0
        )[0]
        for value in (s, 1.01)
    ]
    assert at[0] == pytest.approx(at[1], rel=0.01)


@pytest.mark.parametrize("process", PROCESSES)
def test_the_order_of_customers_changes_nothing(process: Any, cdnow: Cohort) -> None:
    shuffled = np.random.default_rng(1).permutation(len(cdnow.purchase_days))
    facts = (cdnow.purchase_days, cdnow.first_to_last_days, cdnow.observed_days)
    assert process.fit(summarised(*facts)) == process.fit(summarised(*(fact[shuffled] for fact in facts)))


@pytest.mark.parametrize("process", PROCESSES)
def test_every_customer_twice_gives_the_same_parameters(process: Any, cdnow: Cohort) -> None:
    once = summarised(cdnow.purchase_days, cdnow.first_to_last_days, cdnow.observed_days)
    twice = Summary(once.repeats, once.recency_weeks, once.age_weeks, 2 * once.customers)
    one, two = process.fit(once), process.fit(twice)
    assert two.alpha == pytest.approx(one.alpha, rel=1e-3)
    assert two.log_likelihood == pytest.approx(2 * one.log_likelihood, rel=1e-9)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(
    ("purchase_days", "last", "observed"),
    [([], [], []), ([1] * 40, [0] * 40, range(1, 41)), ([1, 1, 2], [0, 0, 3], [9, 9, 9])],
)
def test_customers_who_never_came_back_are_refused(
    process: Any, purchase_days: list[int], last: list[int], observed: Sequence[int]
) -> None:
    with pytest.raises(CannotFit, match="bought on more than one day"):
        process.fit(summarised(np.array(purchase_days), np.array(last), np.array(observed)))


@pytest.mark.parametrize("process", PROCESSES)
@settings(deadline=None, max_examples=12)
@given(rows=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 90), st.integers(1, 90)), min_size=5, max_size=40))
def test_any_cohort_gives_finite_forecasts_or_a_reason(process: Any, rows: list[tuple[int, int, int]]) -> None:
    facts = np.array(rows, dtype=float).T
    try:
        found = process.fit(summarised(*facts))
    except CannotFit as refusal:
        reason = str(refusal)
        assert reason
        return
    for forecast in (process.probability_of_order, process.expected_orders):
        values = forecast(found, *in_weeks(*facts), 13.0)
        assert np.isfinite(values).all()
        assert (values >= 0).all()
