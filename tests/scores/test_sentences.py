"""Sentences: what is told of a theme, whatever is known."""

from __future__ import annotations

import pytest

from foretell.scores.sentences import sentence

REGULAR = {
    "days_since_last": 58.2,
    "gap_days_median": 21.0,
    "lifetime_orders": 12.0,
    "orders_90d": 3.0,
    "spend_90d": 120.0,
    "order_value_mean_life": 40.0,
    "lines_per_order_life": 2.5,
    "refunds_life": 1.0,
    "refunded_life": 9.5,
    "weekend_share": 0.25,
    "evening_share": 0.5,
    "products_life": 24.0,
    "repeat_product_share": 0.3,
}
GONE = REGULAR | {"days_since_last": 200.0, "orders_90d": 0.0}
ONCE = {"days_since_last": 0.2, "lifetime_orders": 1.0, "lifetime_spend": 8.0}


@pytest.mark.parametrize(
    ("theme", "known", "told"),
    [
        ("orders", REGULAR, "last order 58 days ago, usually every 21 days; "
                            "3 of 12 orders in the last 90 days for 120.00 GBP"),
        ("orders", GONE, "last order 200 days ago, usually every 21 days; 12 orders in all"),
        ("orders", ONCE, "one order so far, under a day ago"),
        ("value", REGULAR, "40.00 GBP an order, 2.5 lines in it"),
        ("value", ONCE, "8.00 GBP an order"),
        ("products", REGULAR, "24 products, 30% of lines bought before"),
        ("calendar", REGULAR, "25% of orders on weekends, 50% in the evening"),
        ("refunds", REGULAR, "1 refund, 9.50 GBP"),
        ("refunds", {"refunds_life": 0.0, "refunded_life": 0.0}, "no refunds"),
        ("orders", {}, "last order at a time unknown"),
        ("value", {}, "what an order holds"),
        ("discount", {"first_order_discounted": 1.0, "first_order_discount_share": 0.2},
         "first order was discounted by 20%"),
        ("discount", {"first_order_discounted": 1.0}, "first order was discounted"),
        ("discount", {"first_order_discounted": 0.0}, "first order was at full price"),
        ("discount", {}, "the discount on the first order"),
    ],
)  # fmt: skip
def test_a_theme_is_told_by_its_facts(theme: str, known: dict[str, float], told: str) -> None:
    assert sentence(theme, lambda name: known.get(name, float("nan")), "GBP") == told


def test_the_first_order_is_told_by_words() -> None:
    known = {"first_order_country": 7.0, "first_order_channel": 8.0}

    def told(theme: str) -> str:
        return sentence(theme, lambda name: known.get(name, float("nan")), "GBP", {7: "Germany"})

    assert told("country") == "first order came from Germany"
    assert told("channel") == "the channel of the first order"
    assert told("category") == "what the first order was of"
