"""What came back: refunds, their number and their share."""

from __future__ import annotations

import numpy as np

from foretell.features.registry import feature
from foretell.features.themes import REFUNDS
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import AsOf
from foretell.words.reasons import FeatureWords


@feature(
    "refunds_{days}d",
    unit="refunds",
    over=(90, 365),
    words=FeatureWords(REFUNDS, "send back more often of late", "send back less often of late"),
)
def refunds(view: AsOf, days: int) -> np.ndarray:
    """Refunds in the last {days} days; 0 without one."""
    return view.adjustments.total("is_refund", since=days)


@feature(
    "refunds_life",
    unit="refunds",
    words=FeatureWords(
        REFUNDS,
        "send back more often",
        "send back less often",
        "{} so far",
        "nothing sent back so far",
        much="something given back so far",
    ),
)
def refunds_life(view: AsOf) -> np.ndarray:
    """Refunds ever; 0 without one."""
    return view.adjustments.total("is_refund")


@feature("refunded_life", unit="money", words=FeatureWords(REFUNDS, "more money given back", "less money given back"))
def refunded_life(view: AsOf) -> np.ndarray:
    """Money refunded, ever; 0 without a refund."""
    return view.adjustments.total("refunded") / UNITS_PER_ONE


@feature(
    "refunded_share_life",
    unit="share",
    words=FeatureWords(
        REFUNDS, "send back more", "send back less", "{} of what was bought sent back", "nothing sent back so far"
    ),
)
def refunded_share_life(view: AsOf) -> np.ndarray:
    """Money refunded over the amount of all orders, ever; null where the orders amount to nothing."""
    refunded, ordered = view.adjustments.total("refunded"), view.orders.total("amount")
    return np.divide(refunded, ordered, out=np.full(view.customers, np.nan), where=ordered > 0)
