"""Features, one family a file, those of other tables than orders in `tables`; importing this package fills the
registry."""

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
    tables,
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
    "tables",
]
