"""What a table adds: a gain is found with its size, noise is not, and what cannot matter is told apart from what is not
known."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.backtest.forecast import Forecast
from foretell.backtest.metrics.probability_metrics import ProbabilityPanel
from foretell.backtest.source_worth import SourceWorth, source_worth

CUTOFFS = (1, 2, 3)


def forecasts(sharpness: float, customers: int, noise: float = 0.0, level: float = 0.0) -> list[Forecast]:
    """At each cutoff chances that know so much of what decides the outcome."""
    found = []
    for cutoff in CUTOFFS:
        random = np.random.default_rng([cutoff, customers])
        truth, luck, blur = random.normal(0, 2, customers), random.random(customers), random.normal(0, 1, customers)
        actual = (luck < 1 / (1 + np.exp(-truth))).astype(np.float64)
        predicted = 1 / (1 + np.exp(-(sharpness * truth + noise * blur + level)))
        keys = np.arange(customers, dtype=np.uint64)
        found.append(
            Forecast("purchase", "probability", 30, cutoff, "m", keys, predicted, actual, {"all": actual >= 0})
        )
    return found


def test_a_gain_is_found_with_its_size_and_its_interval() -> None:
    whole, without = forecasts(1.0, 2_000), forecasts(0.4, 2_000)
    found = source_worth("events", whole, without, seed=1)
    losses = [
        np.mean([ProbabilityPanel(f.predicted, f.actual, None).measure(np.ones((1, 2_000)), ["log_loss"])["log_loss"]
                 for f in own]) for own in (whole, without)
    ]  # fmt: skip
    assert found.log_loss is not None
    assert found.log_loss.value == pytest.approx(losses[0] / losses[1] - 1, abs=0.01)
    assert found.log_loss.low is not None
    assert found.log_loss.high is not None
    assert found.log_loss.low < found.log_loss.value < found.log_loss.high < 0
    assert (found.adds, found.surely_idle, found.cutoffs, found.customers) == (True, False, 3, 2_000)


def test_noise_adds_nothing_and_where_many_show_it_that_is_sure() -> None:
    sure = source_worth("contacts", forecasts(0.8, 20_000, noise=0.15), forecasts(0.8, 20_000), seed=1)
    assert (sure.adds, sure.surely_idle) == (False, True)
    unsure = source_worth("contacts", forecasts(0.8, 60, noise=0.6), forecasts(0.8, 60), seed=1)
    assert (unsure.adds, unsure.surely_idle) == (False, False)


def test_a_level_that_was_missed_counts_for_neither() -> None:
    found = source_worth("events", forecasts(0.8, 500, level=1.0), forecasts(0.8, 500), seed=1)
    assert found.log_loss is not None
    assert found.log_loss.value == pytest.approx(0, abs=1e-6)


def test_cutoffs_at_which_the_table_was_not_known_do_not_count() -> None:
    found = source_worth("events", forecasts(1.0, 300), forecasts(0.4, 300)[1:], seed=1)
    assert found.cutoffs == 2
    assert source_worth("events", forecasts(1.0, 300), [], seed=1) == SourceWorth("events", 0, 0, None, None)
