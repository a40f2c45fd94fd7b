"""Metrics are called and written as people say them, and sorted by what is better."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.words.metrics import (
    BEST_AT_ZERO,
    HAPPENED,
    HIGHER_IS_BETTER,
    METRICS,
    OF_EVERYBODY,
    QUESTIONS,
    best_first,
    best_of,
    happened,
    metric_name,
    question,
    worst_of,
    written,
)
from foretell.words.wording import UNKNOWN

NAMES = st.sampled_from([*METRICS, *HIGHER_IS_BETTER, *BEST_AT_ZERO, "interval_width"])
VALUES = st.lists(st.floats(-100, 100), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("objective", "metric", "value", "expected"),
    [
        ("purchase", "precision", 0.416, "42\xa0%"),
        ("purchase", "lift_at_10_percent", 3.456, "3.46"),
        ("purchase", "log_loss", 0.4567, ".457"),
        ("orders", "mae", 1.25, "1.250"),
        ("spend", "mae", 1234.5, "1,234"),
        ("spend", "tweedie_deviance", 0.5, ".500"),
        ("spend", "tweedie_deviance", 12.34, "12.3"),
        ("spend", "tweedie_deviance", 12345.6, "12,346"),
        ("spend", "relative_bias", -0.06, "−6\xa0%"),
    ],
)
def test_a_value_has_the_places_that_it_deserves(objective: str, metric: str, value: float, expected: str) -> None:
    assert written(objective, metric, value) == expected


@given(st.sampled_from([*QUESTIONS]), NAMES)
def test_what_could_not_be_computed_is_a_dash(objective: str, metric: str) -> None:
    assert written(objective, metric, None) == UNKNOWN


def test_a_question_is_known_by_its_words_and_another_by_its_name() -> None:
    assert question("decline") == "Who spends much less?"
    assert question("next_segment: value tier") == "Who goes where, by value tier?"
    assert question("own_target") == "own_target"
    assert metric_name("interval_score") == "interval score"
    assert set(HAPPENED) == set(OF_EVERYBODY) <= set(QUESTIONS)
    assert happened("spend", "12 %") == "12 % spent something"


@given(NAMES, VALUES)
def test_nothing_is_better_than_the_best_or_worse_than_the_worst(metric: str, values: list[float]) -> None:
    best, worst = best_of(metric, values), worst_of(metric, values)
    assert best is not None
    ranks = [best_first(metric, value) for value in values]
    assert (best_first(metric, best), best_first(metric, worst)) == (min(ranks), max(ranks))
    assert best_of(metric, [None, *values, None]) == best


@pytest.mark.parametrize(("metric", "best"), [("auroc", 0.5), ("log_loss", -0.9), ("relative_bias", -0.1)])
def test_best_is_high_low_or_near_0(metric: str, best: float) -> None:
    assert best_of(metric, [-0.9, None, -0.1, 0.5]) == best
    assert best_of(metric, [None]) is None
