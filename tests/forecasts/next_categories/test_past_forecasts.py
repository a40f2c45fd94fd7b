"""At a past cutoff every contender ranks the same categories, and is judged on who then bought."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.forecasts.next_categories.candidates import AGAIN, BASELINES, EITHER, NEW, OURS_OF, SIDES
from foretell.forecasts.next_categories.counts import CategoryCounts
from foretell.forecasts.next_categories.history import CategoryHistory, Vocabulary, buyers, category_history
from foretell.forecasts.next_categories.model import CategoryModel, Lifts, PairModel, repeat_terms
from foretell.forecasts.next_categories.past_forecasts import Judged, Lesson, Taught, learned
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
    counts = CategoryCounts.of(before, vocabulary.common)
    repeat = np.zeros(len(repeat_terms(before, counts, H)))
    new = np.zeros(len(Lifts.of(counts).terms(before.among(vocabulary.common))))
    return CategoryModel(vocabulary, H, counts, PairModel(0.0, repeat), PairModel(0.0, new))


def test_everybody_who_bought_is_judged_once_by_every_contender(model: CategoryModel, history: CategoryHistory) -> None:
    found = Judged(model, CUTOFF)(BATCH)
    assert set(found) == {(side, name) for side in SIDES for name in (*OURS_OF[side], *BASELINES[side])}
    owned, then = history.by_category(np.ones(len(history.row))).toarray() > 0, history.then.toarray() > 0
    for side, bought in ((EITHER, then), (AGAIN, then & owned), (NEW, then & ~owned)):
        came = history.customer_key[bought.any(axis=1)]
        for name in (*OURS_OF[side], *BASELINES[side]):
            assert found[side, name].customer_key.tolist() == came.tolist()
            assert found[side, name].bought.sum() == bought.sum()


def test_counts_are_of_everybody_and_histories_of_a_sample(vocabulary: Vocabulary) -> None:
    keys = np.sort(BATCH.customer_key)
    whole, few = (Taught(vocabulary, CUTOFF, H, int(keys[place]))(BATCH) for place in (-1, 9))
    assert len(few.samples[0]) <= 10 < len(whole.samples[0])
    assert set(few.samples[0].customer_key.tolist()) <= set(keys[:10].tolist())
    for one, other in ((whole.earlier, few.earlier), (whole.later, few.later)):
        np.testing.assert_array_equal(one.owners, other.owners)
    added = reduce(Lesson.__add__, [Taught(vocabulary, CUTOFF, H, int(keys[-1]))(part) for part in batches(LINES, 3)])
    np.testing.assert_array_equal(added.later.firsts, whole.later.firsts)
    assert sum(map(len, added.samples)) == len(whole.samples[0])


def test_a_side_that_was_not_learned_is_not_judged(model: CategoryModel) -> None:
    found = Judged(replace(model, new=None), CUTOFF)(BATCH)
    assert {side for side, _ in found} == {AGAIN}


def test_a_log_that_names_too_little_teaches_nothing(shop_main: RunOverHorizon) -> None:
    with pytest.raises(CannotFit, match=r"0 categories or products had been bought; 3 are needed"):
        learned(kept_engine(shop_main.request), shop_main.plan.survey.log_start, H)
