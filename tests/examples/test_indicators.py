"""Indicators: which values of a code are worth a column, told by the rows that teach; and what the column holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.stable_keys import code_of
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples, stacked
from foretell.examples.indicators import FEWEST_CUSTOMERS, MOST_VALUES, feature_behind, indicator_names

FEATURE = "first_order_country"


def codes_of(texts: Sequence[str | None]) -> np.ndarray:
    return np.array([np.nan if text is None else code_of(text) for text in texts], dtype=float)


def examples_of(*cutoffs: Sequence[str | None]) -> Examples:
    """Rows of customers with a country at each cutoff, and their age."""
    texts = [text for own in cutoffs for text in own]
    cutoff = np.repeat(np.arange(len(cutoffs)), [len(own) for own in cutoffs])
    key = np.concatenate([np.arange(len(own)) for own in cutoffs])
    rows = len(texts)
    features = np.column_stack([codes_of(texts), np.arange(rows)])
    words = {code_of(text): text for text in texts if text}
    everybody = {"all": np.ones(rows, dtype=bool)}
    return Examples(30, key, cutoff, (FEATURE, "age_days"), features, {}, {}, everybody, words)


def test_common_values_become_indicators_the_most_common_first() -> None:
    texts = ["Peru"] * 90 + ["Chad"] * 120 + ["Mali"] * (FEWEST_CUSTOMERS - 1) + [None] * 5
    names = telling(examples_of(texts, texts))
    assert names == ("age_days", f"{FEATURE}: Chad", f"{FEATURE}: Peru")


def test_a_value_that_comes_up_later_tells_the_date() -> None:
    names = telling(examples_of(["Chad"] * 100 + [None], ["Chad"] * 100 + ["Peru"] * 100))
    assert names == ("age_days", f"{FEATURE}: Chad")


@pytest.mark.parametrize("texts", [["Chad"] * 100, [None] * 100, [f"Land {n}" for n in range(100)]])
def test_what_tells_nobody_apart_is_left_out(texts: list[str | None]) -> None:
    assert telling(examples_of(texts)) == ("age_days",)


def test_thousands_of_values_become_a_few_columns() -> None:
    texts = [f"Land {n % 2_000}" for n in range(4_000)] + [f"Isle {n % 20}" for n in range(2_000)]
    names = telling(examples_of(texts))
    assert len(names) == 1 + MOST_VALUES
    assert all(name.startswith(f"{FEATURE}: Isle") for name in names[1:])


@given(st.lists(st.sampled_from([None, "Peru", "Chad", "Mali: Nord"]), min_size=1, max_size=40))
def test_an_indicator_holds_where_the_value_is(texts: list[str | None]) -> None:
    examples = examples_of(texts)
    names = ("age_days", f"{FEATURE}: Mali: Nord", f"{FEATURE}: Nowhere")
    made = examples.with_features(names)
    assert made.feature_names == names
    for text, (age, mali, nowhere), row in zip(texts, made.features, range(len(texts)), strict=True):
        assert age == row
        assert np.isnan(mali) and np.isnan(nowhere) if text is None else (mali, nowhere) == (text == "Mali: Nord", 0)
    again = made.with_features(names[1:])
    np.testing.assert_array_equal(again.features, made.features[:, 1:])
    assert {feature_behind(name) for name in names} == {"age_days", FEATURE}


def test_the_words_of_batches_come_together() -> None:
    whole = stacked([examples_of(["Peru"]), examples_of(["Chad"])])
    assert whole.words == {code_of("Peru"): "Peru", code_of("Chad"): "Chad"}


def test_a_value_without_a_word_gets_no_column() -> None:
    codes = codes_of(["Peru"] * 100 + ["Chad"] * 100)
    assert indicator_names(FEATURE, codes, np.zeros(200), {code_of("Chad"): "Chad"}) == (f"{FEATURE}: Chad",)
