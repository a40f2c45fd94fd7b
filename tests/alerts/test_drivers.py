"""Drivers: what the customers of an alert have in common."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.alerts.drivers import LEAST_SHARE, shared_drivers

REASONS = st.lists(
    st.tuples(st.lists(st.sampled_from(["last order 3 days ago", "last order 1,200.5 days ago", "new", "ÿ"])),
              st.booleans()),
    min_size=1, max_size=12,
)  # fmt: skip


def test_the_most_telling_reason_is_first() -> None:
    told = [["last order 40 days ago", "spent 10.50"], ["last order 90 days ago", "spent 9"], ["spent 3"], ["spent 1"]]
    drivers = shared_drivers(pa.chunked_array([told]), np.array([True, True, False, False]))
    assert [(one.reason, one.share, one.share_of_others) for one in drivers] == [("last order … days ago", 1.0, 0.0)]


def test_without_others_the_most_usual_counts() -> None:
    drivers = shared_drivers(pa.chunked_array([[["a 1"], ["a 2", "b"]]]), np.array([True, True]))
    assert [(one.reason, one.share, one.share_of_others) for one in drivers] == [("a …", 1.0, None), ("b", 0.5, None)]


@given(REASONS)
def test_shares_are_counted_once_a_customer(rows: list[tuple[list[str], bool]]) -> None:
    told, warned = pa.chunked_array([[row for row, _ in rows]], pa.list_(pa.string())), np.array([w for _, w in rows])
    plain = [{"last order … days ago" if "last" in reason else reason for reason in row} for row, _ in rows]
    for driver in shared_drivers(told, warned):
        inside = [driver.reason in row for row, hit in zip(plain, warned, strict=True) if hit]
        others = [driver.reason in row for row, hit in zip(plain, warned, strict=True) if not hit]
        assert driver.share == np.mean(inside)
        assert driver.share >= LEAST_SHARE
        assert driver.share_of_others == (np.mean(others) if others else None)
        assert not others or driver.share > np.mean(others)
