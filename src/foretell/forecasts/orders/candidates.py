"""Candidates: which models are compared on which question."""

from __future__ import annotations

from foretell.models.registry import MODELS, models_for
from foretell.project.objectives import Target

BASELINES = tuple(model.name for model in MODELS.values() if model.is_baseline)
OF_TIERS = (
    "base_rate",
    "recency",
    "status_quo",
    "frequency_money",
    "rfm_cells",
    "bg_nbd",
    "logistic",
    "gradient_boosting",
    "blend",
)
SLOW = ("pareto_nbd",)
FOR_PURCHASE_ONLY = ("random_forest", "neural_network")
SELDOM_SERVE = ("decision_tree", "random_forest", "neural_network")
"""Learners that cost most and hardly ever serve."""
MOST_COMPLEX = ("decision_tree", "gradient_boosting", "random_forest", "neural_network", "blend")


def candidates(target: Target) -> list[str]:
    """The models compared for a target, simplest first."""
    names = sorted((model.name for model in models_for(target.kind)), key=_complexity)
    if target.name == "purchase":
        return [name for name in names if name not in SLOW]
    if target.name in ("orders", "spend"):
        return [name for name in names if name not in (*SLOW, *FOR_PURCHASE_ONLY)]
    return [name for name in names if name in OF_TIERS]


def _complexity(name: str) -> int:
    return MOST_COMPLEX.index(name) if name in MOST_COMPLEX else -1
