"""The numbers a generated shop is drawn from: each says what it means, and which data it was fitted to, if any."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

ONLINE_RETAIL = "Online Retail"
COMPLETE_JOURNEY = "Complete Journey"
CHOSEN = "chosen"
LICENCES = {
    ONLINE_RETAIL: "Daqing Chen, UCI Machine Learning Repository 352, CC BY 4.0",
    COMPLETE_JOURNEY: "version 2.0, 84.51° / dunnhumby, as published in the R package completejourney, CC0",
}


def _fitted(value: Any, source: str, meaning: str) -> Any:
    return field(default=value, metadata={"source": source, "meaning": meaning})


def _chosen(value: Any, meaning: str) -> Any:
    return _fitted(value, CHOSEN, meaning)


@dataclass(frozen=True)
class Parameters:
    """All numbers of a shop; `described` tells each with its meaning and its source."""

    rate_shape: float = _fitted(0.719, ONLINE_RETAIL, "shape of the gamma of order rates (BG/NBD r)")
    rate_scale_weeks: float = _fitted(9.44, ONLINE_RETAIL, "scale of the gamma of order rates, weeks (BG/NBD alpha)")
    weekday_shares: tuple[float, ...] = _fitted(
        (0.148, 0.170, 0.189, 0.224, 0.156, 0.0, 0.114), ONLINE_RETAIL, "share of orders by week day, Monday first"
    )
    refunded_share: float = _fitted(0.0244, ONLINE_RETAIL, "lines given back, as a share of lines sold")
    home_share: float = _fitted(0.903, ONLINE_RETAIL, "share of orders from the shop's own country")
    product_spread: float = _fitted(1.60, ONLINE_RETAIL, "standard deviation of the log popularity of products")
    price_spread: float = _fitted(1.04, ONLINE_RETAIL, "standard deviation of the log price of products")
    value_p: float = _fitted(0.670, COMPLETE_JOURNEY, "Gamma-Gamma p of order values")
    value_q: float = _fitted(3.35, COMPLETE_JOURNEY, "Gamma-Gamma q of order values")
    value_gamma: float = _fitted(118.0, COMPLETE_JOURNEY, "Gamma-Gamma gamma of order values, in currency")
    repeat_share: float = _fitted(0.407, COMPLETE_JOURNEY, "share of lines from a customer's own favourites")
    discount_depth: float = _fitted(0.243, COMPLETE_JOURNEY, "share of the price taken off a discounted line")
    answered_share: float = _fitted(0.108, COMPLETE_JOURNEY, "share of treated contacts that are clicked")
    age_shares: tuple[float, ...] = _fitted(
        (0.061, 0.154, 0.257, 0.347, 0.087, 0.093), COMPLETE_JOURNEY, "shares of the six age groups, youngest first"
    )

    leaving_a: float = _chosen(0.9, "beta a of the chance to leave after an order (Online Retail shows no leaving)")
    leaving_b: float = _chosen(6.6, "beta b of the chance to leave after an order")
    price_sensitive_share: float = _chosen(0.2, "share of customers who buy only with a discount")
    price_reason_share: float = _chosen(0.7, "of those who buy only with a discount: share whose reason is price")
    other_reason_shares: tuple[float, ...] = _chosen(
        (0.35, 0.35, 0.30), "bad experience, falling engagement, life change: shares among all other reasons"
    )
    contact_kind_shares: tuple[float, ...] = _chosen(
        (0.2, 0.3, 0.35, 0.15), "persuadable, sure thing, lost cause, sleeping dog: shares of customers"
    )
    order_if_treated: tuple[float, ...] = _chosen(
        (0.16, 0.14, 0.0, 0.01), "chance of one more order after a treated contact, by kind in that order"
    )
    order_if_control: tuple[float, ...] = _chosen(
        (0.01, 0.14, 0.0, 0.14), "chance of one more order where the contact was held back, by kind"
    )
    treated_share: float = _chosen(0.7, "share of contacts that are treated, whatever the customer")
    contacted_share: float = _chosen(0.5, "share of reachable customers in a campaign; one campaign every 28 days")
    orders_if_assigned: tuple[float, ...] = _chosen(
        (1.5, 0.2, 0.0, 0.0), "more orders expected of a treated assignment from outside, by kind; within 45 days"
    )
    orders_if_held_back: tuple[float, ...] = _chosen(
        (0.0, 0.2, 0.0, 0.3), "more orders expected where the assignment was held back, by kind; within 45 days"
    )
    high_value_share: float = _chosen(0.1, "share of customers of high value, by rate times mean order value")
    content_if_high_value: float = _chosen(4.0, "visits to content in the first 30 days of who is of high value")
    content_else: float = _chosen(0.6, "visits to content in the first 30 days of the others")
    visits_per_day: float = _chosen(
        0.2, "visits a day that end without an order, of a customer with the mean order rate"
    )
    visits_follow: float = _chosen(0.5, "power of a customer's order rate in their visits: who orders more visits more")
    cooled_to: float = _chosen(0.1, "what is left of visits three weeks after engagement began to fall")
    lingering: float = _chosen(0.5, "what is left of visits in the 90 days after leaving for a bad experience")
    christmas_peak: float = _chosen(2.0, "orders above the usual at the top of the Christmas season, 5 December")
    promotion_lift: float = _chosen(0.5, "orders above the usual in a promotion")
    discounted_share: float = _chosen(0.1, "share of orders with a discount outside promotions")
    promotion_discounted: float = _chosen(0.6, "share of orders with a discount in a promotion")
    lines_beyond_first: float = _chosen(2.0, "mean lines of an order beyond the first, where its value carries them")
    price_median: float = _chosen(3.0, "median price of a product")
    failed_share: float = _chosen(0.01, "payments that fail before an order, as a share of orders")
    complaint_share: float = _chosen(0.01, "orders that lead to a complaint of somebody who stays")
    review_share: float = _chosen(0.08, "orders that lead to a review")
    survey_share: float = _chosen(0.05, "orders that lead to an answer from 0 to 10")
    subscribed_share: float = _chosen(0.12, "share of customers with a plan")
    drift_rate: float = _chosen(0.6, "orders from the day of drift on, times the usual")
    drift_prices: float = _chosen(1.15, "prices from the day of drift on, times the usual")
    drift_app_share: float = _chosen(0.7, "share of orders and visits in the app from the day of drift on")
    app_share: float = _chosen(0.25, "share of orders and visits in the app before")


def described(parameters: Parameters) -> list[dict[str, Any]]:
    """One entry a parameter: name, value, source, its licence ("" where the value is chosen), meaning."""
    return [
        {
            "name": one.name,
            "value": getattr(parameters, one.name),
            "source": one.metadata["source"],
            "licence": LICENCES.get(one.metadata["source"], ""),
            "meaning": one.metadata["meaning"],
        }
        for one in fields(parameters)
    ]


def parameters_table(told: list[dict[str, Any]]) -> str:
    """What `described` told as a Markdown table."""
    lines = ["| parameter | value | from | meaning |", "|---|---|---|---|"]
    for one in told:
        value = one["value"]
        shown = ", ".join(f"{part:g}" for part in value) if isinstance(value, tuple) else f"{value:g}"
        lines.append(f"| `{one['name']}` | {shown} | {one['source']} | {one['meaning']} |")
    return "\n".join([*lines, "", *(f"{name}: {licence}." for name, licence in LICENCES.items())])
