"""What kind of order the first one was: from where, through which channel, of what, and with a discount or not.

It is known the moment a customer is. A text is its code, which is no quantity: models are taught an indicator for each
of the most common values in its place (see `examples.indicators`).
"""

from __future__ import annotations

import numpy as np

from foretell.features.first_order import begun_in_log
from foretell.features.registry import feature
from foretell.features.themes import CATEGORY, CHANNEL, COUNTRY, DISCOUNT
from foretell.timelines.as_of import AsOf
from foretell.words.reasons import FeatureWords


@feature(
    "first_order_country",
    unit="code",
    words=FeatureWords(
        COUNTRY, "from one country", "from another country", "first order came from {}", much="first order from {}"
    ),
)
def first_order_country(view: AsOf) -> np.ndarray:
    """Country of the first order that the log holds; null where the order or the source names none."""
    return _code(view.orders.first("country"))


@feature(
    "first_order_channel",
    unit="code",
    words=FeatureWords(
        CHANNEL,
        "through one channel",
        "through another channel",
        "first order came through {}",
        much="first order through {}",
    ),
)
def first_order_channel(view: AsOf) -> np.ndarray:
    """Channel of the first order that the log holds; null where the order or the source names none."""
    return _code(view.orders.first("channel"))


@feature(
    "first_order_category",
    unit="code",
    words=FeatureWords(
        CATEGORY, "began with one category", "began with another", "first order was of {}", much="first order of {}"
    ),
)
def first_order_category(view: AsOf) -> np.ndarray:
    """Category of the first line that the log holds; null where it names none."""
    return _code(view.lines.first("category_code"))


@feature(
    "first_order_discounted",
    unit="flag",
    words=FeatureWords(
        DISCOUNT,
        "began with a discount",
        "began at full price",
        "first order was discounted",
        "first order was at full price",
        is_own=True,
        much="something taken off the first order",
    ),
)
def first_order_discounted(view: AsOf) -> np.ndarray:
    """1 where something was taken off the first order, else 0; null where the source tells no discounts, or the log
    begins in mid-life."""
    off = _taken_off(view)
    return np.where(np.isnan(off), np.nan, off > 0)


@feature(
    "first_order_discount_share",
    unit="share",
    words=FeatureWords(
        DISCOUNT,
        "larger first discount",
        "smaller first discount",
        "first order was discounted by {}",
        verb="began with",
    ),
)
def first_order_discount_share(view: AsOf) -> np.ndarray:
    """Share of the first order's price that was taken off; null where the source tells no discounts, the order cost
    nothing without them, or the log begins in mid-life."""
    off = _taken_off(view)
    price = np.maximum(view.orders.first("amount"), 0) + off
    return np.divide(off, price, out=np.full(view.customers, np.nan), where=price > 0)


def _taken_off(view: AsOf) -> np.ndarray:
    off = view.orders.first("discount")
    return np.where(begun_in_log(view) & (off >= 0), off, np.nan)


def _code(code: np.ndarray) -> np.ndarray:
    return np.where(code > 0, code, np.nan)
