"""What moved a forecast is told by themes, and nothing is lost or counted twice on the way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.examples import FACTS
from foretell.features import FEATURES
from foretell.features.themes import COUNTRY, ORDER_HISTORY, PRODUCTS, THEMES, VALUE
from foretell.models.contract import Contributions
from foretell.models.learners.buy_till_you_die import OWN_RHYTHM
from foretell.models.themes import by_theme, themes_of


def test_features_indicators_and_facts_have_their_theme() -> None:
    names = [
        "orders_90d",
        "first_order_country: Germany",
        "repeat_product_share",
        OWN_RHYTHM,
        "repeat_value_mean",
        "own",
    ]
    assert themes_of(names) == [ORDER_HISTORY, COUNTRY, PRODUCTS, ORDER_HISTORY, VALUE, "own"]


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_has_a_theme_with_words(fact: str) -> None:
    assert themes_of([fact])[0] in THEMES


def test_features_of_one_theme_are_added_up() -> None:
    told = Contributions(
        0.5, ("repeat_product_share", "orders_90d", "spend_90d"), np.array([[1.0, 2.0, -3.0], [4.0, 5, 6]])
    )
    themes, moved = by_theme(told)
    assert themes == (ORDER_HISTORY, PRODUCTS)
    assert moved.tolist() == [[-1.0, 1.0], [11.0, 4.0]]


@given(st.lists(st.sampled_from([*FEATURES, *FACTS]), unique=True, max_size=12), st.integers(0, 4))
def test_themes_move_what_their_features_move(names: list[str], rows: int) -> None:
    values = np.arange(rows * len(names), dtype=np.float64).reshape(rows, len(names)) - 3
    themes, moved = by_theme(Contributions(0.0, tuple(names), values))
    assert list(themes) == sorted(set(themes_of(names)))
    assert moved.sum(axis=1).tolist() == values.sum(axis=1).tolist()
