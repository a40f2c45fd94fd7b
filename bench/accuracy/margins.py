"""How large a difference must be to matter, and how sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Margin:
    """How large a difference must be to matter: absolute, or a share of the other model's value."""

    size: float
    relative: bool
    lower_is_better: bool


MARGINS: dict[str, Margin] = {
    "auroc": Margin(0.004, relative=False, lower_is_better=False),
    "average_precision": Margin(0.006, relative=False, lower_is_better=False),
    "normalised_gini": Margin(0.01, relative=False, lower_is_better=False),
    "log_loss": Margin(0.01, relative=True, lower_is_better=True),
    "poisson_deviance": Margin(0.01, relative=True, lower_is_better=True),
    "tweedie_deviance": Margin(0.01, relative=True, lower_is_better=True),
}


def holm(p_values: np.ndarray) -> np.ndarray:
    """Holm's step-down adjusted p-values (1979), float64 [tests], in the given order.

    >>> holm(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    stepped = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted
