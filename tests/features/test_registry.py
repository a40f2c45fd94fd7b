"""The registry: features by name, family and unit, each with its meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from foretell.features import FEATURES, feature, feature_matrix
from foretell.timelines.as_of import AsOf, Past, Population
from foretell.timelines.facts import Facts


@pytest.fixture
def view() -> AsOf:
    """Three customers of whom the second never ordered."""
    moments = np.array([5, 6, 9]) * 86_400_000_000
    facts = Facts(np.array([0, 2, 2, 3]), {"happened_at": moments, "known_at": moments, "amount": np.array([1, 2, 3])})
    past = Past(facts, int(moments[2]) + 1, {})
    return AsOf(int(moments[2]) + 1, Population(0, np.nan, np.nan), past, past, past)


@pytest.fixture
def restored_registry() -> Iterator[None]:
    before = dict(FEATURES)
    yield
    FEATURES.clear()
    FEATURES.update(before)


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_says_what_it_means(name: str) -> None:
    known = FEATURES[name]
    assert known.name == name
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert known.unit
    assert len(known.meaning) > 10
    assert "{" not in known.meaning
    assert known.meaning.endswith(".") or ":" in known.meaning
    if days := re.search(r"_(\d+)d$", name):
        assert days[1] in known.meaning


@pytest.mark.usefixtures("restored_registry")
def test_a_windowed_feature_is_one_for_each_window(view: AsOf) -> None:
    @feature("amount_within_{days}d", unit="money", over=(1, 4))
    def amount_within(view: AsOf, days: int) -> np.ndarray:
        """Amount in the last {days} days."""
        return view.orders.total("amount", since=days)

    assert FEATURES["amount_within_4d"].meaning == "Amount in the last 4 days."
    found = feature_matrix(view, ["amount_within_4d", "amount_within_1d", "orders_life"])
    np.testing.assert_array_equal(found, [[2, 0, 2], [0, 0, 0], [3, 3, 1]])
    assert found.dtype == np.float64


@pytest.mark.usefixtures("restored_registry")
def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="orders_life is registered twice"):
        feature("orders_life", unit="orders")(lambda view: view.orders.count())


def test_no_names_give_no_columns(view: AsOf) -> None:
    assert feature_matrix(view, []).shape == (3, 0)
