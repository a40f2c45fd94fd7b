"""What the log is too short, too thin or too lopsided to show is said, in figures."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.forecasts.season.season import SeasonShift
from foretell.health.evidence import Evidence
from foretell.health.gathered import auroc_alone
from foretell.health.history import (
    few_positives,
    one_large_customer,
    season_in_the_level,
    telltale_feature,
    unknown_season,
    variation,
)
from foretell.health.weeks import Weeks

FLAT = np.random.default_rng(1).poisson(200, 40).astype(float)
WAVES = FLAT * (1 + 0.8 * np.sin(np.arange(40) / 3))


@pytest.mark.parametrize(("orders", "severity"), [(FLAT, "note"), (WAVES, "warning"), (np.zeros(0), "note")])
def test_under_a_year_and_the_horizon_no_season_is_known(orders: np.ndarray, severity: str) -> None:
    found = unknown_season(Evidence(horizon_days=60, history_days=280, weeks=Weeks("2024-01-01", orders=orders)))
    assert found is not None
    assert found.severity == severity
    assert "280 days" in found.seen
    assert "425 days" in found.seen


def test_with_a_year_and_the_horizon_it_is() -> None:
    assert unknown_season(Evidence(horizon_days=60, history_days=425, weeks=Weeks("2024-01-01", orders=WAVES))) is None


def test_a_season_is_told_with_what_it_is_worth_or_why_there_is_none() -> None:
    used = SeasonShift(0.26, "half of what last year's same weeks say", 24, 0.117, 0.082)
    found = season_in_the_level(Evidence(horizon_days=30, history_days=900, season=used))
    assert found is not None
    assert "+30\xa0%" in found.seen
    assert "24 earlier windows" in found.seen
    simple = season_in_the_level(Evidence(history_days=900, season=used, level_takes_season=False))
    assert simple is not None
    assert "too simple to take it" in simple.seen
    none = season_in_the_level(Evidence(history_days=900, season=SeasonShift(0.0, "it did not help")))
    assert none is not None
    assert none.seen == "No season is in the level: it did not help."
    assert season_in_the_level(Evidence(horizon_days=30, history_days=394, season=used)) is None
    assert season_in_the_level(Evidence(history_days=900)) is None


def test_growth_and_chance_are_no_variation() -> None:
    growing = np.random.default_rng(2).poisson(np.linspace(20, 400, 60)).astype(float)
    assert variation(growing) < 0.1
    assert variation(WAVES) > 0.3
    assert variation(np.zeros(9)) == 0


def test_under_fifty_cases_at_a_test_are_few() -> None:
    found = few_positives(Evidence(fewest={"purchase": (49, "2024-06-01"), "high_value": (400, "2024-06-01")}))
    assert found is not None
    assert found.severity == "warning"
    assert "Who orders? 49 at 2024-06-01" in found.seen
    assert "top tier" not in found.seen
    beside = few_positives(Evidence(fewest={"purchase": (900, "2024-06-01"), "decline": (3, "2024-06-01")}))
    assert beside is not None
    assert beside.severity == "note"
    assert few_positives(Evidence(fewest={"purchase": (50, "2024-06-01")})) is None
    assert few_positives(Evidence()) is None


@pytest.mark.parametrize(("largest", "severity"), [(120.0, "warning"), (60.0, "note")])
def test_one_customer_with_much_of_the_revenue(largest: float, severity: str) -> None:
    spend = np.array([*np.ones(100), largest, 0.0, -5.0])
    found = one_large_customer(Evidence(spend_by_customer=spend, largest_customer="ACME"))
    assert found is not None
    assert found.severity == severity
    assert "Customer ACME" in found.seen
    assert f"{100 * largest / (100 + largest):.0f}\xa0%" in found.seen


@pytest.mark.parametrize("spend", [[1.0] * 100 + [40.0], [7.0], [], [0.0, 0.0], [-1.0, -2.0]])
def test_nobody_is_large(spend: list[float]) -> None:
    assert one_large_customer(Evidence(spend_by_customer=np.array(spend))) is None


def examples_of(features: dict[str, np.ndarray], ordered: np.ndarray) -> Examples:
    rows = len(ordered)
    cutoff = np.zeros(rows, dtype=np.int64)
    matrix = np.column_stack(list(features.values()))
    return Examples(30, np.arange(rows), cutoff, tuple(features), matrix, {}, {"ordered": ordered}, {})


def planted(seed: int = 1) -> Evidence:
    random = np.random.default_rng(seed)
    ordered = (random.random(600) < 0.3).astype(float)
    features = {
        "knows": np.where(ordered > 0, random.normal(9, 1, 600), np.nan),
        "against": -ordered + random.normal(0, 0.05, 600),
        "good": ordered + random.normal(0, 1, 600),
        "noise": random.normal(size=600),
    }
    return Evidence(auroc_alone=auroc_alone(examples_of(features, ordered)))


def test_a_feature_that_knows_the_answer_is_named() -> None:
    evidence = planted()
    assert evidence.auroc_alone["knows"] == 1
    assert evidence.auroc_alone["against"] < 0.02
    assert 0.6 < evidence.auroc_alone["good"] < 0.9
    assert 0.4 < evidence.auroc_alone["noise"] < 0.6
    found = telltale_feature(evidence)
    assert found is not None
    assert "feature knows alone" in found.seen
    assert "check leakage" in found.advice


def test_it_may_tell_the_answer_from_the_other_side() -> None:
    found = telltale_feature(Evidence(auroc_alone={"good": 0.9, "against": 0.01}))
    assert found is not None
    assert "against" in found.seen


def test_a_feature_that_carries_the_forecast_is_named() -> None:
    found = telltale_feature(Evidence(auroc_alone={"good": 0.9}, importance={"one": 0.93, "two": 0.07}))
    assert found is not None
    assert "The feature one carries 93\xa0%" in found.seen


def test_good_features_are_none() -> None:
    assert telltale_feature(Evidence(auroc_alone={"good": 0.97}, importance={"good": 0.6, "other": 0.4})) is None
    assert telltale_feature(Evidence()) is None


def test_few_customers_of_one_kind_tell_nothing() -> None:
    ordered = np.array([1.0] * 49 + [0.0] * 200)
    assert auroc_alone(examples_of({"knows": ordered}, ordered)) == {}
