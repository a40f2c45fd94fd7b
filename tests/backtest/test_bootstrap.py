from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.backtest.bootstrap import CustomerWeights, Figure, interval
from foretell.backtest.metrics.amount_metrics import AmountPanel
from foretell.backtest.metrics.probability_metrics import ProbabilityPanel

keys = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=50, unique=True).map(
    lambda found: np.array(found, dtype=np.uint64)
)


@given(keys, st.integers(0, 2**32))
def test_each_replicate_draws_as_many_customers_as_there_are(key: np.ndarray, seed: int) -> None:
    weights = CustomerWeights.drawn([key, key[:3]], seed, replicates=7)
    assert weights.counts.shape == (7, len(key))
    assert (weights.counts.sum(axis=1) == len(key)).all()


@given(keys)
def test_draws_depend_on_who_the_customers_are_not_on_their_order(key: np.ndarray) -> None:
    once = CustomerWeights.drawn([key], seed=5, replicates=4)
    again = CustomerWeights.drawn([key[::-1], key[:1]], seed=5, replicates=4)
    assert once.keys.tolist() == again.keys.tolist()
    assert once.counts.tolist() == again.counts.tolist()


def test_another_seed_draws_others() -> None:
    key = np.arange(100, dtype=np.uint64)
    one, other = (CustomerWeights.drawn([key], seed, replicates=2).counts for seed in (1, 2))
    assert (one != other).any()


def test_of_too_many_customers_those_with_the_smallest_keys_are_drawn() -> None:
    key = np.random.default_rng(0).permutation(500).astype(np.uint64)
    weights = CustomerWeights.drawn([key], seed=1, replicates=2, most=40)
    assert weights.keys.tolist() == list(range(40))
    assert (weights.sampled(key) == (key < 40)).all()


def test_blocks_hold_each_rows_customers_weight_in_every_replicate() -> None:
    key = np.arange(10, dtype=np.uint64)
    weights = CustomerWeights.drawn([key], seed=1, replicates=9)
    rows = np.array([7, 2, 7], dtype=np.uint64)
    assert np.concatenate(list(weights.blocks(rows))).tolist() == weights.counts[:, [7, 2, 7]].astype(float).tolist()


def test_replicates_are_the_metrics_of_resampled_rows() -> None:
    random = np.random.default_rng(3)
    key = np.arange(80, dtype=np.uint64)
    predicted, actual = random.random(80).round(1), (random.random(80) < 0.4).astype(float)
    weights = CustomerWeights.drawn([key], seed=1, replicates=12)
    found = weights.replicate(ProbabilityPanel(predicted, actual), key, ["auroc", "average_precision", "brier"])
    for replicate, counts in enumerate(weights.counts):
        rows = np.repeat(np.arange(80), counts)
        copied = ProbabilityPanel(predicted[rows], actual[rows]).measure(np.ones((1, 80)))
        for name, values in found.items():
            assert values[replicate] == pytest.approx(copied[name][0], rel=1e-12)


def test_the_spread_of_a_mean_is_its_standard_error() -> None:
    random = np.random.default_rng(3)
    actual = random.gamma(2, 10, 2_000)
    panel = AmountPanel("amount", np.zeros(2_000), actual)
    weights = CustomerWeights.drawn([np.arange(2_000, dtype=np.uint64)], seed=1, replicates=600)
    bias = weights.replicate(panel, weights.keys, ["bias"])["bias"]
    assert bias.std() == pytest.approx(actual.std() / np.sqrt(2_000), rel=0.12)


def test_the_interval_holds_the_middle_ninety_percent() -> None:
    assert interval(50.0, 50.0, np.arange(101.0)) == pytest.approx((5.0, 95.0))


def test_the_interval_of_a_sample_is_moved_to_the_value_of_all_and_shrunk() -> None:
    assert interval(60.0, 50.0, np.arange(101.0), shrink=0.5) == pytest.approx((37.5, 82.5))


def test_the_interval_is_widened_to_hold_the_value() -> None:
    found = interval(1.0, 1.0, np.linspace(2, 3, 50))
    assert found is not None
    assert found[0] == 1.0


@pytest.mark.parametrize(
    ("centre", "replicates"),
    [(1.0, []), (np.nan, [1.0] * 20), (1.0, [1.0] * 9 + [np.nan])],
    ids=["none", "no centre", "a tenth undefined"],
)
def test_there_is_no_interval_without_enough_replicates(centre: float, replicates: list[float]) -> None:
    assert interval(1.0, centre, np.array(replicates)) is None


def test_means_are_those_of_the_rows_drawn() -> None:
    keys, values = np.arange(30, dtype=np.uint64), np.random.default_rng(4).normal(size=30)
    weights = CustomerWeights.drawn([keys], seed=1, replicates=20, most=10)
    drawn = [np.repeat(values[:10], counts).mean() for counts in weights.counts]
    np.testing.assert_allclose(weights.means(keys, values), drawn)


def test_a_figure_is_clear_where_its_interval_is_above_zero() -> None:
    assert Figure.drawn(50.0, 50.0, np.arange(101.0)).is_clear
    assert not Figure.drawn(0.5, 0.5, np.linspace(-1, 2, 50)).is_clear
    assert Figure.drawn(1.0, 1.0, np.array([])) == Figure(1.0, None, None)
