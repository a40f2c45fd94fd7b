from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_poisson_deviance, mean_tweedie_deviance

from foretell.backtest.metrics.proper_scores import score_of_rows
from foretell.project.objectives import Kind

amounts = st.lists(st.tuples(st.floats(0.1, 1e4), st.integers(0, 500)), min_size=1, max_size=30).map(np.array)


@given(amounts)
def test_deviances_agree_with_scikit_learn_above_the_floor(rows: np.ndarray) -> None:
    actual = rows[:, 1]
    predicted = np.maximum(rows[:, 0], actual.mean() * 0.02)
    poisson = mean_poisson_deviance(actual, predicted)
    assert score_of_rows("count", predicted, actual).mean() == pytest.approx(poisson, rel=1e-9, abs=1e-9)
    tweedie = mean_tweedie_deviance(actual, predicted, power=1.5)
    assert score_of_rows("amount", predicted, actual).mean() == pytest.approx(tweedie, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("kind", ["probability", "count", "amount"])
@given(actual=st.lists(st.integers(0, 1), min_size=2, max_size=30).filter(lambda a: 0 < sum(a) < len(a)))
def test_the_true_mean_has_the_lowest_score(kind: Kind, actual: list[int]) -> None:
    outcome = np.array(actual, dtype=np.float64)
    mean = outcome.mean()

    def score(forecast: float) -> float:
        return float(score_of_rows(kind, np.full(len(outcome), forecast), outcome).mean())

    for other in (mean * 0.7, mean + (1 - mean) * 0.3):
        assert score(mean) < score(other)


@pytest.mark.parametrize("kind", ["count", "amount"])
def test_a_forecast_of_nothing_that_was_wrong_is_finite_and_dear(kind: Kind) -> None:
    actual = np.array([0.0, 0.0, 4.0])
    nothing, little = score_of_rows(kind, np.zeros(3), actual), score_of_rows(kind, np.full(3, 0.5), actual)
    assert np.isfinite(nothing).all()
    assert nothing[2] > little[2]


def test_more_refunds_than_orders_count_as_nothing() -> None:
    with_refund = score_of_rows("amount", np.array([2.0, 3.0]), np.array([-7.0, 5.0]))
    without = score_of_rows("amount", np.array([2.0, 3.0]), np.array([0.0, 5.0]))
    assert with_refund.tolist() == without.tolist()


@given(amounts, st.sampled_from([0.5, 4.0, 1024.0]))
def test_the_money_scale_does_not_change_who_scores_better(rows: np.ndarray, scale: float) -> None:
    predicted, actual = rows[:, 0], rows[:, 1]
    once, scaled = (
        score_of_rows("amount", predicted, actual),
        score_of_rows("amount", scale * predicted, scale * actual),
    )
    np.testing.assert_allclose(scaled, once * np.sqrt(scale), rtol=1e-9, atol=1e-9)
