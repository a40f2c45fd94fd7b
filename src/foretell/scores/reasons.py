"""Reasons: what moved a customer's forecast most, in their own facts and units.

Contributions of correlated features are merged into themes (when, how often, how much, ...); a theme is
told by the facts it rests on. Reasons describe what the model saw; they are not causes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from foretell.examples.examples import Examples
from foretell.features import FEATURES
from foretell.models.contract import Contributions
from foretell.project.money import spoken

MOST_REASONS = 3
LEAST_SHARE = 0.1
THEME_OF_FAMILY = {
    "recency": "timing",
    "gaps": "timing",
    "frequency": "frequency",
    "money": "money",
    "refunds": "refunds",
    "basket": "basket",
    "products": "products",
    "calendar": "calendar",
    "first_order": "beginning",
}
THEME_OF_FACT = {
    "days_since_last": "timing",
    "own_rhythm": "rhythm",
    "purchase_days": "frequency",
    "lifetime_orders": "frequency",
    "trailing_orders": "frequency",
    "lifetime_spend": "money",
    "trailing_spend": "money",
    "repeat_value_mean": "money",
    "observed_days": "beginning",
    "first_to_last_days": "timing",
}
Value = Callable[[str], float]


def themes_of(names: tuple[str, ...]) -> list[str]:
    """The theme of each contribution, by the feature's family or the fact's meaning."""
    return [_theme(name) for name in names]


def _theme(name: str) -> str:
    if name in FEATURES:
        family = FEATURES[name].family
        return THEME_OF_FAMILY.get(family, family)
    return THEME_OF_FACT.get(name, name)


def reasons(contributions: Contributions, examples: Examples, currency: str) -> list[list[str]]:
    """At most three reasons a row, strongest first; a theme with under a tenth of the whole movement is left out.
    `examples` are the rows with all their features, also those from which the model did not learn."""
    themes = themes_of(contributions.names)
    distinct = sorted(set(themes))
    merged = np.zeros((len(examples), len(distinct)))
    for position, theme in enumerate(themes):
        merged[:, distinct.index(theme)] += contributions.values[:, position]
    strength = np.abs(merged)
    order = np.argsort(-strength, axis=1, kind="stable")[:, :MOST_REASONS]
    least = LEAST_SHARE * strength.sum(axis=1)
    feature_at = {name: position for position, name in enumerate(examples.feature_names)}
    told: list[list[str]] = []
    for row in range(len(examples)):

        def value(name: str, row: int = row) -> float:
            if name in feature_at:
                return float(examples.features[row, feature_at[name]])
            return float(examples.facts[name][row]) if name in examples.facts else float("nan")

        strong = [theme for theme in order[row] if strength[row, theme] >= max(least[row], 1e-12)]
        told.append([_said(distinct[theme], merged[row, theme], value, currency) for theme in strong])
    return told


def _said(theme: str, moved: float, value: Value, currency: str) -> str:
    return f"{'likelier' if moved > 0 else 'less likely'}: {sentence(theme, value, currency)}"


def sentence(theme: str, value: Value, currency: str) -> str:
    """A theme told by the customer's own facts."""
    told = SENTENCES.get(theme)
    return told(value, currency) if told else theme.replace("_", " ")


def _timing(value: Value, currency: str) -> str:
    since, gap = value("days_since_last"), value("gap_days_median")
    if np.isnan(gap):
        return (
            f"one order so far, {_days(since)} ago"
            if value("lifetime_orders") == 1
            else f"last order {_days(since)} ago"
        )
    return f"last order {_days(since)} ago, usually every {_days(gap)}"


def _frequency(value: Value, currency: str) -> str:
    recent, ever = value("orders_90d"), value("lifetime_orders")
    if np.isnan(recent):
        return f"{_counted(ever, 'order')} in all"
    return f"{_counted(recent, 'order')} in the last 90 days, {ever:,.0f} in all"


def _money(value: Value, currency: str) -> str:
    typical = value("order_value_mean_life")
    recent = value("spend_90d")
    if np.isnan(typical):
        return f"spent {spoken(value('lifetime_spend'), currency)} in all"
    if np.isnan(recent):
        return f"{spoken(typical, currency)} an order"
    return f"spent {spoken(recent, currency)} in the last 90 days, {spoken(typical, currency)} an order"


def _refunds(value: Value, currency: str) -> str:
    count, refunded = value("refunds_life"), value("refunded_life")
    if np.isnan(count) or np.isnan(refunded):
        return "what was given back"
    return "no refunds" if count == 0 else f"{_counted(count, 'refund')}, {spoken(refunded, currency)}"


def _basket(value: Value, currency: str) -> str:
    lines, pieces = value("lines_per_order_life"), value("pieces_per_order_life")
    if not np.isnan(lines) and lines > 1:
        return f"{lines:,.1f} lines an order"
    return f"{pieces:,.1f} pieces an order" if not np.isnan(pieces) else "the size of the orders"


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


def _beginning(value: Value, currency: str) -> str:
    age, first = value("age_days"), value("first_order_value")
    if np.isnan(age):
        return f"customer for at least {_days(value('observed_days'))}"
    if np.isnan(first):
        return f"customer for {_days(age)}"
    return f"customer for {_days(age)}, first order of {spoken(first, currency)}"


def _rhythm(value: Value, currency: str) -> str:
    return f"own rhythm: {_counted(value('purchase_days'), 'day')} with an order in {_days(value('observed_days'))}"


SENTENCES: dict[str, Callable[[Value, str], str]] = {
    "timing": _timing,
    "frequency": _frequency,
    "money": _money,
    "refunds": _refunds,
    "basket": _basket,
    "products": _products,
    "calendar": _calendar,
    "beginning": _beginning,
    "rhythm": _rhythm,
}


def _days(count: float) -> str:
    return "under a day" if count < 0.5 else _counted(round(count), "day")


def _counted(count: float, noun: str) -> str:
    return f"{count:,.0f} {noun}{'' if round(count) == 1 else 's'}"
