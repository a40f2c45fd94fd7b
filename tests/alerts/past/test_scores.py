"""Past scores: the forecasts of the models that serve, on one set of rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.alerts.past.scores import PastFacts, days_to_loss, past_scores
from foretell.backtest.forecast import Forecast
from foretell.project.intervals import days
from foretell.project.objectives import Kind

NAN = float("nan")
SERVING = {"purchase": "blend", "spend": "blend", "high_value": "logistic"}


def forecast(
    objective: str, cutoff_day: int, keys: list[int], predicted: list[float], actual: list[float], **more: object
) -> Forecast:
    kind: Kind = "amount" if objective == "spend" else "probability"
    told: dict[str, object] = {"model": "blend", "horizon_days": 30, "slices": {}} | more
    return Forecast(
        objective=objective,
        kind=kind,
        cutoff=days(cutoff_day),
        customer_key=np.array(keys, dtype=np.uint64),
        predicted=np.array(predicted),
        actual=np.array(actual),
        **told,  # type: ignore[arg-type]
    )


def test_questions_of_fewer_customers_are_null_for_the_others() -> None:
    made = [
        forecast("spend", 40, [3, 1, 2], [30, 10, 20], [0, 11, 0], low=np.array([3.0, 1, 2])),
        forecast("purchase", 40, [2, 3, 1], [0.2, 0.3, 0.1], [0, 1, 0]),
        forecast("churn", 40, [3, 1], [0.7, 0.9], [0, 1]),
        forecast("purchase", 10, [1], [0.5], [1]),
        forecast("purchase", 40, [1], [0.99], [1], model="base_rate"),
        forecast("purchase", 60, [1], [0.99], [1], horizon_days=90),
        forecast("spend", 5, [1], [9.0], [9.0]),
    ]
    facts = [PastFacts(days(40), np.array([1, 3], dtype=np.uint64), {"orders": np.array([5.0, 6])}, np.array([7.0, 8]))]
    first, second = past_scores(made, SERVING, 30, facts)
    assert (first.cutoff, second.cutoff) == (days(10), days(40))
    assert second.customer_key.tolist() == [1, 2, 3]
    expected = {
        "p_purchase": [0.1, 0.2, 0.3],
        "p_churn": [0.9, NAN, 0.7],
        "expected_spend": [10, 20, 30],
        "expected_spend_low": [1, 2, 3],
        "orders": [5, NAN, 6],
    }
    assert set(second.columns) == set(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(second.columns[name], values)
    np.testing.assert_array_equal(second.events["churn"], [1, NAN, 0])
    assert second.days_to_loss is not None
    np.testing.assert_array_equal(second.days_to_loss, [7, NAN, 8])
    assert first.days_to_loss is None
    np.testing.assert_array_equal(second.before(first)["p_purchase"], [0.5, NAN, NAN])


def test_without_forecasts_there_is_no_past() -> None:
    assert past_scores([], SERVING, 30) == ()
    assert past_scores([forecast("purchase", 40, [1], [0.5], [1])], {"purchase": None}, 30) == ()


@given(
    st.lists(st.tuples(st.floats(0, 400), st.integers(1, 9), st.floats(0, 200) | st.just(NAN)), min_size=1, max_size=9),
    st.integers(1, 200),
)
def test_days_to_loss_are_told_by_the_definition_of_active(
    customers: list[tuple[float, int, float]], horizon_days: int
) -> None:
    silent, orders, gap = (np.array(column, dtype=np.float64) for column in zip(*customers, strict=True))
    own = (orders >= 3) & np.isfinite(gap)
    window = np.where(own, np.clip(3 * np.nan_to_num(gap), min(horizon_days, 365), 365), max(horizon_days, 60))
    active = silent <= window
    found = days_to_loss(silent, orders, gap, active, horizon_days, 365)
    np.testing.assert_array_equal(np.isfinite(found), active)
    np.testing.assert_allclose(found[active & own], (window - silent)[active & own])
    assert (found[active & ~own] <= (window - silent)[active & ~own]).all()
    assert (found[active] >= 0).all()


def test_of_few_orders_the_longest_silence_that_counts_tells_the_window() -> None:
    found = days_to_loss(
        np.array([55.0, 10, 80]), np.array([1.0, 2, 1]), np.full(3, NAN), np.array([True, True, False]), 30, 365
    )
    assert found[:2].tolist() == [0, 45]
