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
PROCESSES = ("bg_nbd", "mbg_nbd", "pareto_nbd")
"""They learn from histories, and from no label."""
SELDOM_SERVE = ("decision_tree", *FOR_PURCHASE_ONLY)
"""Learners that cost most and hardly ever serve."""
MOST_COMPLEX = ("decision_tree", "gradient_boosting", "random_forest", "neural_network", "blend")


def candidates(target: Target) -> list[str]:
    """The models compared for a target, simplest first."""
    names = sorted((model.name for model in models_for(target.kind) if model.name not in SLOW), key=_complexity)
    if target.name in ("orders", "spend"):
        return [name for name in names if name not in FOR_PURCHASE_ONLY]
    return names if target.name == "purchase" else [name for name in names if name in OF_TIERS]


def _complexity(name: str) -> int:
    return MOST_COMPLEX.index(name) if name in MOST_COMPLEX else -1
