"""What was known before the start, taken out of the outcome (CUPED): the same effect, with less noise.

Deng, Xu, Kohavi and Walker (WSDM 2013). The coefficients are fitted in each arm by itself and both means are pulled to
the covariates' mean over both (Lin, Annals of Applied Statistics 2013): that never loses precision in large arms, also
where they are uneven or the effect differs by what was before, and it does not bias the effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.experiments.means import ArmSample, MeanComparison

PAYS_UNDER = 0.95
"""Share of the control arm's variance that must be left, at most, for the adjustment to pay."""
UNITS_A_COVARIATE = 20
CAPPED_AT = 0.99
"""Quantile of what a covariate is where it is not 0: what lies above counts as that much."""


@dataclass(frozen=True)
class Measured:
    """`values` is float64 [units], `before` float64 [units, covariates] without NaN."""

    values: np.ndarray
    before: np.ndarray


def capped(before: np.ndarray, at: float = CAPPED_AT) -> tuple[np.ndarray, float]:
    """A covariate (or an outcome of one unit of measure) held to a limit, and the limit: the quantile of the values
    that are not 0. One huge customer before must not tilt the coefficient of all. NaN stays NaN."""
    limit = limit_of(before, at)
    return np.minimum(before, limit), limit


def limit_of(before: np.ndarray, at: float) -> float:
    """The quantile of the values that are neither 0 nor NaN; infinite without any."""
    some = before[np.isfinite(before) & (before != 0)]
    return float(np.quantile(some, at)) if len(some) else np.inf


def filled(before: np.ndarray) -> np.ndarray:
    """Each column with its mean where it is NaN: whoever was not there before says nothing for or against."""
    known = np.isfinite(before)
    means = np.where(known, before, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known, before, means)


def share_left(control: Measured) -> float:
    """The share of the control arm's variance that the covariates leave, by the adjusted R squared; 1 where there is
    nothing to fit."""
    units, covariates = control.before.shape
    spread = float(((control.values - control.values.mean()) ** 2).sum())
    if not covariates or units < UNITS_A_COVARIATE * (covariates + 1) or spread == 0:
        return 1.0
    rest = control.values - control.values.mean() - _centred(control.before) @ _slope(control)
    return float((rest**2).sum()) / spread * (units - 1) / (units - 1 - covariates)


def compared_means(control: Measured, arm: Measured, label: str = "before", of: str = "means") -> MeanComparison:
    """The two means, adjusted where that pays in the control arm; `label` names what was known before, `of` what the
    means are."""
    left = share_left(control)
    covariates = control.before.shape[1]
    if left > PAYS_UNDER or len(arm.values) < UNITS_A_COVARIATE * (covariates + 1):
        told = f", not adjusted by {label} ({left:.0%} of the control's variance would be left)" if covariates else ""
        return MeanComparison(_plain(control.values), _plain(arm.values), np.zeros((0, 0)), told, of)
    both = np.concatenate([control.before, arm.before])
    middle = both.mean(axis=0)
    samples = []
    for one in (control, arm):
        slope = _slope(one)
        samples.append(ArmSample(one.values - (one.before - middle) @ slope, slope, covariates))
    covariance = np.atleast_2d(np.cov(both, rowvar=False)) / len(both)
    limit = f"{label} counted up to its {CAPPED_AT:.0%} quantile"
    told = f", adjusted by {label} (CUPED, fitted in each arm, {limit}; {left:.0%} of the control's variance is left)"
    return MeanComparison(samples[0], samples[1], covariance, told, of)


def _plain(values: np.ndarray) -> ArmSample:
    return ArmSample(values, np.zeros(0))


def _centred(before: np.ndarray) -> np.ndarray:
    return np.asarray(before - before.mean(axis=0))


def _slope(one: Measured) -> np.ndarray:
    """float64 [covariates]: least squares in one arm."""
    return np.asarray(np.linalg.lstsq(_centred(one.before), one.values - one.values.mean(), rcond=None)[0])
