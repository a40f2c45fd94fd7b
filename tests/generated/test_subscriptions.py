from __future__ import annotations

import polars

from foretell.generated.parameters import Parameters
from foretell.generated.subscriptions import ENDED_FOR
from shops.planted_shop import planted_shop, with_truth

SHOP = planted_shop()
PLANS = with_truth(SHOP["subscriptions"], SHOP)
WHY = {
    "bad experience": "poor service",
    "falling engagement": "no longer used",
    "life change": "moved away",
    "price": "too expensive",
}


def test_a_share_of_customers_holds_one_plan() -> None:
    assert PLANS["customer_id"].is_unique().all()
    share = len(PLANS) / len(SHOP["truth"])  # who would have begun after leaving, or after the end, holds none
    assert 0.75 * Parameters().subscribed_share < share < 1.05 * Parameters().subscribed_share
    assert set(PLANS["reason"].drop_nulls()) == set(ENDED_FOR)


def test_asking_comes_before_the_end_and_after_the_start() -> None:
    assert (PLANS["asked_to_cancel_at"] > PLANS["started_at"]).all()
    assert (PLANS["ended_at"] > PLANS["asked_to_cancel_at"]).all()
    waiting = PLANS.filter(polars.col("ended_at").is_null() & polars.col("asked_to_cancel_at").is_not_null())
    assert len(waiting) > 0
    assert waiting["reason"].null_count() == 0


def test_a_payment_that_failed_ends_a_plan_that_nobody_asked_to_end() -> None:
    failed = PLANS.filter(polars.col("reason") == "payment failed")
    assert len(failed) > 10
    assert failed["asked_to_cancel_at"].count() == 0
    assert failed["ended_at"].null_count() == 0
    running = PLANS.filter(polars.col("reason").is_null())
    assert running["asked_to_cancel_at"].count() == running["ended_at"].count() == 0


def test_plans_end_for_the_reason_for_which_customers_leave() -> None:
    own = PLANS.filter(polars.col("reason").is_in(list(WHY.values())))
    assert len(own) > 100
    assert (own["reason"] == own["reason_right"].replace_strict(WHY, default=None)).all()
