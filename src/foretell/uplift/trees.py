"""Boosted trees held back hard, for effects, which are small beside the noise."""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm
import numpy as np

from foretell.models.learners.gradient_boosting import THREADS, deterministic_parameters

FEWEST_ROWS = 200


@dataclass(frozen=True)
class FittedTrees:
    """Trees that predict a mean; without trees the mean alone."""

    mean: float
    booster: lightgbm.Booster | None

    def predict(self, values: np.ndarray) -> np.ndarray:
        """float64 [rows]."""
        if self.booster is None or not len(values):
            return np.full(len(values), self.mean)
        return np.asarray(self.booster.predict(values, num_threads=THREADS), np.float64)


@dataclass(frozen=True)
class Trees:
    """LightGBM with squared error: how many trees, how large, how fast, and the least share of rows in a leaf."""

    rounds: int
    leaves: int
    rate: float
    least_share: float

    def fit(self, values: np.ndarray, target: np.ndarray, is_category: np.ndarray, seed: int) -> FittedTrees:
        """Learn a target float64 [rows] from columns float64 [rows, columns], NaN where empty."""
        mean = float(target.mean()) if len(target) else 0.0
        if len(target) < FEWEST_ROWS or not values.shape[1]:
            return FittedTrees(mean, None)
        parameters = {
            **deterministic_parameters(seed),
            "objective": "regression",
            "num_leaves": self.leaves,
            "learning_rate": self.rate,
            "min_data_in_leaf": max(int(self.least_share * len(target)), 20),
            "lambda_l2": 10.0,
            "feature_fraction": 0.7,
            "max_bin": 63,
            "min_data_per_group": 50,
        }
        data = lightgbm.Dataset(
            values, target, params=parameters, categorical_feature=np.flatnonzero(is_category).tolist()
        )
        return FittedTrees(mean, lightgbm.train(parameters, data, num_boost_round=self.rounds))
