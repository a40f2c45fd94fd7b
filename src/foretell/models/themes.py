"""Themes: features that move together and mean alike, whose contributions are told as one reason.

Correlated features share a contribution among them almost at will. Taught on two halves of the customers of CDNOW,
the blend laid the same forecast to recency in one and to frequency in the other for 4 customers in 5. So when, how
often, how long and for how much a customer ordered is one theme, their order history; what an order holds is another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.examples.indicators import feature_behind
from foretell.features import FEATURES
from foretell.models.contract import Contributions

ORDER_HISTORY = "orders"
THEME_OF_FAMILY = {
    "recency": ORDER_HISTORY,
    "gaps": ORDER_HISTORY,
    "frequency": ORDER_HISTORY,
    "money": ORDER_HISTORY,
    "first_order": ORDER_HISTORY,
    "refunds": "refunds",
    "basket": "value",
    "products": "products",
    "calendar": "calendar",
}
THEME_OF_BEGINNING = {
    "first_order_country": "country",
    "first_order_channel": "channel",
    "first_order_category": "category",
    "first_order_discount": "discount",
    "days_since_last_refund": "refunds",
    "order_value_": "value",
    "last_to_typical_value": "value",
    "first_order_": "value",
    "products_": ORDER_HISTORY,
    "new_products_": ORDER_HISTORY,
    "categories_": ORDER_HISTORY,
}
"""Features that do not go with their family, by how their names begin: more orders, more products."""
THEME_OF_FACT = {
    "own_rhythm": ORDER_HISTORY,
    "days_since_last": ORDER_HISTORY,
    "purchase_days": ORDER_HISTORY,
    "lifetime_orders": ORDER_HISTORY,
    "trailing_orders": ORDER_HISTORY,
    "lifetime_spend": ORDER_HISTORY,
    "trailing_spend": ORDER_HISTORY,
    "observed_days": ORDER_HISTORY,
    "first_to_last_days": ORDER_HISTORY,
    "repeat_value_mean": "value",
}


def themes_of(names: Sequence[str]) -> list[str]:
    """The theme of each contribution: by the feature's name, its family, or the fact's meaning."""
    return [_theme(name) for name in names]


def by_theme(contributions: Contributions) -> tuple[tuple[str, ...], np.ndarray]:
    """The themes in alphabetical order, and float64 [rows, themes] what each moved, on the link scale."""
    themes = themes_of(contributions.names)
    distinct = tuple(sorted(set(themes)))
    moved = np.zeros((len(contributions.values), len(distinct)))
    for position, theme in enumerate(themes):
        moved[:, distinct.index(theme)] += contributions.values[:, position]
    return distinct, moved


def _theme(name: str) -> str:
    name = feature_behind(name)
    if name not in FEATURES:
        return THEME_OF_FACT.get(name, name)
    for beginning, theme in THEME_OF_BEGINNING.items():
        if name.startswith(beginning):
            return theme
    family = FEATURES[name].family
    return THEME_OF_FAMILY.get(family, family)
