"""Confidence-based performance, held against every possible outcome, and against many that were drawn."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.outcomes.estimates.confidence import AT_THRESHOLD, expected_measures, realised_measures
from outcomes.estimates.past_windows import chances

CHANCE = st.floats(0.05, 0.95)
FEW = st.integers(2, 5).flatmap(lambda n: st.tuples(*[st.lists(CHANCE, min_size=n, max_size=n)] * 2))


@given(FEW, st.floats(0.1, 0.9))
@settings(max_examples=40)
def test_it_is_the_mean_over_every_outcome_each_as_likely_as_believed(
    lists: tuple[list[float], list[float]], threshold: float
) -> None:
    predicted, believed = np.array(lists[0]), np.array(lists[1])
    found = expected_measures(predicted, believed, threshold)
    chosen = predicted >= threshold
    sums = dict.fromkeys(("precision", "log_loss", "brier", "hits", "positives", "above", "pairs"), 0.0)
    for outcome in product((0, 1), repeat=len(predicted)):
        came = np.array(outcome)
        weight = float(np.prod(np.where(came == 1, believed, 1 - believed)))
        given_to_it = np.where(came == 1, predicted, 1 - predicted)
        winners, losers = predicted[came == 1], predicted[came == 0]
        higher = (winners[:, None] > losers).sum() + 0.5 * (winners[:, None] == losers).sum()
        told = {
            "precision": came[chosen].mean() if chosen.any() else 0.0,
            "log_loss": -np.log(given_to_it).mean(),
            "brier": np.mean((predicted - came) ** 2),
            "hits": came[chosen].sum(),
            "positives": came.sum(),
            "above": higher,
            "pairs": len(winners) * len(losers),
        }
        sums = {name: value + weight * float(told[name]) for name, value in sums.items()}
    expected = {
        "log_loss": sums["log_loss"],
        "brier": sums["brier"],
        "auroc": sums["above"] / sums["pairs"],
        "recall": sums["hits"] / sums["positives"],
        "f1": 2 * sums["hits"] / (chosen.sum() + sums["positives"]),
    }
    if chosen.any():
        expected["precision"] = sums["precision"]
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_chances_that_are_right_estimate_without_bias() -> None:
    draws = np.random.default_rng(1)
    chance = chances(draws, 800)
    estimated = expected_measures(chance, chance, 0.4)
    drawn = [realised_measures(chance, (draws.random(800) < chance).astype(float), 0.4) for _ in range(150)]
    for name, value in estimated.items():
        realised = np.array([one[name] for one in drawn])
        assert abs(realised.mean() - value) < 4 * realised.std() / np.sqrt(150) + 1 / 800, name


def test_other_customers_than_before_are_seen() -> None:
    draws = np.random.default_rng(2)
    before, now = chances(draws, 4000), chances(draws, 4000, 3.0, 3.0)
    promised = realised_measures(before, (draws.random(4000) < before).astype(float), 0.5)
    estimated = expected_measures(now, now, 0.5)
    realised = realised_measures(now, (draws.random(4000) < now).astype(float), 0.5)
    assert promised["auroc"] - realised["auroc"] > 0.1
    for name in ("auroc", "precision", "brier"):
        assert abs(estimated[name] - realised[name]) < 0.2 * abs(promised[name] - realised[name])


def test_other_behaviour_of_the_same_customers_is_not() -> None:
    draws = np.random.default_rng(3)
    chance = chances(draws, 4000)
    estimated = expected_measures(chance, chance, 0.5)
    realised = realised_measures(chance, (draws.random(4000) < chance / 2).astype(float), 0.5)
    assert estimated["precision"] - realised["precision"] > 0.2, "it says what the chances say, and they are wrong"


def test_without_a_threshold_without_customers_and_where_all_is_certain() -> None:
    chance = np.array([0.2, 0.7])
    assert set(AT_THRESHOLD) & set(expected_measures(chance, chance, None)) == set()
    assert all(np.isnan(value) for value in expected_measures(np.zeros(0), np.zeros(0), 0.5).values())
    assert np.isnan(expected_measures(chance, np.ones(2), None)["auroc"]), "nobody is left to be ranked below"
