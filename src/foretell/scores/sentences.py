"""Sentences: a theme told by the facts on which it rests, in their units."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from foretell.project.money import spoken

Value = Callable[[str], float]
TOLD_FACTS = ("days_since_last", "lifetime_orders", "lifetime_spend")
TOLD_FEATURES = (
    "gap_days_median",
    "orders_90d",
    "spend_90d",
    "order_value_mean_life",
    "lines_per_order_life",
    "pieces_per_order_life",
    "products_life",
    "repeat_product_share",
    "categories_life",
    "weekend_share",
    "evening_share",
    "refunds_life",
    "refunded_life",
)
"""What the sentences read; NaN where it is not known."""
OF_FIRST_ORDER = {
    "country": ("first order came from {}", "where the first order came from"),
    "channel": ("first order came through {}", "the channel of the first order"),
    "category": ("first order was of {}", "what the first order was of"),
}
"""What is told of the first order by a word: where the word is known, and where it is not."""
NO_WORDS: Mapping[int, str] = {}
LEAST_MONEY = 0.005


def sentence(theme: str, value: Value, currency: str, words: Mapping[int, str] = NO_WORDS) -> str:
    """A theme told by facts, those of a customer or those typical of many; by its name where none belong to it.
    `words` are the texts behind codes."""
    if theme in OF_FIRST_ORDER:
        code, (known, unknown) = value(f"first_order_{theme}"), OF_FIRST_ORDER[theme]
        word = "" if np.isnan(code) else words.get(int(code), "")
        return known.format(word) if word else unknown
    told = SENTENCES.get(theme)
    return told(value, currency) if told else theme.replace("_", " ")


def happened_since(orders: float, spend: float, refunds: float, refunded: float, currency: str) -> str:
    """What came to a customer's facts since an earlier day, with counts and sums that may be negative where facts were
    taken back; `spend` is what refunds left of it. Empty where nothing came.

    >>> happened_since(2, 128.0, 1, 12.0, "GBP")
    '2 orders since, 140.00 GBP; 1 refund, 12.00 GBP'
    >>> happened_since(0, -12.0, 1, 12.0, "GBP")
    '1 refund since, 12.00 GBP'
    """
    bought, told = spend + refunded, list[tuple[str, float]]()
    if round(orders):
        fewer = "" if orders > 0 else " fewer"
        told.append((f"{_counted(abs(orders), 'order')}{fewer}", abs(bought)))
    elif abs(bought) >= LEAST_MONEY:
        told.append(("more spent on earlier orders" if bought > 0 else "less spent on earlier orders", abs(bought)))
    if round(refunds) or abs(refunded) >= LEAST_MONEY:
        fewer = "" if refunds >= 0 else " fewer"
        told.append((f"{_counted(abs(refunds), 'refund')}{fewer}", abs(refunded)))
    return "; ".join(
        f"{what}{' since' if place == 0 else ''}, {spoken(money, currency)}" for place, (what, money) in enumerate(told)
    )


def _orders(value: Value, currency: str) -> str:
    since, gap, ever = value("days_since_last"), value("gap_days_median"), value("lifetime_orders")
    last = f"{_days(since)} ago" if not np.isnan(since) else "at a time unknown"
    if 0.5 < ever < 1.5:
        return f"one order so far, {last}"
    rhythm = "" if np.isnan(gap) else f", usually every {_days(gap)}"
    recent, spent = value("orders_90d"), value("spend_90d")
    if np.isnan(ever):
        return f"last order {last}{rhythm}"
    if not recent >= 0.5:
        return f"last order {last}{rhythm}; {_counted(ever, 'order')} in all"
    money = "" if np.isnan(spent) else f" for {spoken(spent, currency)}"
    return f"last order {last}{rhythm}; {recent:,.0f} of {_counted(ever, 'order')} in the last 90 days{money}"


def _value(value: Value, currency: str) -> str:
    typical, lines, pieces = (
        value(f"{name}_life") for name in ("order_value_mean", "lines_per_order", "pieces_per_order")
    )
    if np.isnan(typical):
        typical = value("lifetime_spend") / value("lifetime_orders")
    held = f"{lines:,.1f} lines" if lines > 1 else "" if np.isnan(pieces) else f"{pieces:,.1f} pieces"
    if np.isnan(typical):
        return f"{held} an order" if held else "what an order holds"
    return f"{spoken(typical, currency)} an order" + (f", {held} in it" if held else "")


def _products(value: Value, currency: str) -> str:
    products, repeats = value("products_life"), value("repeat_product_share")
    if np.isnan(products):
        categories = value("categories_life")
        return "the range of products" if np.isnan(categories) else f"{categories:,.0f} categories"
    text = _counted(products, "product")
    return text if np.isnan(repeats) else f"{text}, {repeats:.0%} of lines bought before"


def _calendar(value: Value, currency: str) -> str:
    weekend, evening = value("weekend_share"), value("evening_share")
    if np.isnan(weekend):
        return "the days on which orders come"
    text = f"{weekend:.0%} of orders on weekends"
    return text if np.isnan(evening) else f"{text}, {evening:.0%} in the evening"


def _refunds(value: Value, currency: str) -> str:
    count, refunded = value("refunds_life"), value("refunded_life")
    if np.isnan(count) or np.isnan(refunded):
        return "what was given back"
    return "no refunds" if round(count) == 0 else f"{_counted(count, 'refund')}, {spoken(refunded, currency)}"


def _discount(value: Value, currency: str) -> str:
    discounted, share = value("first_order_discounted"), value("first_order_discount_share")
    if np.isnan(discounted):
        return "the discount on the first order"
    if not discounted:
        return "first order was at full price"
    return "first order was discounted" + (f" by {share:.0%}" if share >= 0.005 else "")


SENTENCES: dict[str, Callable[[Value, str], str]] = {
    "orders": _orders,
    "value": _value,
    "products": _products,
    "calendar": _calendar,
    "refunds": _refunds,
    "discount": _discount,
}


def _days(count: float) -> str:
    return "under a day" if count < 0.5 else _counted(round(count), "day")


def _counted(count: float, noun: str) -> str:
    return f"{count:,.0f} {noun}{'' if round(count) == 1 else 's'}"
