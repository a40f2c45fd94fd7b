"""The one number by which models of an objective are ranked: the mean of a proper score of each forecast."""

from __future__ import annotations

import numpy as np

from foretell.project.objectives import Kind

SCORE_OF_KIND: dict[Kind, str] = {"probability": "log_loss", "count": "poisson_deviance", "amount": "tweedie_deviance"}
FLOOR_SHARE_OF_MEAN = 0.01


def log_loss_of_rows(predicted: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Minus the log of the probability given to what happened; probabilities are kept one epsilon from 0 and 1."""
    epsilon = np.finfo(np.float64).eps
    kept = np.clip(predicted, epsilon, 1 - epsilon)
    return np.asarray(-np.log(np.where(actual > 0, kept, 1 - kept)))


def poisson_deviance_of_rows(predicted: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """2 (y log(y / m) - y + m) for counts `actual` >= 0, with the floor of `floored`."""
    mean, observed = floored(predicted, actual), np.maximum(actual, 0.0)
    log_ratio = np.log(np.where(observed > 0, observed / mean, 1.0))
    return np.asarray(2 * (observed * log_ratio - observed + mean))


def tweedie_deviance_of_rows(predicted: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """4 (sqrt y - sqrt m)^2 / sqrt m, the Tweedie deviance of power 1.5; a negative net amount counts as 0."""
    mean, observed = floored(predicted, actual), np.maximum(actual, 0.0)
    return np.asarray(4 * (np.sqrt(observed) - np.sqrt(mean)) ** 2 / np.sqrt(mean))


def floored(predicted: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Means kept above a hundredth of the mean outcome, so that a forecast of exactly 0 costs much but not infinity."""
    floor = FLOOR_SHARE_OF_MEAN * float(np.maximum(actual, 0.0).mean()) if len(actual) else 0.0
    return np.asarray(np.maximum(predicted, max(floor, np.finfo(np.float64).tiny)))


def score_of_rows(kind: Kind, predicted: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """The proper score of each row, float64 [rows], lower is better.

    Log loss for probabilities, Poisson deviance for counts, Tweedie deviance (power 1.5) for amounts. The deviances
    are consistent for the mean (Gneiting 2011, Making and Evaluating Point Forecasts, theorem 7), so neither a wrong
    level nor a wrong order can hide; squared error is consistent too, but a handful of wholesalers decides it, and a
    Gini alone is blind to the level.
    """
    scores = {
        "probability": log_loss_of_rows,
        "count": poisson_deviance_of_rows,
        "amount": tweedie_deviance_of_rows,
    }
    return scores[kind](predicted, actual)
