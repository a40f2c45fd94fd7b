"""Themes: what reasons are told by, since correlated features share a contribution among them almost at will.

Taught on two halves of the customers of CDNOW, the blend laid the same forecast to recency in one and to frequency in
the other for 4 customers in 5. So when, how often, how long and for how much a customer ordered is one theme, their
order history; what an order holds is another.
"""

from __future__ import annotations

ORDER_HISTORY = "orders"
VALUE, PRODUCTS, CALENDAR, REFUNDS = "value", "products", "calendar", "refunds"
COUNTRY, CHANNEL, CATEGORY, DISCOUNT = "country", "channel", "category", "discount"
THEMES = {
    ORDER_HISTORY: "when, how often and for how much they order",
    VALUE: "what an order holds",
    PRODUCTS: "the range of products",
    CALENDAR: "the days and hours on which orders come",
    REFUNDS: "what is given back",
    COUNTRY: "where the first order came from",
    CHANNEL: "the channel of the first order",
    CATEGORY: "what the first order was of",
    DISCOUNT: "a discount on the first order",
}
"""What each theme is about, in words that follow "because of"."""


def declared_theme(theme: str, about: str) -> str:
    """A theme that a family of features brings, with the words that follow "because of"; ValueError where another one
    has that name."""
    if THEMES.setdefault(theme, about) != about:
        raise ValueError(f"the theme {theme} is declared twice")
    return theme


def theme_in_words(theme: str) -> str:
    """A theme as people say it; one that is not known by its name."""
    return THEMES.get(theme, theme.replace("_", " "))
