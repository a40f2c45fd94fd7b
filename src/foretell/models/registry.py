"""Every model by name, and how a fitted one is kept on disk."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

from foretell.models.baselines import BaseRate, Recency, StatusQuo
from foretell.models.blend import COUNTS, Blend
from foretell.models.buy_till_you_die import BgNbd, MbgNbd, ParetoNbd
from foretell.models.contract import Fitted, Model, State
from foretell.models.decision_tree import DecisionTree
from foretell.models.gradient_boosting import GradientBoosting
from foretell.models.logistic import Logistic, PoissonRegression, TweedieRegression
from foretell.models.longer_horizon import LongerHorizon
from foretell.models.neural_network import NeuralNetwork
from foretell.models.orders_times_value import OrdersTimesValue
from foretell.models.random_forest import RandomForest
from foretell.models.rfm_cells import FrequencyMoney, RfmCells
from foretell.project.errors import InputError
from foretell.project.objectives import Kind

ALL: tuple[Model, ...] = (
    BaseRate(),
    Recency(),
    StatusQuo(),
    FrequencyMoney(),
    RfmCells(),
    BgNbd(),
    MbgNbd(),
    ParetoNbd(),
    Logistic(),
    PoissonRegression(),
    TweedieRegression(),
    DecisionTree(),
    RandomForest(),
    NeuralNetwork(),
    GradientBoosting(),
    OrdersTimesValue(COUNTS),
    Blend(),
)
MODELS: dict[str, Model] = {model.name: model for model in ALL}
STORED: dict[str, Model] = {**MODELS, LongerHorizon.name: LongerHorizon()}
"""What may stand on disk: also the model that serves only where history is shorter than the horizon."""


def models_for(kind: Kind) -> list[Model]:
    """The models that forecast this kind, baselines first."""
    return [model for model in MODELS.values() if kind in model.kinds]


def model_named(name: str) -> Model:
    """The model of that name."""
    if name in STORED:
        return STORED[name]
    raise InputError("The model is not known.", found=name, expected=f"one of: {', '.join(STORED)}")


def save(fitted: Fitted, model: Model, path: Path) -> None:
    """Write `path`.json (the model's name, its numbers and texts) and `path`.npz (its arrays)."""
    state = fitted.state()
    arrays = {key: value for key, value in state.items() if isinstance(value, np.ndarray)}
    plain = {key: value for key, value in state.items() if key not in arrays}
    text = json.dumps({"model": model.name, "arrays": list(arrays), "values": plain}, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = _beside(path, ".npz.half")
    with half.open("wb") as file:
        np.savez(file, *arrays.values(), allow_pickle=False)
    os.replace(half, _beside(path, ".npz"))
    half = _beside(path, ".json.half")
    half.write_text(text, encoding="utf-8")
    os.replace(half, _beside(path, ".json"))


def load(path: Path) -> Fitted:
    """The fitted model that `save` wrote there."""
    try:
        kept = json.loads(_beside(path, ".json").read_text(encoding="utf-8"))
        with np.load(_beside(path, ".npz"), allow_pickle=False) as arrays:
            state: dict[str, np.ndarray | str | int | float] = {
                key: arrays[f"arr_{place}"] for place, key in enumerate(kept["arrays"])
            }
        model = model_named(kept["model"])
        full: State = {**state, **kept["values"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("The stored model cannot be read.", file=str(path), found=str(error)) from error
    return model.restore(full)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
