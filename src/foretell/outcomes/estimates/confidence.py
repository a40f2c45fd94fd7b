"""Confidence-based performance: how good forecasts of a chance will prove, told from the chances themselves.

Of a customer with a calibrated chance of p the outcome is 1 with p and 0 with 1 - p. So each customer is counted twice,
as one who did with the weight p and as one who did not with 1 - p, and measured by the very measures of the backtest
(Garg et al. 2022; NannyML calls it CBPE). Other customers than before are seen so; other behaviour of the same ones is
not, since the chances do not know of it.
"""

from __future__ import annotations

import numpy as np

from foretell.backtest.metrics.probability_metrics import ProbabilityPanel

ALWAYS = ("auroc", "log_loss", "brier")
AT_THRESHOLD = ("precision", "recall", "f1")


def expected_measures(predicted: np.ndarray, believed: np.ndarray, threshold: float | None) -> dict[str, float]:
    """What each measure of `predicted` is expected to be where outcomes come with the chances `believed`, both float64
    [customers] in [0, 1]; NaN where it has none. `threshold` None: without those that need one.

    Ratios are those of the expected counts, so that precision, log loss and Brier score are exact, and recall, F1 and
    AUROC are so for many customers.

    >>> round(expected_measures(np.array([0.8, 0.6, 0.1]), np.array([0.8, 0.6, 0.1]), 0.5)["precision"], 3)
    0.7
    """
    twice = np.concatenate([predicted, predicted])
    came = np.concatenate([np.ones(len(predicted)), np.zeros(len(predicted))])
    weights = np.concatenate([believed, 1 - believed])
    found = _measured(ProbabilityPanel(twice, came, threshold), weights, threshold)
    return {**found, "auroc": _of_two(found["auroc"], believed)}


def realised_measures(predicted: np.ndarray, actual: np.ndarray, threshold: float | None) -> dict[str, float]:
    """The same measures beside what happened, float64 [customers] of 0 and 1."""
    return _measured(ProbabilityPanel(predicted, actual, threshold), np.ones(len(predicted)), threshold)


def _measured(panel: ProbabilityPanel, weights: np.ndarray, threshold: float | None) -> dict[str, float]:
    names = ALWAYS if threshold is None else (*ALWAYS, *AT_THRESHOLD)
    if not len(panel):
        return dict.fromkeys(names, float("nan"))
    return {name: float(value[0]) for name, value in panel.measure(weights[None], names).items()}


def _of_two(auroc: float, believed: np.ndarray) -> float:
    """The AUROC over pairs of two customers: nobody is compared with themselves."""
    positives, own = float(believed.sum()), float(np.sum(believed * (1 - believed)))
    pairs = positives * (len(believed) - positives)
    return (auroc * pairs - own / 2) / (pairs - own) if pairs - own > 0 else float("nan")
