"""What the values of a column say: shares of dates and numbers, and which roles they could play."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.roles.column_facts import (
    ONE_CUSTOMER,
    ColumnFacts,
    facts_of,
    is_product_of,
    is_repeated_within,
)
from foretell.customer_log.roles.column_names import ROLE_NAMES
from foretell.project.intervals import parse_day

NOW = parse_day("2026-01-01", "UTC")
VALUES = st.lists(st.none() | st.sampled_from(("", "7", "7.5", "2024-01-02", "refund", "web", "10%")), max_size=8)


def facts(values: object, kind: pa.DataType | None = None) -> ColumnFacts:
    return facts_of(pa.table({"a": pa.chunked_array([pa.array(values, kind)])}), "UTC", NOW)["a"]


@settings(max_examples=30)
@given(VALUES)
def test_shares_are_shares_and_fits_are_fits(values: list[str | None]) -> None:
    found = facts(values, pa.string())
    filled = [value for value in values if value]
    assert found.filled == (len(filled) / len(values) if values else 0)
    assert found.values == len(set(filled))
    told = (found.distinct, found.dates, found.numbers, found.whole, found.percents, found.placeholders)
    assert all(0 <= share <= 1 for share in told)
    if filled:
        assert found.numbers == pytest.approx(sum(value in ("7", "7.5") for value in filled) / len(filled))
        assert found.dates == pytest.approx(filled.count("2024-01-02") / len(filled))
        assert found.whole <= found.numbers
    assert found.refund_words == ("refund" in filled)
    for role in ROLE_NAMES:
        assert 0 <= found.fit(role) <= (1 if filled else 0)
        assert found.said(role) == "" or found.said(role).startswith(", and ")


def test_values_that_a_role_cannot_have_do_not_fit_it() -> None:
    dates, numbers, words = facts(["2024-01-02", "2024-02-03"]), facts(["1.5", "2.25"]), facts(["web", "shop"])
    assert [dates.fit(role) for role in ("time", "amount", "customer", "channel")] == [1, 0, 0, 0]
    assert [numbers.fit(role) for role in ("time", "amount", "customer", "product", "currency")] == [0, 1, 0, 0, 0]
    assert [words.fit(role) for role in ("time", "amount", "customer", "channel", "discount")] == [0, 0, 1, 1, 0]
    assert numbers.fractions
    assert not words.fractions


def test_one_value_all_over_is_a_customer_only_by_its_name() -> None:
    assert facts(["17850"] * 11).fit("customer") == ONE_CUSTOMER
    assert facts(["17850"] * 10).fit("customer") == 1.0
    assert facts(["1", "0", "1"]).fit("refund") == 1.0
    assert facts(["a", "b", "c"]).fit("refund") == 0.0


def test_the_decimal_sign_is_told_by_the_column() -> None:
    assert facts(["1.234,50", "7,25"]).figures.tolist() == [1234.5, 7.25]
    assert facts(["1,234.50", "7.25", "x"]).figures[:2].tolist() == [1234.5, 7.25]
    assert np.isnan(facts([date(2024, 1, 2)]).figures).all()


def test_two_columns_differ_where_a_row_does() -> None:
    one = facts(["1", "2", "x"])
    assert not one.differs(facts(["1.0", "2.00", "y"]))
    assert one.differs(facts(["1", "3", "x"]))
    assert facts(["a", "b"]).differs(facts(["a", "a"]))
    assert one.differs(one)


def test_an_amount_is_repeated_where_orders_of_several_lines_show_one() -> None:
    orders = facts([f"A{line // 2}" for line in range(10)])
    totals = facts([str(9.5 + line // 2) for line in range(10)])
    lines = facts([str(9.5 + line) for line in range(10)])
    assert is_repeated_within(totals, orders)
    assert not is_repeated_within(lines, orders)
    assert not is_repeated_within(totals, facts([f"A{line}" for line in range(10)]))


def test_an_amount_may_be_quantity_times_price() -> None:
    quantity, price = facts(["2", "3"]), facts(["1.25", "9.99"])
    assert is_product_of(facts(["2.5", "29.97"]), quantity, price)
    assert is_product_of(facts(["2.51", "29.96"]), quantity, price)
    assert not is_product_of(facts(["1.25", "9.99"]), quantity, price)
    assert not is_product_of(facts(["x", "y"]), quantity, price)
