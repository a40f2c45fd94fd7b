"""Every model by name."""

from __future__ import annotations

from foretell.models.baselines.own_rate import OwnRate
from foretell.models.baselines.rfm_cells import FrequencyMoney, RfmCells
from foretell.models.baselines.simple_rules import BaseRate, Recency, StatusQuo
from foretell.models.blend import COUNTS, Blend
from foretell.models.contract import Model
from foretell.models.learners.buy_till_you_die import BgNbd, MbgNbd, ParetoNbd
from foretell.models.learners.decision_tree import DecisionTree
from foretell.models.learners.gradient_boosting import GradientBoosting
from foretell.models.learners.logistic import Logistic, PoissonRegression, TweedieRegression
from foretell.models.learners.neural_network import NeuralNetwork
from foretell.models.learners.orders_times_value import OrdersTimesValue
from foretell.models.learners.random_forest import RandomForest
from foretell.models.learners.rfm_regression import RfmRegression
from foretell.models.several_horizons import SeveralHorizons
from foretell.project.objectives import Kind

ALL: tuple[Model, ...] = (
    BaseRate(),
    Recency(),
    StatusQuo(),
    OwnRate(),
    FrequencyMoney(),
    RfmCells(),
    BgNbd(),
    MbgNbd(),
    ParetoNbd(),
    RfmRegression(),
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
STORED: dict[str, Model] = {**MODELS, SeveralHorizons.name: SeveralHorizons()}
"""What may stand on disk: also the model that serves only where history is short for the horizon."""


def models_for(kind: Kind) -> list[Model]:
    """The models that forecast this kind, baselines first."""
    return [model for model in MODELS.values() if kind in model.kinds]
