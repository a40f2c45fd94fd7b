"""What may be named: all that a customer bought before, whatever few others did, and what is common and new."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.forecasts.next_categories.candidates import (
    AGAIN,
    BASELINES,
    EITHER,
    NEW,
    OURS,
    OURS_OF,
    OWN_FIRST,
    SIDES,
    Candidates,
    candidates,
    contenders,
)
from foretell.forecasts.next_categories.counts import CategoryCounts
from foretell.forecasts.next_categories.history import CategoryHistory, Vocabulary, buyers, category_history
from foretell.forecasts.next_categories.model import CategoryModel, Lifts, PairModel, repeat_terms
from foretell.project.intervals import days
from made_baskets import BEGIN, DAYS, basket_lines, batches

H, COMMON = 30, 10
CUTOFF = BEGIN + days(DAYS - H)
BATCH = batches(basket_lines(90))[0]
EVERY = [(side, name) for side in SIDES for name in (*OURS_OF[side], *BASELINES[side])]


@pytest.fixture(scope="module")
def model() -> CategoryModel:
    """A model that gives every pair of a side the same chance; ten of the categories are common."""
    whole = buyers(BATCH, CUTOFF).vocabulary()
    vocabulary = Vocabulary(whole.kind, whole.keys, COMMON)
    before = category_history(BATCH, CUTOFF - days(H), H, vocabulary)
    counts = CategoryCounts.of(before, COMMON)
    repeat, new = len(repeat_terms(before, counts, H)), len(Lifts.of(counts).terms(before.among(COMMON)))
    return CategoryModel(vocabulary, H, counts, PairModel(0.0, np.zeros(repeat)), PairModel(0.0, np.zeros(new)))


@pytest.fixture(scope="module")
def history(model: CategoryModel) -> CategoryHistory:
    return category_history(BATCH, CUTOFF, H, model.vocabulary)


def set_out(ranked: Candidates, history: CategoryHistory) -> np.ndarray:
    """float64 [customers, categories]: the scores, -inf where a category is no candidate."""
    score = np.full(history.then.shape, -np.inf)
    score[ranked.row, ranked.column] = ranked.score
    assert len(ranked) == np.isfinite(score).sum(), "no candidate comes twice"
    return score


@pytest.mark.parametrize(("side", "contender"), EVERY)
def test_own_history_is_never_cut_and_what_is_new_is_common(
    side: str, contender: str, model: CategoryModel, history: CategoryHistory
) -> None:
    owned = history.by_category(np.ones(len(history.row))).toarray() > 0
    assert owned[:, COMMON:].any()
    new = ~owned & (np.arange(owned.shape[1]) < COMMON)
    expected = {EITHER: owned | new, AGAIN: owned, NEW: new}[side]
    np.testing.assert_array_equal(np.isfinite(set_out(candidates(model, history, side, contender), history)), expected)


def test_the_rules_of_thumb_rank_as_they_are_called(model: CategoryModel, history: CategoryHistory) -> None:
    frequent, recent, popular = (candidates(model, history, AGAIN, name).score for name in BASELINES[AGAIN])
    for own, first, then in (
        (frequent, history.times, -history.days_since_last),
        (recent, -history.days_since_last, history.times),
    ):
        order = np.lexsort((then, first))
        assert (np.diff(own[order]) >= 0).all()
    np.testing.assert_array_equal(popular, model.counts.popularity[history.column])
    often = candidates(model, history, NEW, "most often first")
    assert set(often.score) <= set(model.counts.first_rate)


@pytest.mark.parametrize("contender", OWN_FIRST)
def test_own_history_comes_first(contender: str, model: CategoryModel, history: CategoryHistory) -> None:
    score = set_out(candidates(model, history, EITHER, contender), history)
    owned = history.by_category(np.ones(len(history.row))).toarray() > 0
    least_own = np.where(owned, score, np.inf).min(axis=1)
    best_new = np.where(owned, -np.inf, score).max(axis=1)
    assert (least_own > best_new).all()


@pytest.mark.parametrize(("side", "contender"), EVERY)
def test_the_first_new_ones_are_enough_to_name_three(
    side: str, contender: str, model: CategoryModel, history: CategoryHistory
) -> None:
    whole, few = (candidates(model, history, side, contender, most) for most in (None, 3))
    np.testing.assert_array_equal(few.first(len(history), 3), whole.first(len(history), 3))


def test_who_cannot_be_asked_is_not(model: CategoryModel) -> None:
    assert contenders(model, NEW) == (OURS, *BASELINES[NEW])
    no_new, no_repeat = replace(model, new=None), replace(model, repeat=None)
    assert [bool(contenders(no_new, side)) for side in SIDES] == [False, True, False]
    assert [bool(contenders(no_repeat, side)) for side in SIDES] == [False, False, True]


PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(0, 3)), unique_by=lambda one: one[:2])


@given(PAIRS, st.integers(1, 4))
def test_the_first_are_those_that_plain_sorting_puts_first(pairs: list[tuple[int, int, int]], shown: int) -> None:
    row, column, score = (np.array([pair[place] for pair in pairs], dtype=int) for place in range(3))
    found = Candidates(row, column, score.astype(float)).first(5, shown)
    for customer in range(5):
        own = sorted((-points, what) for who, what, points in pairs if who == customer)
        expected = [what for _, what in own][:shown]
        assert found[customer].tolist() == expected + [-1] * (shown - len(expected))
