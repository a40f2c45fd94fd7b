"""What is in an order: its lines and pieces, and what a piece costs."""

from __future__ import annotations

import numpy as np

from foretell.features.registry import feature
from foretell.features.themes import VALUE
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import AsOf, ratio
from foretell.words.reasons import FeatureWords

UNITS_PER_PIECE = 1_000


@feature(
    "lines_per_order_life",
    unit="lines",
    words=FeatureWords(
        VALUE, "more lines an order", "fewer lines an order", "{} an order", much="{} or more lines an order so far"
    ),
)
def lines_per_order_life(view: AsOf) -> np.ndarray:
    """Mean lines of an order, ever."""
    return ratio(view.orders.total("lines"), view.orders.count())


@feature(
    "lines_per_order_{days}d",
    unit="lines",
    over=(90, 365),
    words=FeatureWords(VALUE, "more lines an order", "fewer lines an order"),
)
def lines_per_order(view: AsOf, days: int) -> np.ndarray:
    """Mean lines of an order in the last {days} days; null without one."""
    return ratio(view.orders.total("lines", since=days), view.orders.count(since=days))


@feature(
    "lines_last_order",
    unit="lines",
    words=FeatureWords(VALUE, "more lines in the last order", "fewer lines in the last order"),
)
def lines_last_order(view: AsOf) -> np.ndarray:
    """Lines of the last order."""
    return view.orders.last("lines")


@feature(
    "pieces_per_order_life",
    unit="pieces",
    words=FeatureWords(VALUE, "more pieces an order", "fewer pieces an order", "{} an order"),
)
def pieces_per_order_life(view: AsOf) -> np.ndarray:
    """Mean pieces of an order, ever (a line without a quantity is one piece)."""
    return ratio(view.orders.total("units"), view.orders.count()) / UNITS_PER_PIECE


@feature(
    "pieces_last_order",
    unit="pieces",
    words=FeatureWords(VALUE, "more pieces in the last order", "fewer pieces in the last order"),
)
def pieces_last_order(view: AsOf) -> np.ndarray:
    """Pieces of the last order."""
    return view.orders.last("units") / UNITS_PER_PIECE


@feature(
    "price_per_piece_life",
    unit="money",
    words=FeatureWords(VALUE, "dearer goods", "cheaper goods", "{} a piece", verb="pay"),
)
def price_per_piece_life(view: AsOf) -> np.ndarray:
    """Amount of all orders over their pieces; null without pieces."""
    return ratio(view.orders.total("amount") / UNITS_PER_ONE, view.orders.total("units") / UNITS_PER_PIECE)
