"""Gradient boosting: many small trees by LightGBM, kept as its own text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, cast

import lightgbm
import numpy as np

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, Contributions, State, closed
from foretell.models.fitted_once import FittedOnce
from foretell.models.links import bounded, from_link
from foretell.models.training_rows import finite_features, varied_rows
from foretell.project.fingerprints import fingerprint_of_arrays
from foretell.project.objectives import Kind, Target

THREADS = 1
"""Trees this small gain little from a second thread, and lose twentyfold where it has to wait for a busy core."""
FEWEST_ROWS = 40
LEARNING = ("objective", "poisson_max_delta_step", "tweedie_variance_power")
"""Parameters that say nothing about bins."""
OBJECTIVES: dict[Kind, dict[str, object]] = {
    "probability": {"objective": "binary"},
    "count": {"objective": "poisson", "poisson_max_delta_step": 0.7},
    "amount": {"objective": "tweedie", "tweedie_variance_power": 1.5},
}


def deterministic_parameters(seed: int) -> dict[str, object]:
    """What makes LightGBM give the same trees every time."""
    return {
        "seed": seed % 2**31,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": THREADS,
        "verbosity": -1,
    }


@dataclass(frozen=True)
class FittedGradientBoosting:
    """LightGBM's text, and the log of the unit in which counts and amounts were learned."""

    kind: Kind
    feature_names: tuple[str, ...]
    text: str
    log_unit: float

    @cached_property
    def booster(self) -> Any:
        """The trees."""
        return lightgbm.Booster(model_str=self.text)

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self.link(examples), self.kind)

    def link(self, examples: Examples) -> np.ndarray:
        """The bounded sum of the trees."""
        if len(examples) == 0:
            return np.zeros(0)
        raw = self.booster.predict(finite_features(examples), raw_score=True, num_threads=THREADS)
        return bounded(np.asarray(raw) + self.log_unit, self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        """Shapley values of the trees (TreeSHAP)."""
        if len(examples) == 0:
            return Contributions(self.log_unit, self.feature_names, np.zeros((0, len(self.feature_names))))
        shares = self.booster.predict(finite_features(examples), pred_contrib=True, num_threads=THREADS)
        base = float(shares[0, -1]) + self.log_unit
        return closed(base, self.feature_names, shares[:, :-1], self.link(examples))

    def state(self) -> State:
        return {
            "kind": self.kind,
            "feature_names": "\n".join(self.feature_names),
            "text": self.text,
            "log_unit": self.log_unit,
        }


def _binned(rows: Examples, parameters: Mapping[str, object], known: FittedOnce | None) -> lightgbm.Dataset:
    """The rows in LightGBM's bins, made once for all targets that are learned from the same rows."""
    key = (GradientBoosting.name, fingerprint_of_arrays(rows.customer_key, rows.cutoff))
    if known is not None and key in known.prepared:
        return known.prepared[key]
    data = lightgbm.Dataset(
        finite_features(rows),
        np.zeros(len(rows)),
        params={name: parameters[name] for name in parameters if name not in LEARNING},
        feature_name=[f"f{i}" for i in range(len(rows.feature_names))],
    ).construct()
    if known is not None:
        known.prepared[key] = data
    return data


class GradientBoosting:
    """LightGBM with few leaves."""

    name: ClassVar[str] = "gradient_boosting"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"probability", "count", "amount"})
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = "75 LightGBM trees of 7 leaves at rate 0.08 (binary, Poisson or Tweedie deviance)"

    def fit(
        self, examples: Examples, target: Target, seed: int, known: FittedOnce | None = None
    ) -> FittedGradientBoosting:
        """Learn as every model does; targets of the same rows share one binning of their features in `known`."""
        rows, outcome = varied_rows(examples, target)
        if len(outcome) < FEWEST_ROWS:
            raise CannotFit(f"only {len(outcome)} rows have a known outcome; trees need {FEWEST_ROWS}")
        unit = 1.0 if target.kind == "probability" else float(outcome.mean())
        parameters = {
            **deterministic_parameters(seed),
            **OBJECTIVES[target.kind],
            "num_leaves": 7,
            "learning_rate": 0.08,
            "min_data_in_leaf": int(np.clip(len(outcome) // 10, 5, 40)),
            "lambda_l2": 5.0,
            "feature_fraction": 0.3,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "max_bin": 63,
        }
        data = _binned(rows, parameters, known)
        data.set_label(outcome / unit)
        booster = lightgbm.train(parameters, data, num_boost_round=75)
        text = booster.model_to_string()
        return FittedGradientBoosting(target.kind, rows.feature_names, text, float(np.log(unit)))

    def restore(self, state: State) -> FittedGradientBoosting:
        return FittedGradientBoosting(
            cast(Kind, state["kind"]),
            tuple(str(state["feature_names"]).split("\n")),
            str(state["text"]),
            float(cast(float, state["log_unit"])),
        )
