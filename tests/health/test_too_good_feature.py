"""A feature that alone says nearly everything is named; a good one is not."""

from __future__ import annotations

import numpy as np

from foretell.examples.examples import Examples
from foretell.health.evidence import Evidence
from foretell.health.gathered import auroc_alone
from foretell.health.too_good_feature import telltale_feature


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
