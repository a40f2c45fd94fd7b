from __future__ import annotations

import numpy as np
from bench.accuracy.intervals import (
    FIFTHS,
    PIT_DISTANCE,
    QUANTILES,
    bounds,
    distribution_metrics,
    share_above_high_by_fifth,
)
from hypothesis import given, settings
from hypothesis import strategies as st

Forecasts = dict[str, np.ndarray]


def of_exponential_spend(chance: np.ndarray, mean: np.ndarray) -> Forecasts:
    """What scores say of customers who spend nothing, or exponentially with a mean."""
    among_buyers = {name: (level - (1 - chance)) / chance for name, level in QUANTILES.items()}
    quantiles = {name: -mean * np.log1p(-np.clip(rank, 0.0, None)) for name, rank in among_buyers.items()}
    return {"purchase": chance, "spend": chance * mean, **quantiles}


def customers(number: int, seed: int) -> tuple[Forecasts, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    chance, mean = random.uniform(0.02, 0.98, number), random.gamma(2, 50, number)
    spent = np.where(random.random(number) < chance, random.exponential(mean), 0.0)
    return of_exponential_spend(chance, mean), spent, np.arange(number, dtype=np.uint64)


def test_right_distributions_are_told_right() -> None:
    said = distribution_metrics(*customers(20_000, 3))
    assert said[PIT_DISTANCE] < 0.015
    assert all(abs(said[name] - 0.1) < 0.03 for name in FIFTHS[2:])


def test_intervals_that_are_too_low_are_above_the_high_end_and_far_from_uniform() -> None:
    forecasts, spent, keys = customers(20_000, 3)
    said = distribution_metrics(forecasts, 3 * spent, keys)
    assert said[PIT_DISTANCE] > 0.1
    assert said[FIFTHS[-1]] > 0.3


def test_a_chance_that_is_too_high_is_far_from_uniform() -> None:
    forecasts, spent, keys = customers(20_000, 3)
    assert distribution_metrics(forecasts, np.where(keys % 2, 0.0, spent), keys)[PIT_DISTANCE] > 0.1


@given(st.integers(1, 60), st.integers(0, 10_000))
@settings(max_examples=60)
def test_an_outcome_lies_between_the_levels_of_the_quantiles_around_it(number: int, seed: int) -> None:
    forecasts, spent, _ = customers(number, seed)
    below, up_to = bounds(forecasts, spent)
    for row in range(number):
        no_order = 1 - forecasts["purchase"][row]
        told = [(0.0, no_order), *((forecasts[name][row], level) for name, level in QUANTILES.items())]
        lower = [level for value, level in told if value < spent[row]]
        upper = [level for value, level in told[1:] if value >= spent[row]]
        assert below[row] == max(lower, default=0.0)
        if spent[row] > 0:
            assert up_to[row] == max(min(upper, default=1.0), below[row])
        else:
            assert up_to[row] == no_order


@given(st.integers(0, 8), st.permutations(range(8)))
@settings(max_examples=40)
def test_the_order_of_customers_does_not_matter(number: int, order: list[int]) -> None:
    forecasts, spent, keys = customers(8, number)
    moved = {name: values[order] for name, values in forecasts.items()}
    assert distribution_metrics(moved, spent[order], keys[order]) == distribution_metrics(forecasts, spent, keys)


def test_the_share_above_is_told_by_fifth_of_the_forecast() -> None:
    predicted = np.arange(10.0)
    high = np.full(10, 5.0)
    actual = np.array([0, 0, 6, 0, 0, 0, 0, 9, 8, 7.0])
    assert share_above_high_by_fifth(predicted, actual, high).tolist() == [0, 0.5, 0, 0.5, 1]
