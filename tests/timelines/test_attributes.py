"""Attributes of orders: null where the source has none, and codes that are those of their texts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.keyed_lines import WORDS
from foretell.customer_log.schema import ORDER_ATTRIBUTES
from foretell.customer_log.stable_keys import code_of
from foretell.project.fingerprints import keys_of
from foretell.timelines.attributes import (
    NO_DISCOUNTS,
    attributes_among,
    attributes_of_lines,
    attributes_of_orders,
    words_of,
)
from foretell.timelines.facts import Facts


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
