"""The small arrays behind the report's charts: calibration, gains, what each threshold gives and which is best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.backtest.metrics.probability_metrics import CALIBRATION_BINS
from foretell.backtest.metrics.ranking import Ranking, divided, equal_mass_bins

Z_OF_90_PERCENT = 1.6448536269514722


@dataclass(frozen=True)
class CalibrationTable:
    """One entry a bin, ascending: mean forecast, mean outcome, its 90 % interval, customers; float64 [bins]."""

    predicted: np.ndarray
    actual: np.ndarray
    low: np.ndarray
    high: np.ndarray
    customers: np.ndarray


@dataclass(frozen=True)
class GainsCurve:
    """Share of the outcome that the highest-ranked share of customers holds; float64 [points], from 0 to 1.

    `best` is the same in the order of the outcomes themselves.
    """

    share_of_customers: np.ndarray
    share_of_outcome: np.ndarray
    best: np.ndarray


@dataclass(frozen=True)
class ThresholdCurve:
    """What selecting `predicted >= threshold` gives, thresholds descending; float64 [points]."""

    threshold: np.ndarray
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray


def calibration_table(predicted: np.ndarray, actual: np.ndarray, bins: int = CALIBRATION_BINS) -> CalibrationTable:
    """Forecast beside outcome in equally large bins by forecast; empty bins are left out, no rows give no bins.

    Outcomes of 0 and 1 get Wilson's interval (1927), others mean +- 1.645 standard errors.
    """
    order = np.lexsort((actual, predicted))
    predicted, actual = predicted[order], actual[order]
    of_row = equal_mass_bins(predicted, bins)
    customers = np.bincount(of_row, minlength=bins).astype(np.float64)
    kept = customers > 0
    n = customers[kept]
    mean_predicted = np.bincount(of_row, predicted, bins)[kept] / n
    mean = np.bincount(of_row, actual, bins)[kept] / n
    if np.isin(actual, (0, 1)).all():
        z = Z_OF_90_PERCENT
        centre = (mean + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(mean * (1 - mean) / n + z**2 / (4 * n**2))
    else:
        deviations = (actual - np.repeat(mean, n.astype(np.int64))) ** 2
        variance = np.bincount(of_row, deviations, bins)[kept] / np.maximum(n - 1, 1)
        centre, half = mean, Z_OF_90_PERCENT * np.sqrt(variance / n)
    return CalibrationTable(mean_predicted, mean, centre - half, centre + half, n)


def gains_curve(predicted: np.ndarray, actual: np.ndarray, points: int = 101) -> GainsCurve | None:
    """Gains of a forecast of probabilities, counts or amounts; None where the outcomes do not sum to more than 0.

    Tied forecasts share their outcome evenly: the mean over all their orders.
    """
    total = float(actual.sum())
    if not total > 0:
        return None
    shares = np.linspace(0, 1, points)
    return GainsCurve(shares, _gains(predicted, actual, shares) / total, _gains(actual, actual, shares) / total)


def threshold_curve(predicted: np.ndarray, actual: np.ndarray, points: int | None = 101) -> ThresholdCurve:
    """Precision, recall and F1 at distinct forecasts as thresholds, at most `points` of them (None: all).

    `actual` is 0 or 1. Recall is NaN where nothing is positive. The points are spread evenly over customers.
    """
    ranking = Ranking.of(-predicted)
    edges = np.arange(len(predicted) + 1) if ranking.edges is None else ranking.edges
    hits = ranking.cumulated(actual[ranking.order][None])[0][1:]
    selected = edges[1:].astype(np.float64)
    if points is not None and len(selected) > points:
        wanted = np.linspace(selected[0], selected[-1], points)
        picked = np.unique(np.searchsorted(selected, wanted))
        edges, hits, selected = np.concatenate([[0], edges[1:][picked]]), hits[picked], selected[picked]
    positives = np.full(len(hits), actual.sum())
    thresholds = predicted[ranking.order][(edges[1:] - 1).astype(np.int64)]
    return ThresholdCurve(
        thresholds,
        divided(hits, selected),
        divided(hits, positives),
        divided(2 * hits, selected + positives),
    )


def best_f1_threshold(predicted: np.ndarray, actual: np.ndarray) -> float | None:
    """The threshold, for `predicted >= threshold`, with the greatest F1 on earlier cutoffs; None if of one class.

    `predicted` in [0, 1] and `actual` (0 or 1) are float64 [rows]. It lies halfway between the last score selected
    and the first that is not, so that a hair's difference on later cutoffs does not move a group of customers. Of
    several equally good thresholds the highest serves, which selects the fewest.

    >>> best_f1_threshold(np.array([0.9, 0.6, 0.4, 0.2]), np.array([1.0, 1.0, 0.0, 0.0]))
    0.5
    """
    if not 0 < actual.sum() < len(actual):
        return None
    curve = threshold_curve(predicted, actual, points=None)
    best = int(np.argmax(curve.f1))
    next_lower = curve.threshold[best + 1] if best + 1 < len(curve.threshold) else curve.threshold[best]
    return float((curve.threshold[best] + next_lower) / 2)


def _gains(by: np.ndarray, actual: np.ndarray, shares: np.ndarray) -> np.ndarray:
    ranking = Ranking.of(-by)
    edges = np.arange(len(by) + 1) if ranking.edges is None else ranking.edges
    return np.asarray(np.interp(shares * len(by), edges, ranking.cumulated(actual[ranking.order][None])[0]))
