from __future__ import annotations

import polars
import pytest

from foretell.generated.parameters import Parameters
from foretell.generated.visits import EVENTS
from shops.planted_shop import planted_shop, with_truth

SHOP = planted_shop()
EVENT_ROWS = with_truth(SHOP["events"], SHOP)
P = Parameters()


def test_every_order_is_completed_once_at_its_time() -> None:
    completed = SHOP["events"].filter(polars.col("event") == "order_completed")
    both = SHOP["paid"].join(completed, on="order_id", how="full", validate="1:1")
    assert both["event"].null_count() == both["amount"].null_count() == 0
    assert (both["time"] == both["time_right"]).all()
    assert (both["customer_id"] == both["customer_id_right"]).all()
    assert SHOP["events"]["order_id"].count() == len(completed)
    assert set(SHOP["events"]["event"]) == set(EVENTS)


def test_nobody_visits_before_sign_up_or_after_leaving_but_to_follow_a_complaint() -> None:
    own = EVENT_ROWS.filter(polars.col("event").is_in(["order_completed", "content_viewed", "content_clicked"]))
    assert (own["time"] >= own["signed_up_at"]).all()
    after = EVENT_ROWS.filter(polars.col("time") >= polars.col("leaves_at"))
    assert set(after["reason"]) == {"bad experience"}
    assert set(after["event"]) == {"page_viewed", "product_viewed", "product_added", "content_viewed"}
    assert after.filter(polars.col("time") >= polars.col("leaves_at") + polars.duration(days=90)).is_empty()


def test_visits_cool_for_three_weeks_before_the_last_order_of_whoever_loses_interest() -> None:
    before = (polars.col("last_order_at") - polars.col("time")).dt.total_days()
    old = polars.col("last_order_at") - polars.col("signed_up_at") > polars.duration(days=60)
    seen = EVENT_ROWS.filter((polars.col("event") == "page_viewed") & old)
    visits = {
        reason: (
            len(seen.filter((polars.col("reason") == reason) & before.is_between(1, 10))),
            len(seen.filter((polars.col("reason") == reason) & before.is_between(25, 34))),
        )
        for reason in ("falling engagement", "life change", "bad experience")
    }
    late, early = visits["falling engagement"]
    assert late < 0.5 * early
    for reason in ("life change", "bad experience"):
        assert visits[reason][0] > 0.75 * visits[reason][1]


def test_high_value_customers_read_and_click_early() -> None:
    early = polars.col("time") < polars.col("signed_up_at") + polars.duration(days=30)
    clicks = EVENT_ROWS.filter(early & (polars.col("event") == "content_clicked")).group_by("customer_id").len()
    old = SHOP["truth"].filter(polars.col("signed_up_at") < polars.datetime(2024, 11, 1))
    counted = old.join(clicks, on="customer_id", how="left").with_columns(polars.col("len").fill_null(0))
    mean = dict(counted.group_by("is_high_value").agg(polars.col("len").mean()).iter_rows())
    assert mean[True] == pytest.approx(P.content_if_high_value / 2, rel=0.15)
    assert mean[False] == pytest.approx(P.content_else / 2, rel=0.15)
