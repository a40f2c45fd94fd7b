from __future__ import annotations

import numpy as np
import polars
import pytest

from foretell.generated.orders import NEVER, REASONS, in_time_order
from foretell.generated.parameters import Parameters
from shops.planted_shop import planted_shop, with_truth

SHOP = planted_shop()
TRUTH = SHOP["truth"]
GONE = TRUTH.filter(polars.col("reason").is_not_null())
P = Parameters()


def test_orders_stand_in_order_of_time() -> None:
    orders = in_time_order(np.array([3, 1, 2]), np.array([50, 50, 10]))
    assert orders.customer.tolist() == [2, 1, 3]
    assert orders.at.tolist() == [10, 50, 50]
    assert orders.at.max() < NEVER


def test_nobody_orders_after_leaving_and_the_last_order_is_the_last() -> None:
    last = SHOP["paid"].group_by("customer_id").agg(polars.col("time").max().alias("last"))
    gone = with_truth(last, SHOP).filter(polars.col("reason").is_not_null())
    assert len(gone) == len(GONE)
    assert (gone["last"] == gone["last_order_at"]).all()
    assert (gone["last"] < gone["leaves_at"]).all()


def test_every_reason_drives_somebody_away_in_its_share() -> None:
    assert set(GONE["reason"]) == set(REASONS) - {""}
    price = GONE.filter(polars.col("is_price_sensitive"))
    assert (price["reason"] == "price").mean() == pytest.approx(P.price_reason_share, abs=0.05)
    others = GONE.filter(polars.col("reason") != "price")["reason"].value_counts(normalize=True)
    shares = dict(others.iter_rows())
    assert [shares[reason] for reason in REASONS[1:4]] == pytest.approx(P.other_reason_shares, abs=0.04)


def test_whoever_has_not_left_has_no_reason_and_no_end() -> None:
    stays = TRUTH.filter(polars.col("reason").is_null())
    assert stays["leaves_at"].null_count() == stays["last_order_at"].null_count() == len(stays) > 0


def test_orders_peak_before_christmas() -> None:
    by_month = SHOP["paid"].group_by(polars.col("time").dt.year(), month=polars.col("time").dt.month()).len()
    second = dict(by_month.filter(polars.col("time") == 2024).select("month", "len").iter_rows())
    assert second[12] > 1.5 * second[10]
    assert second[12] > 1.5 * second[9]


def test_more_frequent_customers_order_more() -> None:
    counted = SHOP["paid"].group_by("customer_id").len()
    halves = with_truth(counted, SHOP).group_by(polars.col("orders_per_week") > 0.05).agg(polars.col("len").mean())
    mean = dict(halves.iter_rows())
    assert mean[True] > 2 * mean[False]


def test_drift_makes_orders_rarer() -> None:
    drifted = planted_shop(drift_day=500)["paid"]
    after = polars.col("time").dt.date() >= polars.date(2024, 6, 1)
    before = polars.col("time").dt.date() < polars.date(2024, 1, 1)
    assert len(drifted.filter(after)) < 0.8 * len(SHOP["paid"].filter(after))
    assert len(drifted.filter(before)) > 0.9 * len(SHOP["paid"].filter(before))
