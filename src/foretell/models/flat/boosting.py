"""The boosted members: LightGBM as it comes, and LightGBM held back hard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import lightgbm
import numpy as np

from foretell.examples.flat.table import FlatTable
from foretell.models.contract import CannotFit, Contributions, closed
from foretell.models.learners.gradient_boosting import THREADS, deterministic_parameters
from foretell.models.links import bounded

FEWEST_ROWS = 40


@dataclass(frozen=True)
class FittedBoosting:
    """LightGBM's text."""

    names: tuple[str, ...]
    text: str

    @cached_property
    def booster(self) -> Any:
        """The trees."""
        return lightgbm.Booster(model_str=self.text)

    def link(self, table: FlatTable) -> np.ndarray:
        if not len(table):
            return np.zeros(0)
        raw = self.booster.predict(table.values, raw_score=True, num_threads=THREADS)
        return bounded(np.asarray(raw, dtype=np.float64), "probability")

    def contributions(self, table: FlatTable) -> Contributions:
        """Shapley values of the trees (TreeSHAP)."""
        if not len(table):
            return Contributions(0.0, self.names, np.zeros((0, len(self.names))))
        shares = self.booster.predict(table.values, pred_contrib=True, num_threads=THREADS)
        return closed(float(shares[0, -1]), self.names, shares[:, :-1], self.link(table))


class DefaultBoosting:
    """LightGBM with the settings that it comes with."""

    name: ClassVar[str] = "default_boosting"
    formula: ClassVar[str] = "LightGBM with its default settings: 100 trees of 31 leaves at rate 0.1"
    rounds: ClassVar[int] = 100
    settings: ClassVar[Mapping[str, object]] = {}

    def fit(self, table: FlatTable, outcome: np.ndarray, seed: int) -> FittedBoosting:
        if len(table) < FEWEST_ROWS or not len(table.names):
            raise CannotFit(f"trees need {FEWEST_ROWS} rows and a column; there are {len(table)} rows")
        parameters = {**deterministic_parameters(seed), "objective": "binary", **self.settings}
        data = lightgbm.Dataset(
            table.values,
            outcome,
            params=parameters,
            feature_name=[f"f{i}" for i in range(len(table.names))],
            categorical_feature=np.flatnonzero(table.is_category).tolist(),
        )
        booster = lightgbm.train(parameters, data, num_boost_round=self.rounds)
        return FittedBoosting(table.names, booster.model_to_string())


class RegularisedBoosting(DefaultBoosting):
    """LightGBM of very small trees with random thresholds, on part of the rows and columns."""

    name: ClassVar[str] = "regularised_boosting"
    formula: ClassVar[str] = "300 LightGBM trees of 8 leaves at rate 0.03, random thresholds, half of the columns each"
    rounds: ClassVar[int] = 300
    settings: ClassVar[Mapping[str, object]] = {
        "num_leaves": 8,
        "learning_rate": 0.03,
        "extra_trees": True,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 10.0,
        "min_data_in_leaf": 20,
    }


class ModerateBoosting(DefaultBoosting):
    """LightGBM of small trees that see some columns at each split."""

    name: ClassVar[str] = "moderate_boosting"
    formula: ClassVar[str] = "200 LightGBM trees of 15 leaves at rate 0.05, 40 % of the columns at each split"
    rounds: ClassVar[int] = 200
    settings: ClassVar[Mapping[str, object]] = {
        "num_leaves": 15,
        "learning_rate": 0.05,
        "feature_fraction_bynode": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
    }


class BaggedBoosting(DefaultBoosting):
    """LightGBM of larger trees that see some columns at each split."""

    name: ClassVar[str] = "bagged_boosting"
    formula: ClassVar[str] = "200 LightGBM trees of 31 leaves at rate 0.05, 40 % of the columns at each split"
    rounds: ClassVar[int] = 200
    settings: ClassVar[Mapping[str, object]] = {
        "num_leaves": 31,
        "learning_rate": 0.05,
        "feature_fraction_bynode": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "min_data_in_leaf": 10,
    }
