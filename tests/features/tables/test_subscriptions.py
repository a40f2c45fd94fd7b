"""What runs, since when, for how much and until when, as far as it was known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest

from foretell.customer_log.stable_keys import code_of
from made_views import bought, fact, told

WEEK = 604_800
LINES = tuple(bought(5, customer=name) for name in "abc")
ABOUT: Mapping[str, Any] = {"plan": "Pro", "amount": 70_000, "interval_seconds": WEEK}
FACTS = (
    fact("subscriptions", 10, step="started", plan="Free"),
    fact("subscriptions", 30, step="ended", plan="Free"),
    fact("subscriptions", 80, step="started", **ABOUT),
    fact("subscriptions", 90, step="asked to cancel", **ABOUT),
    fact("subscriptions", 110, step="ended", **ABOUT),
    fact("subscriptions", 20, "b", step="started", plan="Free"),
    fact("subscriptions", 60, "b", step="ended", plan="Free"),
)


@pytest.mark.parametrize(
    ("name", "running", "ended", "never"),
    [
        ("subscriptions_running", 1.0, 0.0, 0.0),
        ("subscriptions_ended", 1.0, 1.0, 0.0),
        ("days_since_subscription_ended", 70.0, 40.0, math.nan),
        ("subscription_days", 20.0, math.nan, math.nan),
        ("days_to_renewal", 1.0, math.nan, math.nan),
        ("subscription_amount_month", 30.4375, math.nan, math.nan),
        ("subscription_plan", float(code_of("Pro")), math.nan, math.nan),
        ("cancel_asked", 1.0, math.nan, math.nan),
    ],
)
def test_a_subscription_is_told_while_it_runs(name: str, running: float, ended: float, never: float) -> None:
    found = told(name, LINES, facts=FACTS)
    assert [found[customer] for customer in "abc"] == [
        pytest.approx(value, nan_ok=True) for value in (running, ended, never)
    ]


def test_what_is_not_told_is_not_known() -> None:
    facts = [fact("subscriptions", 80, step="started")]
    for name in ("days_to_renewal", "subscription_amount_month", "subscription_plan"):
        assert math.isnan(told(name, LINES, facts=facts)["a"])
    assert told("cancel_asked", LINES, facts=facts)["a"] == 0.0
