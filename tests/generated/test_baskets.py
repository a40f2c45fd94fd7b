from __future__ import annotations

import polars
import pytest

from foretell.generated.baskets import PRODUCTS
from foretell.generated.parameters import Parameters
from shops.planted_shop import planted_shop, with_truth

SHOP = planted_shop()
LINES = SHOP["orders"].with_columns(polars.col("unit_price", "discount", "amount").cast(polars.Float64))
SOLD = LINES.filter(polars.col("status") == "paid")
P = Parameters()


def test_the_amount_is_quantity_times_price_less_discount() -> None:
    told = LINES["quantity"] * LINES["unit_price"] - LINES["discount"]
    assert (told - LINES["amount"]).abs().max() < 1e-6  # type: ignore[operator]
    assert (SOLD["amount"] > 0).all()
    assert (SOLD["quantity"] >= 1).all()


def test_what_comes_back_was_sold_before() -> None:
    back = LINES.filter(polars.col("status") == "refunded")
    assert len(back) / len(SOLD) == pytest.approx(P.refunded_share, abs=0.006)
    sold = SOLD.select("order_id", "product", "quantity", sold="time")
    both = back.join(sold, on=["order_id", "product"], how="left", validate="1:1")
    assert (both["quantity"] == -both["quantity_right"]).all()
    assert (both["time"] > both["sold"]).all()


def test_a_payment_that_failed_came_before_one_that_did_not() -> None:
    failed = LINES.filter(polars.col("status") == "failed")
    assert len(failed) / len(SHOP["paid"]) == pytest.approx(P.failed_share, abs=0.003)
    both = failed.join(SHOP["paid"].select("order_id", paid="time"), on="order_id", how="left")
    assert (both["time"] < both["paid"]).all()


def test_price_sensitive_customers_buy_with_a_discount_alone() -> None:
    share = with_truth(SHOP["paid"], SHOP).group_by("is_price_sensitive").agg(polars.col("is_discounted").mean())
    discounted = dict(share.iter_rows())
    assert discounted[True] > 0.999
    assert discounted[False] < 0.25


def test_orders_are_worth_what_gamma_gamma_says() -> None:
    orders = with_truth(SHOP["paid"].filter(~polars.col("is_discounted")), SHOP)
    assert orders["amount"].mean() == pytest.approx(orders["mean_order_value"].mean(), rel=0.1)
    assert polars.select(polars.corr(orders["amount"].log(), orders["mean_order_value"].log())).item() > 0.3


def test_products_belong_to_one_category_and_are_bought_again() -> None:
    assert SOLD.group_by("product").agg(polars.col("category").n_unique())["category"].max() == 1
    assert SOLD["product"].n_unique() > PRODUCTS * 0.9
    assert SOLD.select("order_id", "product").is_unique().all()
    assert bought_again(SOLD) > 1.2 * bought_again(SOLD.with_columns(polars.col("product").shuffle(seed=1)))


def bought_again(lines: polars.DataFrame) -> float:
    """The share of lines whose product the customer had before."""
    return 1 - len(lines.select("customer_id", "product").unique()) / len(lines)


def test_customers_live_in_one_country_most_at_home() -> None:
    countries = SOLD.group_by("customer_id").agg(
        polars.col("country").n_unique().alias("n"), polars.col("country").first()
    )
    assert countries["n"].max() == 1
    assert (countries["country"] == "United Kingdom").mean() == pytest.approx(P.home_share, abs=0.01)


def test_drift_makes_prices_dearer_and_orders_come_by_the_app() -> None:
    lines = planted_shop(drift_day=500)["orders"].with_columns(
        drifted=polars.col("time") >= polars.datetime(2024, 5, 15)
    )
    prices = lines.group_by("product", "drifted").agg(polars.col("unit_price").cast(polars.Float64).max())
    both = prices.filter(polars.col("drifted")).join(prices.filter(~polars.col("drifted")), on="product")
    assert (both["unit_price"] / both["unit_price_right"]).median() == pytest.approx(P.drift_prices, abs=0.01)
    app = dict(lines.group_by("drifted").agg((polars.col("channel") == "app").mean()).iter_rows())
    assert app[False] == pytest.approx(P.app_share, abs=0.03)
    assert app[True] == pytest.approx(P.drift_app_share, abs=0.03)
