"""What a model says of one question is told of those who are asked, with a threshold from those who taught it."""

from __future__ import annotations

import numpy as np

from foretell.backtest.curves import best_f1_threshold
from foretell.forecasts.orders.asked import Asked, Rows

KEYS = np.arange(6, dtype=np.uint64)
ELIGIBLE = {
    "all": np.ones(6, dtype=bool),
    "active": np.array([True, True, True, False, False, False]),
    "outside_top_tier": np.array([False, True, True, True, True, True]),
}
ACTUAL = np.array([1.0, 0.0, 1.0, 0.0, 0.0, 1.0])
CHANCE = np.array([0.9, 0.2, 0.7, 0.1, 0.3, 0.6])


def asked(target: str, eligible: dict[str, np.ndarray] = ELIGIBLE) -> Asked:
    rows = Rows(KEYS, ACTUAL, eligible)
    return Asked(target, 30, 1_000, rows, rows, {"one order": KEYS < 3})


def test_purchase_tells_churn_from_the_other_side() -> None:
    purchase, churn = asked("purchase").forecasts("blend", CHANCE, CHANCE)
    assert (purchase.objective, churn.objective) == ("purchase", "churn")
    np.testing.assert_array_equal(churn.predicted, 1 - CHANCE[:3])
    np.testing.assert_array_equal(churn.actual, 1 - ACTUAL[:3])
    assert purchase.threshold == best_f1_threshold(CHANCE, ACTUAL)
    assert set(purchase.slices) == {"all", "active", "one order"}
    assert "all" not in churn.slices


def test_the_tier_tells_who_enters_it() -> None:
    _, enters = asked("high_value").forecasts("blend", CHANCE, CHANCE)
    assert enters.objective == "becomes_high_value"
    np.testing.assert_array_equal(enters.customer_key, KEYS[1:])
    np.testing.assert_array_equal(enters.slices["one order"], [True, True, False, False, False])


def test_nobody_asked_tells_nothing_and_amounts_have_no_threshold() -> None:
    nobody = {**ELIGIBLE, "active": np.zeros(6, dtype=bool)}
    assert [one.objective for one in asked("purchase", nobody).forecasts("blend", CHANCE, CHANCE)] == ["purchase"]
    [spend] = asked("spend").forecasts("blend", 9 * CHANCE, 9 * CHANCE)
    assert spend.threshold is None
    assert spend.kind == "amount"
