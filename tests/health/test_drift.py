"""Each kind of drift is found where it is planted, and not where chance or the model's own forecast explains it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.health.drift import label_drift, level_drift, population_shift, stability_index
from foretell.health.evidence import Evidence, ScoredPopulation, Share, Total

DAY = "2024-06-01"


def share(tested: float, told: float, customers: int = 2_000) -> Evidence:
    return Evidence(share=Share((0.38, 0.40, 0.42), tested, told, customers, DAY))


def test_a_share_that_moved_without_the_forecast_is_label_drift() -> None:
    found = label_drift(share(0.20, 0.39))
    assert found is not None
    assert found.severity == "warning"
    for figure in ("40\xa0%", "20\xa0%", "39\xa0%", DAY):
        assert figure in found.seen


@pytest.mark.parametrize(
    "evidence",
    [share(0.38, 0.39), share(0.20, 0.22), share(0.20, 0.39, customers=20), Evidence()],
    ids=["a little", "the forecast followed", "chance", "nothing tested"],
)
def test_no_label_drift(evidence: Evidence) -> None:
    assert label_drift(evidence) is None


def test_a_total_surely_missed_is_level_drift() -> None:
    fine = Total("orders", 1_010, 1_000, -0.05, 0.08, DAY)
    for forecast, low, high in ((2_000, 0.8, 1.2), (400, -0.7, -0.5)):
        found = level_drift(Evidence(totals=(fine, Total("spend", forecast, 1_000, low, high, DAY))))
        assert found is not None
        assert "spend" in found.seen
        assert f"{forecast:,} forecast, 1,000 came" in found.seen


def test_a_total_missed_perhaps_or_by_little_is_none() -> None:
    few = Total("spend", 1_500, 1_000, -0.1, 1.4, DAY)
    little = Total("orders", 1_100, 1_000, 0.05, 0.15, DAY)
    nobody = Total("orders", 10, 0, 0.5, 0.9, DAY)
    assert level_drift(Evidence(totals=(few, little, nobody))) is None


def populations(scored: np.ndarray, usual_scored: np.ndarray | None = None) -> Evidence:
    taught = np.random.default_rng(1).exponential(50, 4_000)
    usual = taught if usual_scored is None else usual_scored
    return Evidence(populations={"recency": ScoredPopulation(taught, scored, taught, usual)})


def test_other_customers_than_the_tested_ones_are_a_population_shift() -> None:
    found = population_shift(populations(np.random.default_rng(2).exponential(200, 4_000)))
    assert found is not None
    assert "recency (stability index" in found.seen


def test_customers_that_moved_as_they_did_at_the_test_are_none() -> None:
    moved = np.random.default_rng(2).exponential(200, 4_000)
    assert population_shift(populations(moved, usual_scored=moved)) is None
    assert population_shift(populations(np.random.default_rng(3).exponential(50, 4_000))) is None
    assert population_shift(populations(moved[:199])) is None
    assert population_shift(Evidence()) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=11, max_size=200), st.integers(0, 9))
def test_the_index_of_the_same_rows_is_nothing_and_of_others_never_negative(values: list[float], seed: int) -> None:
    expected = np.array(values)
    assert stability_index(expected, np.random.default_rng(seed).permutation(expected)) == 0
    assert stability_index(expected, expected + 1e7) >= 0


def test_few_rows_of_one_population_are_no_shift() -> None:
    random = np.random.default_rng(4)
    found = [stability_index(random.normal(size=60), random.normal(size=60)) for _ in range(40)]
    assert np.mean(np.array(found) > 0.25) < 0.1
