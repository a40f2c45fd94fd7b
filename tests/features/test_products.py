"""How broad a customer buys: products and categories that lines name, null for who never bought a named one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.features import FEATURES
from made_views import bought, told

LINES = (
    bought(5, product="p", category="k"),
    bought(50, product="p", category="k"),
    bought(50, product="q", category="k"),
    bought(60, product="r", category="m"),
    bought(70),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("products_life", 3.0),
        ("products_90d", 3.0),
        ("new_products_90d", 2.0),
        ("product_concentration", (4 + 1 + 1) / 16),
        ("repeat_product_share", 1 / 4),
        ("categories_life", 2.0),
        ("categories_90d", 2.0),
        ("category_concentration", (9 + 1) / 16),
    ],
)
def test_three_products_of_two_categories_are_told(name: str, expected: float) -> None:
    assert told(name, LINES)["a"] == pytest.approx(expected)


@pytest.mark.parametrize("name", [name for name, feature in FEATURES.items() if feature.family == "products"])
def test_lines_that_name_nothing_tell_nothing(name: str) -> None:
    found = told(name, [bought(50), bought(50, customer="b", product="p", category="k")])
    assert math.isnan(found["a"])
    assert math.isfinite(found["b"])


def test_who_bought_something_long_ago_bought_nothing_of_late() -> None:
    assert told("products_90d", [bought(5, product="p")])["a"] == 0.0


def test_the_line_of_a_refund_names_what_the_customer_had() -> None:
    assert told("products_life", [bought(5, product="p"), bought(6, -1, product="q")])["a"] == 2.0


@settings(max_examples=30)
@given(st.lists(st.sampled_from("pqrs"), min_size=1, max_size=8))
def test_concentration_is_the_sum_of_squared_shares(products: list[str]) -> None:
    lines = [bought(day, product=product) for day, product in enumerate(products)]
    shares = [products.count(product) / len(products) for product in set(products)]
    assert told("product_concentration", lines)["a"] == pytest.approx(sum(share**2 for share in shares))
    assert told("repeat_product_share", lines)["a"] == pytest.approx(1 - len(shares) / len(products))
