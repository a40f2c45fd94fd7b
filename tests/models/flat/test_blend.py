"""Weights: never negative, pulled towards equal, and nothing for who cannot be asked."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.flat.table import FlatTable
from foretell.models.flat.blend import FlatBlend, blend_weights

RANDOM = np.random.default_rng(2)
TRUTH = RANDOM.normal(0, 2, 4000)
OUTCOME = (RANDOM.random(4000) < 1 / (1 + np.exp(-TRUTH))).astype(float)
NOISE = RANDOM.normal(0, 2, 4000)


def test_who_knows_gets_the_weight() -> None:
    weights = blend_weights(np.column_stack([TRUTH, NOISE]), OUTCOME)
    assert 0.85 < weights[0] < 1.1
    assert weights[1] < 0.05


def test_a_blend_that_holds_back_is_sharpened() -> None:
    assert blend_weights(np.column_stack([TRUTH / 2, TRUTH / 2]), OUTCOME).sum() > 1.7


def test_few_rows_stay_near_the_prior() -> None:
    few = blend_weights(np.column_stack([TRUTH, NOISE])[:20], OUTCOME[:20])
    many = blend_weights(np.column_stack([TRUTH, NOISE]), OUTCOME)
    assert abs(few[0] - few[1]) < abs(many[0] - many[1])


def test_a_member_without_logits_gets_nothing() -> None:
    links = np.column_stack([TRUTH, np.full(4000, np.nan)])
    assert blend_weights(links, OUTCOME)[1] == 0.0


@given(st.integers(1, 30), st.integers(1, 4), st.integers(0, 5))
def test_weights_are_never_negative(rows: int, members: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    links = random.normal(0, 5, (rows, members))
    weights = blend_weights(links, random.integers(0, 2, rows).astype(float))
    assert weights.shape == (members,)
    assert (weights >= 0).all()
    assert weights.any()


def test_one_class_gives_the_base_rate(taught: tuple[FlatTable, np.ndarray]) -> None:
    table, _ = taught
    fitted = FlatBlend().fit(table, np.ones(len(table)), 0)
    assert fitted.members == ()
    assert np.allclose(fitted.predict(table), (len(table) + 1) / (len(table) + 2))
    assert fitted.contributions(table).values.any() == np.False_
