"""Features on orders, one family a file; importing this package fills the registry."""

from foretell.features import (
    basket,
    calendar,
    first_order,
    first_order_kind,
    frequency,
    gaps,
    money,
    products,
    recency,
    refunds,
)
from foretell.features.registry import FEATURES, Feature, feature, feature_matrix, features_of

__all__ = [
    "FEATURES",
    "Feature",
    "basket",
    "calendar",
    "feature",
    "feature_matrix",
    "features_of",
    "first_order",
    "first_order_kind",
    "frequency",
    "gaps",
    "money",
    "products",
    "recency",
    "refunds",
]
