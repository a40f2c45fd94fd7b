"""Where forecasts are added up: logit for probabilities, log for counts and amounts."""

from __future__ import annotations

import numpy as np

from foretell.models.contract import Contributions
from foretell.project.objectives import Kind

FURTHEST_LOGIT = 13.0
LOWEST_LOG, HIGHEST_LOG = -16.0, 35.0


def bounded(link: np.ndarray, kind: Kind) -> np.ndarray:
    """Link values inside what a forecast may say: never 0 or 1, never an overflow."""
    low, high = (-FURTHEST_LOGIT, FURTHEST_LOGIT) if kind == "probability" else (LOWEST_LOG, HIGHEST_LOG)
    return np.asarray(np.clip(link, low, high))


def to_link(prediction: np.ndarray, kind: Kind) -> np.ndarray:
    """Bounded logit of a probability, or bounded log of a mean; 0 and 1 go to the bounds."""
    values = np.asarray(prediction, dtype=np.float64)
    with np.errstate(divide="ignore"):
        link = np.log(values) - np.log1p(-values) if kind == "probability" else np.log(np.maximum(values, 0.0))
    return bounded(link, kind)


def from_link(link: np.ndarray, kind: Kind) -> np.ndarray:
    """The forecast at a link value."""
    values = bounded(np.ascontiguousarray(link, dtype=np.float64), kind)
    return np.asarray(1.0 / (1.0 + np.exp(-values)) if kind == "probability" else np.exp(values))


def closed(base: float, names: tuple[str, ...], values: np.ndarray, link: np.ndarray) -> Contributions:
    """Contributions whose sum is the link: what is missing is shared out in proportion to their size."""
    size = np.abs(values)
    total = size.sum(axis=1, keepdims=True)
    share = np.where(total > 0, size / np.where(total > 0, total, 1.0), 1.0 / max(len(names), 1))
    missing = np.asarray(link) - base - values.sum(axis=1)
    return Contributions(base, names, values + share * missing[:, None])
