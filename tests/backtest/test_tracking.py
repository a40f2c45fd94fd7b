"""The track through test windows: sums by hand, an interval that holds what it says, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.backtest.tracking import Followed, Miss, common_shock, overdispersion, track


def followed(random: np.random.Generator, customers: int, steps: int, others: int) -> Followed:
    expected = random.gamma(0.5, 1.0, customers)
    share = np.sort(random.uniform(0, 1, (customers, steps)), axis=1)
    share[:, -1] = 1
    came = np.cumsum(random.poisson(expected[:, None] / steps, (customers, steps)), axis=1).astype(float)
    missed = [Miss.of(expected, random.poisson(expected).astype(float)) for _ in range(others)]
    return Followed(expected, share, came, missed)


def test_windows_are_added_up_one_after_the_other() -> None:
    share = np.array([[0.5, 1.0], [0.25, 1.0]])
    first = Followed(np.array([2.0, 4.0]), share, np.array([[1.0, 1.0], [0.0, 3.0]]), [])
    second = Followed(np.array([1.0]), np.array([[0.1, 1.0]]), np.array([[0.0, 2.0]]), [])
    found = track([first, second])
    np.testing.assert_allclose(found.came, [1, 4, 4, 6])
    np.testing.assert_allclose(found.expected, [2, 6, 6.1, 7])
    assert found.low is None
    assert found.high is None


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 6), st.integers(2, 4), st.integers(1, 3))
def test_a_track_only_rises_and_its_expectation_lies_inside(
    seed: int, customers: int, steps: int, others: int, windows: int
) -> None:
    random = np.random.default_rng(seed)
    found = track([followed(random, customers, steps, others) for _ in range(windows)])
    assert found.low is not None
    assert found.high is not None
    assert len(found.came) == len(found.low) == steps * windows
    for line in (found.came, found.expected, found.high):
        assert (np.diff(line) >= 0).all()
    assert (found.low >= 0).all()
    assert (found.low <= np.ceil(found.expected)).all()
    assert (found.high >= np.floor(found.expected)).all() or found.expected.min() < 1


@pytest.mark.parametrize(("shock", "customers"), [(0.0, 1_000), (0.05, 1_000), (0.2, 1_000), (0.1, 60)])
def test_the_interval_holds_about_as_often_as_it_says(shock: float, customers: int) -> None:
    random = np.random.default_rng(4)
    expected = random.gamma(0.5, 1.0, customers)

    def came() -> np.ndarray:
        level = np.exp(random.normal(0, shock))
        return random.poisson(expected * level * random.gamma(2, 0.5, customers)).astype(float)

    held = []
    for _ in range(400):
        others, truth = [Miss.of(expected, came()) for _ in range(3)], came()
        found = track([Followed(expected, np.ones((customers, 1)), truth[:, None], others)])
        assert found.low is not None
        assert found.high is not None
        held.append(found.low[-1] <= truth.sum() <= found.high[-1])
    assert 0.74 < np.mean(held) < 0.92


def test_chance_and_shock_are_told_apart() -> None:
    random = np.random.default_rng(1)
    expected = np.full(20_000, 0.5)
    chance = [Miss.of(expected, random.negative_binomial(2, 0.8, 20_000).astype(float)) for _ in range(4)]
    assert overdispersion(chance) == pytest.approx(0.5, abs=0.05)
    assert common_shock(chance) < 0.02
    missed = [Miss.of(expected, random.poisson(expected * level).astype(float)) for level in (0.8, 1.2, 0.8, 1.2)]
    assert common_shock(missed) == pytest.approx(0.2 * 1.533 / 1.2816, rel=0.05)


def test_one_other_test_says_nothing_of_how_far_totals_miss() -> None:
    random = np.random.default_rng(2)
    assert track([followed(random, 50, 4, 1)]).low is None
    assert track([followed(random, 50, 4, 2)]).low is not None
    mixed = track([followed(random, 50, 4, 3), followed(random, 50, 4, 1)])
    assert mixed.low is None


def test_a_group_of_whom_nothing_is_expected_has_a_track() -> None:
    nobody = Miss.of(np.zeros(0), np.zeros(0))
    found = track([Followed(np.zeros(0), np.zeros((0, 2)), np.zeros((0, 2)), [nobody, nobody])])
    assert found.low is not None
    np.testing.assert_array_equal(found.came, [0, 0])
    np.testing.assert_array_equal(found.low, [0, 0])
