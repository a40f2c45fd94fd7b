"""How broad: products and categories bought, how concentrated, how often the same again. Null where the
source names none. The lines of refunds count too: they name what the customer had."""

from __future__ import annotations

import numpy as np

from foretell.features.registry import feature
from foretell.features.themes import ORDER_HISTORY, PRODUCTS
from foretell.timelines.as_of import AsOf, ratio
from foretell.words.reasons import FeatureWords


@feature(
    "products_life",
    unit="products",
    words=FeatureWords(
        ORDER_HISTORY,
        "more different products",
        "fewer different products",
        much="{} or more different products so far",
    ),
)
def products_life(view: AsOf) -> np.ndarray:
    """Distinct products ever; null where no line names one."""
    return _named(view, "product", view.lines.distinct("product"))


@feature(
    "products_{days}d",
    unit="products",
    over=(90, 365),
    words=FeatureWords(ORDER_HISTORY, "more different products of late", "fewer different products of late"),
)
def products(view: AsOf, days: int) -> np.ndarray:
    """Distinct products in the last {days} days; null where no line ever named one."""
    return _named(view, "product", view.lines.distinct("product", since=days))


@feature(
    "new_products_{days}d",
    unit="products",
    over=(90,),
    words=FeatureWords(ORDER_HISTORY, "more products new to them", "fewer products new to them"),
)
def new_products(view: AsOf, days: int) -> np.ndarray:
    """Products bought for the first time in the last {days} days; null where no line ever named one."""
    return _named(view, "product", view.lines.total("new_product", since=days))


@feature(
    "product_concentration",
    unit="share",
    words=FeatureWords(PRODUCTS, "more of the same product", "more different products an order"),
)
def product_concentration(view: AsOf) -> np.ndarray:
    """Sum of squared shares of lines by product (Herfindahl): 1 when always the same; null without products."""
    return _concentration(view, "product")


@feature(
    "repeat_product_share",
    unit="share",
    words=FeatureWords(
        PRODUCTS,
        "buy the same again",
        "buy other things each time",
        "{} of lines bought before",
        "never bought the same twice",
    ),
)
def repeat_product_share(view: AsOf) -> np.ndarray:
    """Share of lines whose product the customer had bought before; null without products."""
    return 1 - ratio(view.lines.total("new_product"), view.lines.total("has_product"))


@feature(
    "categories_life",
    unit="categories",
    words=FeatureWords(ORDER_HISTORY, "more categories", "fewer categories", much="{} or more categories so far"),
)
def categories_life(view: AsOf) -> np.ndarray:
    """Distinct categories ever; null where no line names one."""
    return _named(view, "category", view.lines.distinct("category"))


@feature(
    "categories_{days}d",
    unit="categories",
    over=(90, 365),
    words=FeatureWords(ORDER_HISTORY, "more categories of late", "fewer categories of late"),
)
def categories(view: AsOf, days: int) -> np.ndarray:
    """Distinct categories in the last {days} days; null where no line ever named one."""
    return _named(view, "category", view.lines.distinct("category", since=days))


@feature(
    "category_concentration",
    unit="share",
    words=FeatureWords(PRODUCTS, "keep to one category", "buy across categories"),
)
def category_concentration(view: AsOf) -> np.ndarray:
    """Sum of squared shares of lines by category (Herfindahl); null without categories."""
    return _concentration(view, "category")


def _named(view: AsOf, column: str, values: np.ndarray) -> np.ndarray:
    return np.where(view.lines.total(f"has_{column}") > 0, values, np.nan)


def _concentration(view: AsOf, column: str) -> np.ndarray:
    lines = view.lines.total(f"has_{column}")
    return ratio(view.lines.total(f"square_{column}"), lines * lines)
