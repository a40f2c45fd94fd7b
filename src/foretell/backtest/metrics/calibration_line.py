"""The line that would correct probabilities: logit P(actual) = intercept + slope x logit(predicted)."""

from __future__ import annotations

from functools import cached_property

import numpy as np

LOGIT_LIMIT = 30.0


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
