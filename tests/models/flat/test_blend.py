"""Weights: never negative, pulled towards equal, and nothing for who cannot be asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.flat.table import FlatTable
from foretell.models.contract import CannotFit
from foretell.models.flat.blend import MEMBERS, FlatBlend, FlatMember, blend_weights
from foretell.models.flat.linear import PlainLogistic, SplineLogistic

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


Taught = tuple[FlatTable, np.ndarray]
EVERY = pytest.mark.parametrize(
    "model", [*MEMBERS, FlatBlend((PlainLogistic(), SplineLogistic()))], ids=lambda model: model.name
)


@EVERY
def test_a_row_alone_gets_what_it_gets_among_others(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    fitted = model.fit(table, outcome, 0)
    whole = fitted.link(table)
    assert np.isfinite(whole).all()
    alone = [fitted.link(table.take(np.array([row])))[0] for row in range(0, len(table), 40)]
    assert alone == pytest.approx(whole[::40].tolist(), abs=1e-9)


@EVERY
def test_contributions_sum_to_the_link(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    fitted = model.fit(table, outcome, 0)
    told = fitted.contributions(table)
    assert told.names == table.names
    assert told.base + told.values.sum(axis=1) == pytest.approx(fitted.link(table), abs=1e-9)


@EVERY
def test_it_learns_and_a_seed_repeats_it(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    first, second = (model.fit(table, outcome, 4).link(table) for _ in range(2))
    assert first.tobytes() == second.tobytes()
    assert first[outcome == 1].mean() > first[outcome == 0].mean() + 0.3


@EVERY
def test_values_never_seen_are_no_error(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    fitted = model.fit(table, outcome, 0)
    strange = table.values[:3].copy()
    strange[0] = np.nan
    strange[1, ~table.is_category] = 1e12
    strange[2, ~table.is_category] = -1e12
    assert np.isfinite(fitted.link(replace(table, values=strange, key=table.key[:3]))).all()


@pytest.mark.parametrize("model", MEMBERS, ids=lambda model: model.name)
def test_a_table_without_columns_is_refused(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    with pytest.raises(CannotFit):
        model.fit(FlatTable((), (), (), np.zeros((len(table), 0)), table.key), outcome, 0)
