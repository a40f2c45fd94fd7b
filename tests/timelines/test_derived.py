"""Columns that follow from facts: each customer's own, in the order of time, by the local clock."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.keyed_lines import WORDS
from foretell.customer_log.schema import ORDER_ATTRIBUTES
from foretell.customer_log.stable_keys import code_of
from foretell.project.fingerprints import keys_of
from foretell.timelines.derived import (
    LOG_UNITS,
    NO_DISCOUNTS,
    adjustment_columns,
    attributes_among,
    attributes_of_lines,
    attributes_of_orders,
    code_columns,
    order_columns,
    words_of,
)
from foretell.timelines.facts import Facts
from made_facts import CUSTOMERS, DAY, Row, facts_of

HOUR = DAY // 24


def orders(*customers: list[tuple[int, int]], timezone: str = "UTC") -> Facts:
    """Orders of (moment, amount in ten-thousandths)."""
    moments, amounts = (np.array([pair[i] for own in customers for pair in own], dtype=np.int64) for i in (0, 1))
    offsets = np.cumsum([0, *map(len, customers)])
    return Facts(offsets, {"happened_at": moments, "known_at": moments, "amount": amounts}, order_columns(timezone))


TWO = orders([(0, 10_000), (9 * HOUR, 20_000), (4 * DAY + 17 * HOUR, 0)], [], [(9 * DAY, -5)])


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("local_day", [0, 0, 4, 9]),
        ("new_day", [1, 0, 1, 1]),
        ("gap_days", [-1, -1, 4, -1]),
        ("day_gap_days", [-1, -1, 4, -1]),
        ("gap_seconds", [-1, 9 * 3600, 104 * 3600, -1]),
        ("has_gap", [0, 0, 1, 0]),
        ("gap_sum", [0, 0, 4, 0]),
        ("gap_square", [0, 0, 16, 0]),
        ("weekday", [4, 4, 1, 6]),
        ("weekend", [0, 0, 0, 1]),
        ("square_weekday", [1, 3, 1, 1]),
        ("hour", [0, 9, 17, 0]),
        ("evening", [0, 0, 1, 0]),
        ("timed", [0, 1, 1, 0]),
        ("free", [0, 0, 1, 0]),
        ("amount_first_day", [10_000, 20_000, 0, -5]),
        ("log_amount", [round(math.log(2) * LOG_UNITS), round(math.log(3) * LOG_UNITS), 0, 0]),
    ],
)
def test_columns_of_two_customers_and_one_without_orders(column: str, expected: list[int]) -> None:
    found = TWO.columns[column]
    assert found.tolist() == expected
    assert found.dtype == np.int64


def test_each_customer_begins_anew_on_whatever_day() -> None:
    found = orders([(0, 1)], [(HOUR, 2), (DAY, 3)], [(DAY, 4)]).columns
    assert found["new_day"].tolist() == [1, 1, 1, 1]
    assert found["gap_days"].tolist() == [-1, -1, 1, -1]
    assert found["amount_first_day"].tolist() == [1, 2, 0, 4]


def test_days_are_those_of_the_local_clock() -> None:
    late = [(23 * HOUR, 1), (25 * HOUR, 1)]
    assert orders(late).columns["gap_days"].tolist() == [-1, 1]
    assert orders(late, timezone="Asia/Tokyo").columns["gap_days"].tolist() == [-1, -1]
    assert orders(late, timezone="Asia/Tokyo").columns["hour"].tolist() == [8, 10]


@given(CUSTOMERS)
def test_squares_of_codes_add_up_to_squared_counts(customers: list[list[Row]]) -> None:
    facts = facts_of(customers)
    for start, end, own in zip(facts.offsets, facts.offsets[1:], customers, strict=False):
        products = [row.product for row in own]
        named = set(products) - {0}
        assert facts.columns["square_product"][start:end].sum() == sum(products.count(one) ** 2 for one in named)
        assert facts.columns["new_product"][start:end].sum() == len(named)
        assert facts.columns["has_product"][start:end].tolist() == [int(one != 0) for one in products]


def test_the_next_of_a_code_is_the_customers_own() -> None:
    facts = Facts(np.array([0, 3, 4]), {"page": np.array([8, 9, 8, 8])}, code_columns(["page"]))
    assert facts.columns["next_page"].tolist() == [2, 4, 4, 4]
    assert set(facts.derivations) == {"new_page", "has_page", "square_page", "next_page"}


def test_money_given_back_is_a_refund_and_a_late_line_is_not() -> None:
    facts = Facts(np.array([0, 3]), {"refunded": np.array([500, 0, 1])}, adjustment_columns())
    assert facts.columns["is_refund"].tolist() == [1, 0, 1]


@pytest.mark.parametrize("column", sorted(order_columns("UTC")))
def test_without_orders_every_column_is_empty(column: str) -> None:
    assert len(orders([], []).columns[column]) == 0


def test_a_source_without_attributes_has_null_codes_and_no_discounts() -> None:
    facts = Facts(np.array([0, 2, 2]), {}, attributes_of_orders())
    assert facts.columns["country"].tolist() == facts.columns["channel"].tolist() == [0, 0]
    assert facts.columns["discount"].tolist() == [NO_DISCOUNTS] * 2


def test_attributes_that_are_told_are_taken_as_they_are() -> None:
    facts = Facts(np.array([0, 1]), {"country": np.array([7]), "discount": np.array([0])}, attributes_of_orders())
    assert (facts.columns["country"].tolist(), facts.columns["discount"].tolist()) == ([7], [0])
    assert facts.columns["channel"].tolist() == [0]


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5))
def test_the_code_of_a_category_is_that_of_its_text_and_fits_a_float(texts: list[str]) -> None:
    keys = np.append(keys_of(texts).view(np.int64), 0)
    facts = Facts(np.array([0, len(keys)]), {"category": keys}, attributes_of_lines())
    codes = facts.columns["category_code"]
    assert codes.tolist() == [*map(code_of, texts), 0]
    assert codes.astype(np.float64).astype(np.int64).tolist() == codes.tolist()


@given(st.permutations([*ORDER_ATTRIBUTES.names, "amount", "customer_id"]), st.integers(0, 5))
def test_attributes_come_in_one_order_whatever_that_of_the_columns(names: list[str], some: int) -> None:
    found = attributes_among(names[:some])
    assert set(found) == set(names[:some]) & set(ORDER_ATTRIBUTES.names)
    assert found == [name for name in ORDER_ATTRIBUTES.names if name in found]


def test_words_of_several_loads_are_one() -> None:
    first = pa.Table.from_pydict(dict(zip(WORDS.names, ([1, 2], ["web", "shop"]), strict=True)), schema=WORDS)
    second = pa.Table.from_pydict(dict(zip(WORDS.names, ([2, 3], ["shop", "app"]), strict=True)), schema=WORDS)
    assert words_of([first, second]) == {1: "web", 2: "shop", 3: "app"}
    assert words_of([]) == {}
