"""Models fitted to the same rows, each once: what several models or targets share is not learned again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, Fitted, Model
from foretell.project.objectives import Target

SHARING = ("blend", "orders_times_value", "gradient_boosting")
"""Models that are made of others, or prepare rows in a way that others can use."""


@dataclass
class FittedOnce:
    """Fits by model and target; a refusal is kept as well. `prepared` is for what a model makes of rows alone."""

    examples: Examples
    seed: int
    found: dict[tuple[str, str], Fitted | CannotFit] = field(default_factory=dict)
    prepared: dict[object, Any] = field(default_factory=dict)

    def fit(self, model: Model, target: Target) -> Fitted:
        """The model fitted to the rows for a target; raises `CannotFit` with the same reason each time."""
        key = (model.name, target.name)
        if key not in self.found:
            try:
                shared = {"known": self} if model.name in SHARING else {}
                self.found[key] = model.fit(self.examples, target, self.seed, **shared)
            except CannotFit as refusal:
                self.found[key] = refusal
        fitted = self.found[key]
        if isinstance(fitted, CannotFit):
            raise fitted
        return fitted
