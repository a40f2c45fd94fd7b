"""Drivers: what the customers of an alert have in common."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.alerts.drivers import LEAST_SHARE, Driver, shared_drivers

KIND = pa.list_(pa.struct([("way", pa.int8()), ("theme", pa.string()), ("told", pa.string())]))
Kinds = list[tuple[int, str]]
REASONS = st.lists(
    st.tuples(st.lists(st.tuples(st.sampled_from((1, -1)), st.sampled_from(("orders", "value", "ÿ")))), st.booleans()),
    min_size=1,
    max_size=12,
)


def reasons(rows: list[Kinds]) -> pa.ChunkedArray:
    """A list of reasons for each customer, of which the words differ though their way and theme do not."""
    told = [[{"way": way, "theme": theme, "told": f"{place}"} for way, theme in row] for place, row in enumerate(rows)]
    return pa.chunked_array([pa.array(told, KIND)])


def test_the_most_telling_reason_is_first() -> None:
    told: list[Kinds] = [[(-1, "orders"), (1, "value")], [(-1, "orders"), (1, "value")], [(1, "value")], [(1, "value")]]
    found = shared_drivers(reasons(told), np.array([True, True, False, False]))
    assert found == (Driver(-1, "orders", 1.0, 0.0),)


def test_without_others_the_most_usual_counts() -> None:
    found = shared_drivers(reasons([[(1, "orders")], [(1, "orders"), (-1, "orders")]]), np.array([True, True]))
    assert found == (Driver(1, "orders", 1.0, None), Driver(-1, "orders", 0.5, None))


def test_nobody_warned_and_nobody_told_have_nothing_in_common() -> None:
    assert shared_drivers(reasons([[(1, "orders")]]), np.array([False])) == ()
    assert shared_drivers(reasons([[], []]), np.array([True, False])) == ()


@given(REASONS)
def test_shares_are_counted_once_a_customer(rows: list[tuple[Kinds, bool]]) -> None:
    warned = np.array([hit for _, hit in rows])
    for driver in shared_drivers(reasons([row for row, _ in rows]), warned):
        inside = [(driver.way, driver.theme) in row for row, hit in rows if hit]
        others = [(driver.way, driver.theme) in row for row, hit in rows if not hit]
        assert driver.share == np.mean(inside)
        assert driver.share >= LEAST_SHARE
        assert driver.share_of_others == (np.mean(others) if others else None)
        assert not others or driver.share > np.mean(others)
