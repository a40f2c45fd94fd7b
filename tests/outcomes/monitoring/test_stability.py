"""Stability of counts by week, beside the index of the values behind them."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.health.drift import FEWEST_ROWS, stability_index
from foretell.outcomes.monitoring.populations import counts_of, edges_of
from foretell.outcomes.monitoring.stability import stability

HEALTHY = np.ones(13, dtype=bool)


def weeks(last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Twelve weeks of customers drawn alike and one more, as counts; and the customers of the eight before it."""
    random = np.random.default_rng(5)
    before = [random.normal(size=600) for _ in range(12)]
    edges = {"one": edges_of(np.concatenate(before[-8:]))}
    return np.stack([counts_of({"one": values}, edges)["one"] for values in (*before, last)]), np.concatenate(
        before[-8:]
    )


def test_it_is_the_index_of_the_values() -> None:
    last = np.random.default_rng(6).normal(0.6, 1, 500)
    counts, before = weeks(last)
    found = stability("one", counts, HEALTHY)
    assert found.index == pytest.approx(stability_index(before, last), rel=0.02)
    assert found.is_much
    assert (found.rows, found.reference) == (500, 4_800)


def test_chance_alone_is_no_shift() -> None:
    drawn = (weeks(np.random.default_rng(seed).normal(size=600))[0] for seed in range(20))
    assert np.mean([stability("one", counts, HEALTHY).index for counts in drawn]) < 0.01


def test_a_week_that_is_not_healthy_is_no_reference() -> None:
    counts, _ = weeks(np.random.default_rng(7).normal(size=600))
    broken = np.array([True] * 8 + [False] * 4 + [True])
    well = stability("one", counts[[*range(4, 8), *range(4, 8), *range(4, 8), 12]], HEALTHY).index
    counts[8:12] = np.roll(counts[8:12], 5, axis=1)
    assert stability("one", counts, HEALTHY).index > 0.1
    assert stability("one", counts, broken).index == pytest.approx(well, abs=0.01)


def test_customers_of_whom_it_is_null_count() -> None:
    counts, _ = weeks(np.where(np.arange(600) < 200, np.nan, np.random.default_rng(7).normal(size=600)))
    assert stability("one", counts, HEALTHY).index > 0.25


def test_few_rows_and_few_weeks_are_said() -> None:
    counts, _ = weeks(np.random.default_rng(7).normal(size=FEWEST_ROWS - 1))
    found = stability("one", counts, HEALTHY)
    assert found.series is None
    assert found.cannot == "199 customers in a week, 200 are needed"
    assert stability("one", counts[:3], HEALTHY[:3]).cannot == "there are no earlier weeks"
