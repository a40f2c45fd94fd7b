"""Shifted-beta-geometric: a contract ends at each renewal with a chance of its own, beta distributed over customers.

Fader and Hardie 2007, How to Project Customer Retention, Journal of Interactive Marketing 21(1). With tenure t counted
in whole intervals and B the beta function:

    S(t) = B(alpha, beta + t) / B(alpha, beta)        r_t = (beta + t - 1) / (alpha + beta + t - 1)

Retention grows with tenure because those who leave easily leave first, not because anybody becomes more loyal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln

from foretell.btyd.maximum_likelihood import maximise
from foretell.btyd.summary import CannotFit

STARTS = ((1.0, 1.0), (0.5, 4.0), (5.0, 50.0))
FEWEST_ENDS = 5


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """Beta(alpha, beta) chance of ending at a renewal; `log_likelihood` at the fit. Tenure: renewals outlived."""

    alpha: float
    beta: float
    log_likelihood: float

    def survival(self, tenure: np.ndarray) -> np.ndarray:
        """P(a contract outlives so many renewals)."""
        grown = betaln(self.alpha, self.beta + np.asarray(tenure, dtype=np.float64))
        return np.asarray(np.exp(grown - betaln(self.alpha, self.beta)))

    def retention(self, tenure: np.ndarray) -> np.ndarray:
        """r_t = P(outlives renewal t | outlived t - 1), for t >= 1."""
        before = self.beta + np.asarray(tenure, dtype=np.float64) - 1.0
        return np.asarray(before / (self.alpha + before))

    def expected_renewals(self, tenure: np.ndarray, horizon: int | None = None) -> np.ndarray:
        """E[renewals still to be outlived | outlived `tenure`], of the next `horizon`; without one, of all to come:
        (beta + tenure) / (alpha - 1), infinite where alpha <= 1."""
        outlived = np.asarray(tenure, dtype=np.float64)
        if horizon is None:
            more = np.inf if self.alpha <= 1 else 1.0 / (self.alpha - 1.0)
            return np.asarray((self.beta + outlived) * more)
        ahead = outlived[..., None] + np.arange(1, horizon + 1)
        return np.asarray(np.cumprod(self.retention(ahead), axis=-1).sum(axis=-1))


def fit(at_risk: np.ndarray, ended: np.ndarray) -> ShiftedBetaGeometric:
    """The maximum likelihood estimate from contracts that came to renewal 1, 2, ... (`at_risk`) and those of them that
    ended there (`ended`), both [renewals].

    Who is not seen at a renewal any more is censored, who came into sight late is counted from there on: both enter by
    the renewals at which they were watched. Raises `CannotFit` under `FEWEST_ENDS` ends, or where nobody went on.
    """
    at_risk, ended = np.asarray(at_risk, dtype=np.float64), np.asarray(ended, dtype=np.float64)
    if (ended < 0).any() or (ended > at_risk).any():
        raise ValueError("at each renewal none to all of those at risk end")
    if ended.sum() < FEWEST_ENDS:
        raise CannotFit(f"only {ended.sum():.0f} contracts ended at a renewal")
    if ended.sum() == at_risk.sum():
        raise CannotFit("no contract outlived a renewal")
    renewal = np.arange(len(at_risk), dtype=np.float64)
    weights = np.concatenate([ended, at_risk - ended])
    (alpha, beta), highest = maximise(lambda parameters: _log_likelihood(parameters, renewal), weights, STARTS)
    return ShiftedBetaGeometric(float(alpha), float(beta), highest)


def _log_likelihood(parameters: np.ndarray, renewal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of ending at each renewal (counted from 0), then of going on there: the log, and its two derivatives."""
    alpha, before = parameters[0], parameters[1] + renewal
    either = alpha + before
    less = -1.0 / either
    by_alpha = np.concatenate([1.0 / alpha + less, less])
    by_beta = np.concatenate([less, 1.0 / before + less])
    logs = np.concatenate([np.log(alpha) - np.log(either), np.log(before) - np.log(either)])
    return logs, np.stack([by_alpha, by_beta])
