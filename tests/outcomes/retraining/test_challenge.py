"""The challenge: the same customers, one paired difference, and who is promoted for it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from foretell.backtest.forecast import Forecast
from foretell.backtest.paired import Difference
from foretell.outcomes.retraining.challenge import Compared, compared, decided, on_the_same_rows


def forecast(model: str, predicted: np.ndarray, actual: np.ndarray, cutoff: int = 1) -> Forecast:
    keys = np.arange(len(actual), dtype=np.uint64)
    everybody = {"all": np.ones(len(actual), dtype=bool)}
    return Forecast("purchase", "probability", 30, cutoff, model, keys, predicted, actual, everybody)


def told(value: float, p_value: float, objective: str = "purchase") -> Compared:
    by = Difference(value, value - 0.01, value + 0.01, p_value)
    return Compared(objective, "log_loss" if objective == "purchase" else "tweedie_deviance", 0.4, 0.39, by, 900, 2)


def test_the_difference_is_that_of_the_mean_losses_and_turns_with_the_sides() -> None:
    random = np.random.default_rng(0)
    chance = random.beta(1, 2, 600)
    actual = (random.random(600) < chance).astype(np.float64)
    sharp = [forecast("new", chance, actual, cutoff) for cutoff in (1, 2)]
    flat = [forecast("old", np.full(600, chance.mean()), actual, cutoff) for cutoff in (1, 2)]
    found, turned = compared(sharp, flat, 0), compared(flat, sharp, 0)
    assert found is not None
    assert turned is not None
    loss = -np.mean(np.where(actual > 0, np.log(chance), np.log1p(-chance)))
    assert found.challenger == pytest.approx(loss)
    assert found.by.value == pytest.approx(found.challenger - found.champion) == -turned.by.value
    assert found.by.p_value < 0.001
    assert (found.customers, found.cutoffs) == (600, 2)
    assert "600 customers at 2 cutoffs" in found.sentence()


def test_without_rows_nothing_is_compared_and_other_outcomes_are_refused() -> None:
    assert compared([], [], 0) is None
    two = np.array([0.2, 0.8])
    with pytest.raises(ValueError, match="not judged on the same rows"):
        compared([forecast("new", two, np.array([0.0, 1.0]))], [forecast("old", two, np.array([1.0, 1.0]))], 0)


def test_customers_of_whom_one_says_nothing_are_left_out() -> None:
    ours = forecast("new", np.array([0.1, 0.2, 0.3]), np.array([0.0, 1.0, 1.0]))
    mine, theirs = on_the_same_rows(ours, np.array([0, 2, 7], dtype=np.uint64), np.array([0.5, 0.6, 0.7]), "old")
    assert mine.customer_key.tolist() == theirs.customer_key.tolist() == [0, 2]
    assert (mine.predicted.tolist(), theirs.predicted.tolist()) == ([0.1, 0.3], [0.5, 0.6])
    assert theirs.model == "old"
    nobody, _ = on_the_same_rows(ours, np.zeros(0, dtype=np.uint64), np.zeros(0), "old")
    assert len(nobody.actual) == 0


@pytest.mark.parametrize(
    ("found", "differs", "promote", "said"),
    [
        ([told(0.02, 0.5)], [], True, "not significantly worse"),
        ([told(0.02, 0.03), told(0.0, 0.9, "spend")], [], True, "not significantly worse"),
        ([told(0.02, 0.01), told(-0.1, 0.001, "spend")], [], False, "significantly worse (log loss)"),
        ([told(-0.02, 0.001)], [], True, "significantly better"),
        ([told(-0.02, 0.06)], ["the seed is 1, before 0"], False, "not significantly better"),
        ([told(-0.02, 0.01), told(0.1, 0.4, "spend")], ["other"], True, "recipe (other) is significantly better"),
        ([], [], True, "nothing could be compared."),
        ([], ["other"], False, "has to prove that it is better."),
    ],
)  # fmt: skip
def test_the_same_recipe_is_promoted_unless_worse_another_only_if_better(
    found: list[Compared], differs: list[str], promote: bool, said: str
) -> None:
    verdict = decided(found, differs)
    assert verdict.promote is promote
    assert said in verdict.said
    assert all(one.sentence() in verdict.said for one in found)


def test_after_a_rollback_the_same_recipe_is_not_taken_on_trust() -> None:
    wary = "version 3 of it was rolled back on 2026-02-01"
    blind, seen = decided([], [], wary), decided([told(0.0, math.nan)], [], wary)
    assert (blind.promote, seen.promote) == (False, True)
    assert blind.said.endswith(f"and {wary}.")
