"""Low, median and high of a customer's spend in the horizon: an interval that holds 80 %."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import lightgbm
import numpy as np

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, State
from foretell.models.gradient_boosting import THREADS, deterministic_parameters
from foretell.models.outcome_table import bin_of, quantile_cuts
from foretell.models.training_rows import finite_features, training_rows
from foretell.project.objectives import TARGETS

LEVELS = (0.1, 0.5, 0.9)
FEWEST_ROWS_FOR_TREES = 500
FEWEST_ROWS_A_CELL = 30
DEPTHS = np.array([1.0, 4.0])
"""Purchase days at which history counts as deeper: one, two to four, five and more."""


@dataclass(frozen=True)
class FittedQuantiles:
    """Quantiles of log1p(spend): by trees (`texts`), or by cells of recency x frequency where rows were few.

    `cells` is float64 [recency bins x frequency bins, 3]. `shifts` is float64 [3 depths of history, 2]: what a
    correction on later outcomes adds to the low and the high on the log scale; zeros without one. `highest` is
    the most that is ever forecast.
    """

    texts: tuple[str, ...]
    recency_cuts: np.ndarray
    frequency_cuts: np.ndarray
    cells: np.ndarray
    shifts: np.ndarray
    highest: float

    @cached_property
    def boosters(self) -> list[Any]:
        """The trees of each level."""
        return [lightgbm.Booster(model_str=text) for text in self.texts]

    def predict(self, examples: Examples) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(low, median, high) in currency, float64 [rows]: 0 <= low <= median <= high."""
        logs = self._logs(examples) + self._shift(examples)
        median = np.clip(logs[:, 1], 0.0, np.log1p(self.highest))
        low = np.clip(np.minimum(logs[:, 0], median), 0.0, None)
        high = np.clip(np.maximum(logs[:, 2], median), 0.0, np.log1p(self.highest))
        return tuple(np.expm1(np.ascontiguousarray(one)) for one in (low, median, high))

    def corrected(self, examples: Examples) -> FittedQuantiles:
        """The same with ends moved so that they hold on these later outcomes (one-sided conformal correction).

        By depth of history. The high moves until 10 % of the outcomes lie above it. The low moves, only among
        those whose low is above 0, until 10 % lie below. Groups of under 50 rows keep what they had.
        """
        rows, spend = training_rows(examples, TARGETS["spend"])
        logs, actual, depth = self._logs(rows), np.log1p(spend), _depth(rows)
        shifts = self.shifts.copy()
        for group in range(len(DEPTHS) + 1):
            inside = depth == group
            if inside.sum() >= 50:
                shifts[group, 1] = _conformal(actual[inside] - logs[inside, 2], LEVELS[2])
            above_zero = inside & (logs[:, 0] > 1e-9)
            if above_zero.sum() >= 50:
                shifts[group, 0] = -_conformal(logs[above_zero, 0] - actual[above_zero], LEVELS[2])
        return replace(self, shifts=shifts)

    def state(self) -> State:
        """All that `restored_quantiles` needs."""
        arrays: dict[str, np.ndarray | str | int | float] = {name: getattr(self, name) for name in ARRAYS}
        texts = {f"text_{place}": text for place, text in enumerate(self.texts)}
        return {**arrays, **texts, "highest": self.highest}

    def _logs(self, examples: Examples) -> np.ndarray:
        """log1p of the three levels before any shift [rows, 3], in ascending order within a row."""
        if len(examples) == 0:
            return np.zeros((0, 3))
        if self.texts:
            features = finite_features(examples)
            raw = np.column_stack([booster.predict(features, num_threads=THREADS) for booster in self.boosters])
        else:
            raw = self.cells[_cell(examples, self.recency_cuts, self.frequency_cuts)]
        return np.sort(np.maximum(raw, 0.0), axis=1)

    def _shift(self, examples: Examples) -> np.ndarray:
        moved = self.shifts[_depth(examples)]
        return np.column_stack([moved[:, 0], np.zeros(len(examples)), moved[:, 1]])


ARRAYS = ("recency_cuts", "frequency_cuts", "cells", "shifts")


def fit(examples: Examples, seed: int) -> FittedQuantiles:
    """Learn from the rows whose spend is known; raises `CannotFit` where there is none."""
    rows, spend = training_rows(examples, TARGETS["spend"])
    logs = np.log1p(spend)
    recency_cuts = quantile_cuts(np.asarray(rows.facts["days_since_last"], dtype=np.float64), 4)
    frequency_cuts = quantile_cuts(np.asarray(rows.facts["purchase_days"], dtype=np.float64), 3)
    place = _cell(rows, recency_cuts, frequency_cuts)
    everybody = np.quantile(logs, LEVELS, method="higher")
    cells = np.tile(everybody, ((len(recency_cuts) + 1) * (len(frequency_cuts) + 1), 1))
    for cell in np.unique(place):
        inside = logs[place == cell]
        if len(inside) >= FEWEST_ROWS_A_CELL:
            cells[cell] = np.quantile(inside, LEVELS, method="higher")
    texts: tuple[str, ...] = ()
    if len(logs) >= FEWEST_ROWS_FOR_TREES and logs.min() < logs.max():
        texts = _grown(finite_features(rows), logs, seed)
    shifts = np.zeros((len(DEPTHS) + 1, 2))
    return FittedQuantiles(texts, recency_cuts, frequency_cuts, cells, shifts, float(spend.max()))


def restored_quantiles(state: State) -> FittedQuantiles:
    """The fitted quantiles of a stored state."""
    texts = tuple(str(state[f"text_{place}"]) for place in range(len(LEVELS)) if f"text_{place}" in state)
    arrays = {name: cast(np.ndarray, state[name]) for name in ARRAYS}
    return FittedQuantiles(texts=texts, highest=float(cast(float, state["highest"])), **arrays)


def _grown(features: np.ndarray, logs: np.ndarray, seed: int) -> tuple[str, ...]:
    parameters = {
        **deterministic_parameters(seed),
        "objective": "quantile",
        "num_leaves": 7,
        "learning_rate": 0.08,
        "min_data_in_leaf": 40,
        "lambda_l2": 1.0,
        "feature_fraction": 0.5,
        "max_bin": 63,
    }
    names = [f"f{place}" for place in range(features.shape[1])]
    data = lightgbm.Dataset(features, logs, params=parameters, feature_name=names)
    try:
        grown = [lightgbm.train(parameters | {"alpha": level}, data, num_boost_round=110) for level in LEVELS]
    except lightgbm.basic.LightGBMError as error:
        raise CannotFit(f"the trees of spend quantiles could not be grown: {error}") from error
    return tuple(str(booster.model_to_string()) for booster in grown)


def _cell(examples: Examples, recency_cuts: np.ndarray, frequency_cuts: np.ndarray) -> np.ndarray:
    recency = bin_of(np.asarray(examples.facts["days_since_last"], dtype=np.float64), recency_cuts)
    frequency = bin_of(np.asarray(examples.facts["purchase_days"], dtype=np.float64), frequency_cuts)
    return np.asarray(recency * (len(frequency_cuts) + 1) + frequency)


def _depth(examples: Examples) -> np.ndarray:
    return bin_of(np.asarray(examples.facts["purchase_days"], dtype=np.float64), DEPTHS)


def _conformal(misses: np.ndarray, level: float) -> float:
    """The smallest shift that covers `level` of the misses, with the correction for a finite sample."""
    rank = int(np.ceil(level * (len(misses) + 1)))
    return float(np.sort(misses)[min(rank, len(misses)) - 1])
