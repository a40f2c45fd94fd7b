"""Where forecasts are added up: logit for probabilities, log for counts and amounts."""

from __future__ import annotations

import numpy as np

from foretell.project.objectives import Kind

FURTHEST_LOGIT = 13.0
LOWEST_LOG, HIGHEST_LOG = -16.0, 35.0
FURTHEST_SHIFT = 3.0
SMALLEST_MEAN = 1e-9
MOST_STEPS = 60
HALVINGS = 40


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


def shift_to(mean: float, link: np.ndarray, kind: Kind) -> float:
    """What to add to every link so that the forecasts have this mean; held to `FURTHEST_SHIFT`."""
    if kind != "probability":
        shift = np.log(max(mean, SMALLEST_MEAN)) - np.log(max(float(from_link(link, kind).mean()), SMALLEST_MEAN))
        return float(np.clip(shift, -FURTHEST_SHIFT, FURTHEST_SHIFT))
    low, high, shift = -FURTHEST_SHIFT, FURTHEST_SHIFT, 0.0
    for _ in range(MOST_STEPS):
        chance = from_link(link + shift, kind)
        missing, slope = mean - float(chance.mean()), float((chance * (1 - chance)).mean())
        if abs(missing) < 1e-12:
            break
        low, high = (shift, high) if missing > 0 else (low, shift)
        newton = shift + missing / max(slope, SMALLEST_MEAN)
        shift = newton if low < newton < high else (low + high) / 2
    return shift


def shift_below(mean: float, link: np.ndarray, most: np.ndarray) -> float:
    """What to add to every logit so that the chances, none above `most` (float64 [rows]), have this mean; held to
    `FURTHEST_SHIFT`."""
    low, high = -FURTHEST_SHIFT, FURTHEST_SHIFT
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        found = float(np.minimum(from_link(link + middle, "probability"), most).mean())
        low, high = (middle, high) if found < mean else (low, middle)
    return (low + high) / 2
