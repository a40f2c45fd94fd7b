"""Who gets what, against HiGHS on the whole problem and against every choice there is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from foretell.actions.planning.allocation import NOTHING, Options

SIZES = st.tuples(st.integers(1, 3), st.integers(1, 25), st.integers(0, 10_000), st.booleans())


def drawn(options: int, customers: int, seed: int, whole: bool) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    """Profits with some options closed, uses of money and of contacts, limits; `whole` makes many ties."""
    random = np.random.default_rng(seed)
    profit = random.normal(1, 3, (options, customers))
    profit = np.round(profit) if whole else profit
    profit[random.random(profit.shape) < 0.2] = -np.inf
    cost = random.integers(0, 4, (options, 1)).astype(float) if whole else random.random((options, customers))
    limits = random.random(2) * (customers * np.array([cost.mean() + 0.1, 1.0]))
    limits[random.random(2) < 0.2] = np.inf
    return profit, [cost, np.ones((options, 1))], limits


def by_whole_program(profit: np.ndarray, uses: list[np.ndarray], limits: np.ndarray) -> float:
    """The linear program over all customers at once."""
    count = profit.shape[1]
    option, who = np.nonzero(np.isfinite(profit))
    if not len(option):
        return 0.0
    rows = [(who == one).astype(float) for one in range(count)]
    rows += [np.broadcast_to(use, profit.shape)[option, who] for use in uses]
    most = np.concatenate([np.ones(count), np.where(np.isinf(limits), 1e9, limits)])
    return -float(linprog(-profit[option, who], np.array(rows), most, bounds=(0, 1), method="highs").fun)


@settings(max_examples=40)
@given(SIZES)
def test_the_bound_is_the_program_over_all_and_the_allocation_keeps_to_the_limits(
    sizes: tuple[int, int, int, bool],
) -> None:
    profit, uses, limits = drawn(*sizes)
    found = Options(profit, uses).allocated(limits.tolist())
    exact = by_whole_program(profit, uses, limits)
    assert found.bound == pytest.approx(exact, rel=1e-5, abs=1e-6)
    assert found.profit <= found.bound + 1e-6
    assert all(used <= most + 1e-6 for used, most in zip(found.used, limits, strict=True))
    rows = np.flatnonzero(found.option != NOTHING)
    assert found.profit == pytest.approx(profit[found.option[rows], rows].sum())
    assert np.isfinite(profit[found.option[rows], rows]).all()
    fractional = 2 * max(float(np.abs(profit[np.isfinite(profit)]).max(initial=0)), 0)
    assert found.profit >= found.bound - fractional - 1e-6


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_capacity_alone_is_solved_exactly(seed: int) -> None:
    profit, uses, _ = drawn(2, 5, seed, whole=False)
    found = Options(profit, uses).allocated([np.inf, 2])
    best = 0.0
    for choice in product(range(-1, 2), repeat=5):
        own = [(option, who) for who, option in enumerate(choice) if option != NOTHING]
        if len(own) <= 2:
            best = max(best, sum(float(profit[one]) for one in own))
    assert found.profit == pytest.approx(best)


def test_prices_say_what_one_more_would_bring() -> None:
    random = np.random.default_rng(3)
    profit = random.lognormal(1, 1, (2, 1_000))
    options = Options(profit, [random.random((2, 1_000)) + 0.1, np.ones((2, 1))])
    one = options.allocated([100.0, 270.0])
    more = [2 * (options.bound(limits) - one.bound) for limits in ([100.5, 270.0], [100.0, 270.5])]
    assert list(one.prices) == pytest.approx(more, rel=0.05)
    assert options.allocated([np.inf, np.inf]).prices == (0.0, 0.0)


def test_equals_are_chosen_at_random_and_not_by_their_place() -> None:
    found = Options(np.ones((1, 1_000)), [np.ones((1, 1)), np.ones((1, 1))]).allocated([np.inf, 500])
    assert found.used[1] == 500
    assert 200 < (found.option[:500] == 0).sum() < 300


def test_nobody_is_given_what_brings_nothing() -> None:
    found = Options(np.array([[-1.0, 0.0, -np.inf]]), [np.ones((1, 1))]).allocated([np.inf])
    assert (found.option.tolist(), found.profit) == ([NOTHING] * 3, 0.0)
    assert found.bound == pytest.approx(0.0, abs=1e-6)
    assert Options(np.zeros((2, 0)), [np.ones((2, 1))]).allocated([5.0]).bound == 0
