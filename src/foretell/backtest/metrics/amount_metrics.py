"""How good forecasts of counts and amounts are, under many sets of weights at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import numpy as np

from foretell.backtest.metrics.proper_scores import SCORE_OF_KIND, score_of_rows
from foretell.backtest.metrics.ranking import Ranking, area, divided, equal_mass_bins, sums_by_bin
from foretell.project.objectives import Kind

INTERVAL_LEVEL = 0.8


class AmountPanel:
    """Forecast means beside what happened, made ready once for measuring under any weights.

    All arrays are float64 [rows] in one unit (orders or currency). `median` is what the absolute error judges, the
    mean without it; `low` and `high` bound the 80 % interval.
    """

    def __init__(
        self,
        kind: Kind,
        predicted: np.ndarray,
        actual: np.ndarray,
        *,
        median: np.ndarray | None = None,
        low: np.ndarray | None = None,
        high: np.ndarray | None = None,
    ) -> None:
        self.ranking = Ranking.of(predicted)
        order = self.ranking.order
        self.kind: Kind = kind
        self.predicted, self.actual = predicted[order], actual[order]
        self.median = self.predicted if median is None else median[order]
        self.bounds = None if low is None or high is None else (low[order], high[order])
        self.actual_ranking = Ranking.of(self.actual)

    def __len__(self) -> int:
        return len(self.actual)

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics that apply."""
        intervals = () if self.bounds is None else tuple(INTERVAL_METRICS)
        return (*AMOUNT_METRICS, SCORE_OF_KIND[self.kind], *intervals)

    def measure(self, weights: np.ndarray, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
        """Each metric under each of the weights float64 [sets, rows] >= 0: float64 [sets].

        NaN where the metric has no value; every metric has none where all weighted outcomes are zero.
        """
        weighted = WeightedAmounts(self, weights)
        metrics = AMOUNT_METRICS | INTERVAL_METRICS | {SCORE_OF_KIND[self.kind]: _deviance}
        return {
            name: np.where(weighted.something_happened, metrics[name](weighted), np.nan)
            for name in (self.names if names is None else names)
        }

    @cached_property
    def rows(self) -> np.ndarray:
        """What is summed over rows: actual, happened, absolute, squared and signed error, deviance."""
        error = self.predicted - self.actual
        absolute = np.abs(self.median - self.actual)
        deviance = score_of_rows(self.kind, self.predicted, self.actual)
        return np.stack([self.actual, self.actual != 0, absolute, error**2, error, deviance], axis=1)

    @cached_property
    def interval_rows(self) -> np.ndarray:
        """What is summed over rows: covered, buyer, covered buyer, above, width, interval score."""
        low, high = self.bounds if self.bounds is not None else (self.predicted, self.predicted)
        covered, buyer = (low <= self.actual) & (self.actual <= high), self.actual > 0
        outside = np.maximum(low - self.actual, 0) + np.maximum(self.actual - high, 0)
        score = (high - low) + 2 / (1 - INTERVAL_LEVEL) * outside
        return np.stack([covered, buyer, covered & buyer, self.actual > high, high - low, score], axis=1)

    @cached_property
    def deciles(self) -> np.ndarray:
        """The tenth of each row by forecast, lowest first, int64 [rows]."""
        return equal_mass_bins(self.predicted, 10)


class WeightedAmounts:
    """A panel under weights [sets, rows], with the sums that its metrics share; each is float64 [sets]."""

    def __init__(self, panel: AmountPanel, weights: np.ndarray) -> None:
        self.panel = panel
        self.weights = weights[:, panel.ranking.order]
        self.total = self.weights.sum(axis=1)
        sums = self.weights @ panel.rows
        self.actual, self.happened, self.absolute, self.squared, self.signed, self.deviance = sums.T

    @property
    def something_happened(self) -> np.ndarray:
        return np.asarray(self.happened > 0)

    @cached_property
    def intervals(self) -> np.ndarray:
        """The weighted sums of the interval rows: float64 [6, sets]."""
        return np.asarray((self.weights @ self.panel.interval_rows).T)

    def concentration(self, ranking: Ranking, weights: np.ndarray, actual: np.ndarray) -> np.ndarray:
        """Twice the covariance of amount and rank, times the squared number of rows."""
        ranks = ranking.cumulated(weights)
        return np.asarray(area(ranks, ranking.cumulated(weights * actual)) * 2 - self.total * self.actual)


def _bias(of: WeightedAmounts) -> np.ndarray:
    """Mean forecast minus mean outcome."""
    return divided(of.signed, of.total)


def _relative_bias(of: WeightedAmounts) -> np.ndarray:
    """Forecast total over actual total, minus 1; none where the actual total is not positive."""
    return divided(of.signed, np.maximum(of.actual, 0))


def _normalised_gini(of: WeightedAmounts) -> np.ndarray:
    """Gini of actual amounts in the forecast's order, over that in their own order.

    It is cov(amount, rank of forecast) / cov(amount, rank of amount) (Schechtman and Yitzhaki 1987), so that refunds
    (negative amounts) need no exception; tied forecasts get the mean over their orders.
    """
    panel, own = of.panel, of.panel.actual_ranking
    by_forecast = of.concentration(panel.ranking, of.weights, panel.actual)
    return divided(by_forecast, of.concentration(own, of.weights[:, own.order], panel.actual[own.order]))


def _decile_error(of: WeightedAmounts) -> np.ndarray:
    """Mean absolute error of the ten deciles' totals over the mean total; deciles are those under equal weights."""
    errors = of.weights * (of.panel.predicted - of.panel.actual)
    return divided(np.abs(sums_by_bin(errors, of.panel.deciles)).sum(axis=1), np.maximum(of.actual, 0))


def _deviance(of: WeightedAmounts) -> np.ndarray:
    return divided(of.deviance, of.total)


def _interval_score(of: WeightedAmounts) -> np.ndarray:
    """Width plus 10 x the distance outside (Gneiting and Raftery 2007, equation 43, alpha .2)."""
    return divided(of.intervals[5], of.total)


Metric = Callable[[WeightedAmounts], np.ndarray]
AMOUNT_METRICS: dict[str, Metric] = {
    "mae": lambda of: divided(of.absolute, of.total),
    "rmse": lambda of: np.asarray(np.sqrt(divided(of.squared, of.total))),
    "bias": _bias,
    "relative_bias": _relative_bias,
    "normalised_gini": _normalised_gini,
    "decile_error": _decile_error,
}
INTERVAL_METRICS: dict[str, Metric] = {
    "interval_coverage": lambda of: divided(of.intervals[0], of.total),
    "interval_coverage_of_buyers": lambda of: divided(of.intervals[2], of.intervals[1]),
    "share_above_high": lambda of: divided(of.intervals[3], of.total),
    "interval_width": lambda of: divided(of.intervals[4], of.total),
    "interval_score": _interval_score,
}
