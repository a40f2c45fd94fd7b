"""Model versions made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from foretell.outcomes.retraining.model_version import ModelVersion, Recipe, Taught

RECIPE = Recipe({"purchase": "blend", "spend": "blend"}, (30,), "net", "quick", 0, "code", ("events",))
TAUGHT = Taught(
    "2026-01-01",
    "2024-01-01",
    1_000,
    400,
    {"orders.csv": 2_000},
    {"customer": "who", "amount": "paid"},
    ("orders_90d", "age_days"),
    {"bg_nbd": 0.4, "gradient_boosting": 0.6},
    "data",
)


def version(number: int = 1, recipe: dict[str, Any] | None = None, **taught: Any) -> ModelVersion:
    """A version; `recipe` and `taught` are what differs from the first one."""
    own = (replace(RECIPE, **(recipe or {})), replace(TAUGHT, **taught))
    return ModelVersion(number, number - 1, number - 1, 10, f"models {number}", "{}", *own)
