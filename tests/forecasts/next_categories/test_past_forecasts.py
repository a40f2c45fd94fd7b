"""At a past cutoff every contender ranks the same categories, and is judged on who then bought."""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.forecasts.next_categories.counts import CategoryCounts
from foretell.forecasts.next_categories.history import CategoryHistory, Vocabulary, buyers, category_history
from foretell.forecasts.next_categories.model import CategoryModel, Lifts, PairModel, repeat_terms
from foretell.forecasts.next_categories.past_forecasts import BASELINES, OURS, SIDES, Judged, Taught, learned, scores
from foretell.models.contract import CannotFit
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days
from made_baskets import BEGIN, DAYS, basket_lines, batches

H = 30
CUTOFF = BEGIN + days(DAYS - H)
LINES = basket_lines(120)
BATCH = batches(LINES)[0]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return buyers(BATCH, CUTOFF).vocabulary()


@pytest.fixture(scope="module")
def history(vocabulary: Vocabulary) -> CategoryHistory:
    return category_history(BATCH, CUTOFF, H, vocabulary)


@pytest.fixture(scope="module")
def model(vocabulary: Vocabulary) -> CategoryModel:
    """A model that gives every pair of a side the same chance."""
    before = category_history(BATCH, CUTOFF - days(H), H, vocabulary)
    counts = CategoryCounts.of(before)
    repeat = np.zeros(len(repeat_terms(before, counts, H)))
    new = np.zeros(len(Lifts.of(counts).terms(before)))
    return CategoryModel(vocabulary, H, counts, PairModel(0.0, repeat), PairModel(0.0, new))


def test_each_side_ranks_what_is_of_that_side(model: CategoryModel, history: CategoryHistory) -> None:
    owned = history.by_category(np.ones(len(history.row))).toarray() > 0
    for side, is_of_it in (("repeat", owned), ("new", ~owned)):
        for contender in (OURS, *BASELINES[side]):
            np.testing.assert_array_equal(np.isfinite(scores(model, history, side, contender)), is_of_it)


def test_the_rules_of_thumb_rank_as_they_are_called(model: CategoryModel, history: CategoryHistory) -> None:
    pairs = (history.row, history.column)
    frequent, recent, popular = (scores(model, history, "repeat", name)[pairs] for name in BASELINES["repeat"])
    for own, first, then in (
        (frequent, history.times, -history.days_since_last),
        (recent, -history.days_since_last, history.times),
    ):
        order = np.lexsort((then, first))
        assert (np.diff(own[order]) >= 0).all()
    np.testing.assert_array_equal(popular, model.counts.popularity[history.column])
    often = scores(model, history, "new", "most often first")
    assert set(often[np.isfinite(often)]) <= set(model.counts.first_rate)


def test_everybody_who_bought_is_judged_once_by_every_contender(model: CategoryModel, history: CategoryHistory) -> None:
    found = Judged(model, CUTOFF)(BATCH)
    assert set(found) == {(side, name) for side in SIDES for name in (OURS, *BASELINES[side])}
    owned, then = history.by_category(np.ones(len(history.row))).toarray() > 0, history.then.toarray() > 0
    for side, bought in (("repeat", then & owned), ("new", then & ~owned)):
        came = history.customer_key[bought.any(axis=1)]
        for name in (OURS, *BASELINES[side]):
            assert found[side, name].customer_key.tolist() == came.tolist()
            assert found[side, name].bought.sum() == bought.sum()


def test_counts_are_of_everybody_and_histories_of_a_sample(vocabulary: Vocabulary) -> None:
    keys = np.sort(BATCH.customer_key)
    whole, few = (Taught(vocabulary, CUTOFF, H, int(keys[place]))(BATCH) for place in (-1, 9))
    assert len(few[2]) <= 10 < len(whole[2])
    assert set(few[2].customer_key.tolist()) <= set(keys[:10].tolist())
    for one, other in zip(whole[:2], few[:2], strict=True):
        np.testing.assert_array_equal(one.owners, other.owners)
    parts = [Taught(vocabulary, CUTOFF, H, int(keys[-1]))(part)[1] for part in batches(LINES, 3)]
    np.testing.assert_array_equal(reduce(add, parts).firsts, whole[1].firsts)


def test_a_log_that_names_too_little_teaches_nothing(shop_main: RunOverHorizon) -> None:
    with pytest.raises(CannotFit, match=r"\d categories or products have 20 buyers"):
        learned(kept_engine(shop_main.request), shop_main.plan.survey.log_start + days(10), H)
