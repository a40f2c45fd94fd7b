"""How good probabilities are, under many sets of weights at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial

import numpy as np

from foretell.backtest.metrics.proper_scores import log_loss_of_rows
from foretell.backtest.metrics.ranking import Ranking, area, divided, equal_mass_bins, mass_of_top, sums_by_bin

CALIBRATION_BINS = 15
LOGIT_LIMIT = 30.0


class ProbabilityPanel:
    """Probabilities beside what happened (0 or 1), made ready once for measuring under any weights.

    `predicted` in [0, 1] and `actual` are float64 [rows]. A customer is selected if `predicted >= threshold`.
    """

    def __init__(self, predicted: np.ndarray, actual: np.ndarray, threshold: float | None = None) -> None:
        self.ranking = Ranking.of(predicted)
        self.predicted = predicted[self.ranking.order]
        self.actual = (actual[self.ranking.order] > 0).astype(np.float64)
        self.threshold = threshold

    def __len__(self) -> int:
        return len(self.actual)

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics that apply."""
        return tuple(PROBABILITY_METRICS) + (() if self.threshold is None else tuple(THRESHOLD_METRICS))

    def measure(self, weights: np.ndarray, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
        """Each metric under each of the weights float64 [sets, rows] >= 0: float64 [sets].

        NaN where the metric has no value; every metric has none where the weighted rows are of one class.
        """
        weighted = WeightedProbabilities(self, weights)
        metrics = PROBABILITY_METRICS | THRESHOLD_METRICS
        return {
            name: np.where(weighted.both_classes, metrics[name](weighted), np.nan)
            for name in (self.names if names is None else names)
        }

    @cached_property
    def rows(self) -> np.ndarray:
        """What is summed over rows: positive, log loss, squared error, selected, selected and positive."""
        selected = self.predicted >= (np.inf if self.threshold is None else self.threshold)
        loss = log_loss_of_rows(self.predicted, self.actual)
        error = (self.predicted - self.actual) ** 2
        return np.stack([self.actual, loss, error, selected, selected * self.actual], axis=1)

    @cached_property
    def bins(self) -> np.ndarray:
        """The calibration bin of each row, int64 [rows]."""
        return equal_mass_bins(self.predicted, CALIBRATION_BINS)

    @cached_property
    def calibration_line(self) -> CalibrationLine:
        return CalibrationLine(self.predicted, self.actual)


class WeightedProbabilities:
    """A panel under weights [sets, rows], with the sums that its metrics share; each is float64 [sets]."""

    def __init__(self, panel: ProbabilityPanel, weights: np.ndarray) -> None:
        self.panel = panel
        self.weights = weights[:, panel.ranking.order]
        self.total = self.weights.sum(axis=1)
        sums = self.weights @ panel.rows
        self.positives, self.loss, self.squared_error, self.selected, self.hits = sums.T

    @property
    def both_classes(self) -> np.ndarray:
        return np.asarray((self.positives > 0) & (self.positives < self.total))

    @cached_property
    def cumulated_rows(self) -> np.ndarray:
        return self.panel.ranking.cumulated(self.weights)

    @cached_property
    def cumulated_positives(self) -> np.ndarray:
        return self.panel.ranking.cumulated(self.weights * self.panel.actual)


def _auroc(of: WeightedProbabilities) -> np.ndarray:
    """P(a positive ranks above a negative), ties one half."""
    negatives = of.cumulated_rows - of.cumulated_positives
    return divided(area(negatives, of.cumulated_positives), of.positives * (of.total - of.positives))


def _average_precision(of: WeightedProbabilities) -> np.ndarray:
    """Mean over positives of the precision at their own score, without interpolation."""
    above = of.total[:, None] - of.cumulated_rows[:, :-1]
    hits = of.positives[:, None] - of.cumulated_positives[:, :-1]
    precision = hits / np.where(above > 0, above, 1.0)
    return divided(np.einsum("ij,ij->i", np.diff(of.cumulated_positives, axis=1), precision), of.positives)


def _calibration_error(of: WeightedProbabilities) -> np.ndarray:
    """ECE: mean distance of rate and mean probability over 15 bins, equally large under equal weights."""
    errors = of.weights * (of.panel.predicted - of.panel.actual)
    return divided(np.abs(sums_by_bin(errors, of.panel.bins)).sum(axis=1), of.total)


def _lift(share: float, of: WeightedProbabilities) -> np.ndarray:
    """Rate of positives among the highest `share`, over the rate among all."""
    return divided(mass_of_top(share, of.cumulated_positives, of.cumulated_rows), share * of.positives)


Metric = Callable[[WeightedProbabilities], np.ndarray]
PROBABILITY_METRICS: dict[str, Metric] = {
    "auroc": _auroc,
    "average_precision": _average_precision,
    "log_loss": lambda of: divided(of.loss, of.total),
    "brier": lambda of: divided(of.squared_error, of.total),
    "calibration_error": _calibration_error,
    "calibration_slope": lambda of: of.panel.calibration_line.slope(of.weights),
    "lift_at_5_percent": partial(_lift, 0.05),
    "lift_at_10_percent": partial(_lift, 0.10),
    "lift_at_20_percent": partial(_lift, 0.20),
}
THRESHOLD_METRICS: dict[str, Metric] = {
    "precision": lambda of: divided(of.hits, of.selected),
    "recall": lambda of: divided(of.hits, of.positives),
    "f1": lambda of: divided(2 * of.hits, of.selected + of.positives),
}


class CalibrationLine:
    """Cox's recalibration line (1958): slope 1 is right, under 1 too extreme, over 1 too timid.

    `predicted` in [0, 1] and `actual` (0 or 1) are float64 [rows]; logits are kept within +-30.
    """

    def __init__(self, predicted: np.ndarray, actual: np.ndarray) -> None:
        with np.errstate(divide="ignore"):
            logits = np.log(predicted) - np.log1p(-predicted)
        self.logits = np.clip(logits, -LOGIT_LIMIT, LOGIT_LIMIT)
        self.actual = actual

    def slope(self, weights: np.ndarray) -> np.ndarray:
        """The slope under each of the weights [sets, rows]: float64 [sets], NaN where there is none.

        Equal weights give the maximum likelihood. Others move from it by one Newton step, which is all that a
        bootstrap needs (Moulton and Zeger 1991, Bootstrapping generalized linear models).
        """
        if self.line is None:
            return np.full(len(weights), np.nan)
        return np.asarray(self.line[1] + self._step(weights, *self.line)[:, 1])

    @cached_property
    def line(self) -> tuple[float, float] | None:
        """Intercept and slope of greatest likelihood under equal weights; None if there is none."""
        intercept, slope = 0.0, 1.0
        if not len(self.actual):
            return None
        equal = np.ones((1, len(self.actual)))
        loss = self._loss(intercept, slope)
        for _ in range(60):
            step = self._step(equal, intercept, slope)[0]
            if not np.isfinite(step).all():
                return None
            share = 1.0
            while share > 1e-6 and self._loss(intercept + share * step[0], slope + share * step[1]) > loss:
                share /= 2
            if np.abs(step).max() < 1e-9:
                return intercept, slope
            intercept, slope = intercept + share * step[0], slope + share * step[1]
            loss = self._loss(intercept, slope)
        return None

    def _loss(self, intercept: float, slope: float) -> float:
        line = intercept + slope * self.logits
        return float((np.logaddexp(0.0, line) - self.actual * line).sum())

    def _step(self, weights: np.ndarray, intercept: float, slope: float) -> np.ndarray:
        """The Newton step [sets, 2] from a line; NaN where the logits under the weights do not vary."""
        line = np.clip(intercept + slope * self.logits, -700, 700)
        fitted = 1 / (1 + np.exp(-line))
        error, variance = self.actual - fitted, fitted * (1 - fitted)
        rows = [error, error * self.logits, variance, variance * self.logits, variance * self.logits**2]
        g0, g1, h00, h01, h11 = (weights @ np.stack(rows, axis=1)).T
        determinant = h00 * h11 - h01**2
        known = determinant > 1e-10 * h00 * h11
        scale = np.where(known, determinant, 1.0)
        step = np.stack([(h11 * g0 - h01 * g1) / scale, (h00 * g1 - h01 * g0) / scale], axis=1)
        return np.where(known[:, None], step, np.nan)
