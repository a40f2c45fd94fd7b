"""Customers by bin: every customer in one bin, and the same however the log is cut into batches."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foretell.outcomes.monitoring.populations import counts_of, edges_of, watched_features
from shops.watched_shop import FEATURES, WatchedShop

VALUES = arrays(np.float64, st.integers(2, 60), elements=st.one_of(st.floats(-9, 9), st.just(float("nan"))))


@settings(max_examples=50)
@given(VALUES)
def test_every_customer_is_in_one_bin(values: np.ndarray) -> None:
    edges = edges_of(values)
    counts = counts_of({"one": values}, {"one": edges})["one"]
    assert counts.sum() == len(values)
    assert counts[-1] == np.isnan(values).sum()
    for at, edge in enumerate(edges):
        assert counts[: at + 1].sum() == (values <= edge).sum()


def test_what_is_the_same_for_all_has_no_bins() -> None:
    assert edges_of(np.array([3.0, 3.0, np.nan])) == ()
    assert edges_of(np.array([np.nan])) == ()


def test_codes_are_no_quantities() -> None:
    assert watched_features(("orders_90d", "first_order_channel", "nothing")) == ("orders_90d",)


def test_every_week_counts_all_customers_of_its_day(quiet: WatchedShop) -> None:
    for counts in quiet.populations.values():
        assert set(counts) == set(FEATURES)
        assert len({int(bins.sum()) for bins in counts.values()}) == 1
    sizes = [int(quiet.populations[day]["orders_90d"].sum()) for day in sorted(quiet.populations)]
    assert sizes == sorted(sizes)
