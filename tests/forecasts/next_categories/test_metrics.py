"""Hit rate, reciprocal rank and recall of a list of categories, and the lead of one list over another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from foretell.forecasts.next_categories.candidates import Candidates
from foretell.forecasts.next_categories.metrics import METRICS, Hits, hits, joined, lead


def judged(score: np.ndarray, bought: np.ndarray, first_key: int = 0) -> Hits:
    """The hits of scores [customers, categories], -inf where a category is no candidate."""
    row, column = np.nonzero(np.isfinite(score))
    keys = np.arange(first_key, first_key + len(score)).astype(np.uint64)
    wanted = (bought & np.isfinite(score)).sum(axis=1)
    return hits(keys, Candidates(row, column, score[row, column]), csr_array(bought.astype(float)), wanted)


def test_what_the_first_places_hold() -> None:
    score = np.array(
        [[5.0, 4.0, 3.0, 2.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0], [-np.inf, 2.0, 1.0, 0.0, 3.0], [1, 2, 3, 4, 5]]
    )
    bought = np.array([[0, 1, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0], [1, 1, 1, 1, 1]], dtype=bool)
    found = judged(score, bought, 7)
    assert found.customer_key.tolist() == [7, 8, 10]
    assert found.reciprocal_rank.tolist() == [0.5, 0.2, 1.0]
    assert found.found.tolist() == [1, 0, 3]
    assert found.bought.tolist() == [2, 1, 5]
    assert found.mean("hit_rate_at_3") == pytest.approx(2 / 3)
    assert found.mean("mean_reciprocal_rank") == pytest.approx(1.7 / 3)
    assert found.mean("recall_at_3") == pytest.approx((0.5 + 0 + 0.6) / 3)


@given(st.integers(0, 12), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_it_is_what_a_plain_count_says(customers: int, categories: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    score = random.integers(0, 4, (customers, categories)).astype(float)
    score[random.random(score.shape) < 0.2] = -np.inf
    bought = random.random(score.shape) < 0.3
    found = judged(score, bought)
    place = 0
    for row in range(customers):
        ranked = sorted((c for c in range(categories) if np.isfinite(score[row, c])), key=lambda c: (-score[row, c], c))
        right = [rank for rank, category in enumerate(ranked) if bought[row, category]]
        if not right:
            continue
        assert found.customer_key[place] == row
        assert found.reciprocal_rank[place] == 1 / (right[0] + 1)
        assert found.found[place] == sum(rank < 3 for rank in right)
        assert found.bought[place] == len(right)
        place += 1
    assert len(found) == place


def test_what_was_no_candidate_was_not_found() -> None:
    keys, then = np.array([3, 4, 5], np.uint64), csr_array(np.array([[0.0, 1], [1, 1], [0, 0]]))
    ranked = Candidates(np.array([0, 1]), np.array([0, 0]), np.array([0.5, 0.5]))
    found = hits(keys, ranked, then, np.array([1, 2, 0]))
    assert found.customer_key.tolist() == [3, 4]
    assert found.reciprocal_rank.tolist() == [0.0, 1.0]
    assert found.metric("recall_at_3").tolist() == [0.0, 0.5]
    nothing = Candidates(np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    assert hits(keys, nothing, then, np.array([1, 2, 0])).reciprocal_rank.tolist() == [0.0, 0.0]


def many(rank: np.ndarray) -> Hits:
    return Hits(np.arange(len(rank)).astype(np.uint64), 1.0 / rank, (rank <= 3).astype(int), np.ones(len(rank), int))


def test_a_lead_is_clear_where_it_is_and_nowhere_else() -> None:
    random = np.random.default_rng(1)
    rank = random.integers(1, 9, 2_000)
    better, same = np.maximum(rank - random.integers(0, 2, 2_000), 1), random.permutation(rank)
    for metric in METRICS:
        assert lead(many(better), many(rank), metric, 3).is_clear
        assert not lead(many(same), many(rank), metric, 3).is_clear
        own = lead(many(better), many(rank), metric, 3)
        assert own.value == pytest.approx(many(better).mean(metric) - many(rank).mean(metric))
        assert own.low is not None
        assert own.high is not None
        assert own.low <= own.value <= own.high
    nothing = lead(many(rank[:0]), many(rank[:0]), METRICS[0], 3)
    assert (nothing.low, nothing.is_clear) == (None, False)


def test_a_customer_of_several_cutoffs_is_one_customer() -> None:
    rank = np.random.default_rng(2).integers(1, 9, 300)
    once, ten_times = many(rank), joined([many(rank)] * 10)
    base = many(np.full(300, 4))
    narrow = lead(once, base, "hit_rate_at_3", 3)
    wide = lead(ten_times, joined([base] * 10), "hit_rate_at_3", 3)
    assert (wide.low, wide.high) == pytest.approx((narrow.low, narrow.high))


def test_other_customers_are_refused() -> None:
    with pytest.raises(ValueError, match="same customers"):
        lead(many(np.array([1, 2])), many(np.array([1])), METRICS[0], 3)
