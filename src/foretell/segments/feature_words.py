"""Words for features: what is said of customers who have more of one, or less, with the numbers in their units."""

from __future__ import annotations

import math
import re

from foretell.features import FEATURES

WORDS: dict[str, tuple[str, str]] = {
    "days_since_last_order": ("silent for longer", "ordered more lately"),
    "orders": ("order more often", "order less often"),
    "orders_decayed": ("order more often of late", "order less often of late"),
    "purchase_days": ("order on more days", "order on fewer days"),
    "orders_trend": ("order more than they did", "order less than they did"),
    "spend": ("spend more", "spend less"),
    "spend_trend": ("spend more than they did", "spend less than they did"),
    "gap_days_median": ("longer between orders", "shorter between orders"),
    "gap_days_mean": ("longer between orders", "shorter between orders"),
    "gap_variation": ("less regular", "more regular"),
    "hiatus_in_median_gaps": ("silent for more of their own gaps", "silent for fewer of their own gaps"),
    "order_value_mean": ("larger baskets", "smaller baskets"),
    "order_value_last": ("larger last basket", "smaller last basket"),
    "lines_per_order": ("more lines an order", "fewer lines an order"),
    "pieces_per_order": ("more pieces an order", "fewer pieces an order"),
    "price_per_piece": ("dearer goods", "cheaper goods"),
    "products": ("more different products", "fewer different products"),
    "new_products": ("more products new to them", "fewer products new to them"),
    "categories": ("more categories", "fewer categories"),
    "refunds": ("send back more often", "send back less often"),
    "refunded_share": ("send back more", "send back less"),
    "age_days": ("customers for longer", "newer customers"),
    "days_first_to_last_order": ("bought over a longer time", "bought over a shorter time"),
    "weekend_share": ("more at weekends", "less at weekends"),
    "evening_share": ("more in the evening", "less in the evening"),
}
"""Words for more and for less, by the name of the feature without its window."""

PER_WINDOW = frozenset({"orders", "money", "refunds"})
"""Units that count what happened in a window: 3 orders in 90 days; not so a mean, or what is in a basket."""


def compared(name: str, typical: float, others: float, currency: str = "") -> str:
    """More or less of a feature, with both numbers; empty where they read the same or one is not known.

    >>> compared("orders_365d", 8.2, 2.9), compared("order_value_mean_life", 20, 50, "GBP")
    ('order more often (8.2 a year against 2.9)', 'smaller baskets (20.00 GBP against 50.00 GBP)')
    """
    if not (math.isfinite(typical) and math.isfinite(others)):
        return ""
    inside, outside = written(name, typical, currency), written(name, others, currency)
    label = stem(name).replace("_", " ")
    more, less = WORDS.get(stem(name), (f"higher {label}", f"lower {label}"))
    told = f"{more if typical > others else less} ({inside}{_window(name)} against {outside})"
    return "" if inside == outside else told


def stem(name: str) -> str:
    """A feature's name without its window.

    >>> stem("orders_365d"), stem("products_life"), stem("age_days")
    ('orders', 'products', 'age_days')
    """
    return re.sub(r"_(\d+d|life)$", "", name)


def written(name: str, value: float, currency: str = "") -> str:
    """A value of a feature in its unit; that of a trend as how many times what it was.

    >>> written("refunded_share_life", 0.034), written("spend_365d", 1234.5, "GBP"), written("orders_trend_90d", 0.0)
    ('3 %', '1,234 GBP', '×1')
    """
    unit = FEATURES[name].unit if name in FEATURES else ""
    if unit == "share":
        return percent(value)
    if unit == "money":
        return money(value, currency)
    if stem(name).endswith("_trend"):
        return f"×{_figure(math.exp(value))}"
    return f"{_figure(value)} day{'' if _figure(value) == '1' else 's'}" if unit == "days" else _figure(value)


def percent(share: float) -> str:
    """A share in whole per cent; one that is not all or nothing is never written as 0 or 100.

    >>> percent(0.123), percent(0.001), percent(1.0)
    ('12 %', '<1 %', '100 %')
    """
    text = f"{100 * share:.0f}"
    if 0 < share < 1 and text in ("0", "100"):
        text = "<1" if text == "0" else ">99"
    return f"{text} %"


def money(amount: float, currency: str = "") -> str:
    """An amount with its currency; pennies only under 100.

    >>> money(12345.6, "EUR"), money(9.5)
    ('12,346 EUR', '9.50')
    """
    return f"{amount:,.0f} {currency}".strip() if abs(amount) >= 100 else f"{amount:,.2f} {currency}".strip()


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def _window(name: str) -> str:
    match = re.search(r"_(\d+)d$", name)
    if match is None or name not in FEATURES or FEATURES[name].unit not in PER_WINDOW or "_mean_" in name:
        return ""
    return " a year" if match[1] == "365" else f" in {match[1]} days"
