"""Examples are taken, chosen and stacked without a row or a column losing its place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.stable_keys import code_of
from foretell.examples.examples import Examples, stacked

Row = tuple[int, int]


def made(rows: list[Row], words: dict[int, str] | None = None) -> Examples:
    """Examples of (cutoff, key) whose columns all say 10 times the cutoff plus the key."""
    cutoff, key = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    told = 10.0 * cutoff + key
    features = np.column_stack([told, -told])
    shown = {"fact": told}, {"ordered": told}, {"all": told > 20}
    return Examples(30, key.astype(np.uint64), cutoff, ("up", "down"), features, *shown, words or {})


def rows_of(examples: Examples) -> list[Row]:
    """The rows, after a look at whether every column still says so."""
    told = 10.0 * examples.cutoff + examples.customer_key.astype(np.int64)
    for column in (examples.feature("up"), -examples.feature("down"), examples.facts["fact"]):
        assert column.tolist() == told.tolist()
    assert examples.labels["ordered"].tolist() == told.tolist()
    assert examples.eligible["all"].tolist() == (told > 20).tolist()
    return list(zip(examples.cutoff.tolist(), examples.customer_key.tolist(), strict=True))


PARTS = st.lists(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 9))).map(list), min_size=1, max_size=4)


@given(PARTS)
def test_parts_stack_by_cutoff_and_key(parts: list[list[Row]]) -> None:
    whole = stacked([made(part) for part in parts])
    assert rows_of(whole) == sorted(row for part in parts for row in part)
    assert len(whole) == sum(map(len, parts))


@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 9))).map(sorted), st.integers(0, 50))
def test_at_most_so_many_rows_are_whole_customers_by_key(rows: list[Row], most: int) -> None:
    kept = rows_of(made(rows).at_most(most))
    keys = {key for _, key in kept}
    assert len(kept) <= most
    assert kept == [row for row in rows if row[1] in keys]
    left = sorted({key for _, key in rows} - keys)
    assert not left or (max(keys, default=-1) < left[0] and sum(key <= left[0] for _, key in rows) > most)


def test_words_of_all_parts_are_kept() -> None:
    assert stacked([made([], {1: "a"}), made([(1, 1)], {2: "b"}), made([], {1: "a"})]).words == {1: "a", 2: "b"}


@given(st.lists(st.integers(0, 4), max_size=8))
def test_rows_are_taken_in_the_order_that_is_asked(places: list[int]) -> None:
    rows = [(1, 3), (1, 4), (2, 3), (2, 9), (3, 0)]
    assert rows_of(made(rows).take(np.array(places, dtype=np.int64))) == [rows[place] for place in places]


def test_a_mask_takes_the_rows_where_it_is_true() -> None:
    assert rows_of(made([(1, 3), (1, 4), (2, 3)]).take(np.array([True, False, True]))) == [(1, 3), (2, 3)]


def test_features_are_chosen_by_name_and_the_rest_stays() -> None:
    examples = made([(1, 3), (2, 4)])
    turned = examples.with_features(["down", "up"])
    assert turned.features.tolist() == [[-13, 13], [-24, 24]]
    assert turned.features.flags.c_contiguous
    assert rows_of(turned) == rows_of(examples)
    assert examples.with_features(["up", "down"]) is examples
    assert examples.with_features([]).features.shape == (2, 0)


def test_an_indicator_is_made_of_the_feature_behind_it() -> None:
    codes = np.array([code_of("Peru"), np.nan, code_of("Chile")])
    examples = replace(made([(1, 1), (1, 2), (1, 3)]), feature_names=("country",), features=codes[:, None])
    found = examples.with_features(["country: Chile", "country", "country: Peru"])
    np.testing.assert_array_equal(found.feature("country: Chile"), [0, np.nan, 1])
    np.testing.assert_array_equal(found.feature("country"), codes)
    np.testing.assert_array_equal(found.feature("country: Peru"), [1, np.nan, 0])


def test_a_feature_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        made([(1, 1)]).with_features(["sideways"])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9))).map(sorted))
def test_who_stands_for_others_counts_once_among_the_judged(rows: list[Row]) -> None:
    assert rows_of(made(rows).each_once()) == sorted(set(rows))
