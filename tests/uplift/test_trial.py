"""An order that only content decides, and parts that every arm is dealt into evenly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.uplift.trial import Trial, Worth, dealt, shuffled

Drawn = Callable[..., Trial]


def test_the_order_of_rows_changes_nothing(drawn: Drawn) -> None:
    trial = drawn(200, 0.1, 0.1)
    doubled = trial.take(np.concatenate([np.arange(200), np.arange(50)]))
    turned = doubled.take(np.random.default_rng(3).permutation(250))
    one, other = doubled.take(shuffled(doubled, 5)), turned.take(shuffled(turned, 5))
    np.testing.assert_array_equal(one.table.key, other.table.key)
    np.testing.assert_array_equal(one.arm, other.arm)
    np.testing.assert_array_equal(one.outcome, other.outcome)


def test_another_seed_is_another_order(drawn: Drawn) -> None:
    trial = drawn(100, 0.1, 0.1)
    assert (shuffled(trial, 0) != shuffled(trial, 1)).any()
    assert sorted(shuffled(trial, 0).tolist()) == list(range(100))


def test_rows_alike_in_all_but_the_outcome_are_not_sorted_by_it(drawn: Drawn) -> None:
    trial = drawn(400, 0.0, 0.0)
    one = trial.take(np.zeros(400, np.int64))
    mixed = Trial(one.table, np.zeros(400, np.int64), np.repeat([0.0, 1.0], 200), trial.arms, trial.shares)
    outcome = mixed.outcome[shuffled(mixed, 0)]
    assert 60 < outcome[:200].sum() < 140


@given(st.lists(st.integers(0, 2), min_size=1, max_size=60), st.integers(1, 6))
def test_every_arm_is_dealt_out_evenly(arms: list[int], parts: int) -> None:
    arm = np.array(arms)
    part = dealt(arm, parts)
    for one in np.unique(arm):
        counts = np.bincount(part[arm == one], minlength=parts)
        assert len(counts) == parts
        assert counts.max() - counts.min() <= 1


def test_profit_is_money_of_the_effect_less_cost() -> None:
    worth = Worth(2.0, np.array([0.0, 0.5]))
    np.testing.assert_allclose(worth.profits(np.array([[0.0, 1.0], [0.0, 0.1]])), [[0, 1.5], [0, -0.3]])
