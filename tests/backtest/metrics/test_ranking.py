from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.backtest.metrics.ranking import Ranking, area, divided, equal_mass_bins, mass_of_top

values = st.lists(st.integers(0, 5), min_size=1, max_size=40).map(lambda v: np.array(v, dtype=np.float64))


@given(values)
def test_cumulated_masses_end_each_group_of_equal_values(value: np.ndarray) -> None:
    ranking = Ranking.of(value)
    masses = np.arange(1.0, len(value) + 1)
    expected = [0.0, *(masses[value <= v].sum() for v in np.unique(value))]
    assert ranking.cumulated(masses[ranking.order][None])[0].tolist() == expected


@given(values)
def test_a_row_counted_three_times_is_three_equal_rows(value: np.ndarray) -> None:
    counts = np.arange(len(value)) % 4
    once, often = Ranking.of(value), Ranking.of(np.repeat(value, counts))
    weighted = once.cumulated(counts[once.order][None].astype(float))[0]
    assert set(weighted) == set(often.cumulated(np.ones((1, counts.sum())))[0])


@given(values, st.integers(1, 20))
def test_bins_ascend_with_the_value_and_keep_equal_values_together(value: np.ndarray, bins: int) -> None:
    binned = equal_mass_bins(value, bins)
    assert binned.min() >= 0
    assert binned.max() < bins
    for v in np.unique(value):
        assert len(set(binned[value == v])) == 1
    assert (np.diff(binned[np.argsort(value)]) >= 0).all()


@given(st.integers(1, 200), st.integers(1, 20))
def test_bins_of_distinct_values_differ_by_at_most_one_row(rows: int, bins: int) -> None:
    sizes = np.bincount(equal_mass_bins(np.arange(float(rows)), bins), minlength=bins)
    assert sizes.max() - sizes.min() <= 1


def test_no_rows_have_no_bins() -> None:
    assert equal_mass_bins(np.empty(0), 15).shape == (0,)


@pytest.mark.parametrize("share", [0.05, 0.25, 0.5, 1.0])
def test_the_top_of_tied_rows_holds_the_mean_over_their_orders(share: float) -> None:
    value, mass = np.array([1.0, 2.0, 2.0, 2.0, 3.0]), np.array([5.0, 1.0, 0.0, 2.0, 4.0])
    ranking = Ranking.of(value)
    rows, masses = ranking.cumulated(np.ones((1, 5))), ranking.cumulated(mass[ranking.order][None])
    tops = []
    for tied in permutations([1, 2, 3]):
        best_first = mass[[4, *tied, 0]]
        whole = int(share * 5)
        part = best_first[whole] * (share * 5 - whole) if whole < 5 else 0.0
        tops.append(best_first[:whole].sum() + part)
    assert mass_of_top(share, masses, rows)[0] == pytest.approx(np.mean(tops), abs=1e-12)


def test_area_is_a_sum_of_trapezoids() -> None:
    assert area(np.array([[0.0, 2.0, 2.0]]), np.array([[0.0, 1.0, 3.0]])).tolist() == [5.0]


def test_nothing_is_divided_by_zero() -> None:
    quotient = divided(np.array([1.0, 0.0, 3.0]), np.array([0.0, 0.0, 2.0]))
    assert np.isnan(quotient[:2]).all()
    assert quotient[2] == 1.5


def test_equal_values_share_the_bin_of_their_middle() -> None:
    assert equal_mass_bins(np.array([1.0] * 6 + [2.0, 3.0]), 2).tolist() == [0] * 6 + [1, 1]
