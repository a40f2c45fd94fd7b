"""Two means compared: Welch's interval, corrected for skew where uneven arms leave it standing.

Spend is skewed. In arms of one size the skews cancel and Welch's interval holds; beside a small holdout it misses
mostly on one side. There the cubic transformation of Hall (Journal of the Royal Statistical Society B, 1992), for two
samples as in Zhou and Dinh (Biostatistics, 2005), puts it right. The ratio's interval inverts the same test (Fieller).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri, stdtr, stdtrit

CORRECTED_FROM = 0.1
"""Skew of the estimate, as the arms' sizes alone would have it, from which Welch's interval is corrected."""
FARTHEST_RATIO = 1e6


@dataclass(frozen=True)
class ArmSample:
    """`values` is float64 [units], at least 2: what is averaged, adjusted where it was. `fitted` counts the
    coefficients that the adjustment took from this arm; `slope` is float64 [covariates], empty without one."""

    values: np.ndarray
    slope: np.ndarray
    fitted: int = 0

    @cached_property
    def mean(self) -> float:
        return float(self.values.mean())

    @cached_property
    def variance(self) -> float:
        """Of one unit."""
        return float(((self.values - self.mean) ** 2).sum()) / max(len(self.values) - 1 - self.fitted, 1)

    @cached_property
    def skew(self) -> float:
        """Of one unit, standardised; 0 where all are alike."""
        spread = float(self.values.std())
        return float(((self.values - self.mean) ** 3).mean()) / spread**3 if spread > 0 else 0.0


@dataclass(frozen=True)
class MeanComparison:
    """`arm` beside `control`; `covariance` is float64 [covariates, covariates], that of the covariates' mean over the
    units of both, which an adjustment pulls both means to; `of` says what the means are, `adjusted` how that was done,
    empty without a covariate."""

    control: ArmSample
    arm: ArmSample
    covariance: np.ndarray
    adjusted: str = ""
    of: str = "means"

    @property
    def control_mean(self) -> float:
        return self.control.mean

    @property
    def arm_mean(self) -> float:
        return self.arm.mean

    @property
    def effect(self) -> float:
        """Difference of the means."""
        return self.arm.mean - self.control.mean

    @cached_property
    def error(self) -> float:
        """Standard error of the effect; 0 where no value differs."""
        return math.sqrt(self._variance(1.0))

    @property
    def p_value(self) -> float | None:
        """Of no effect, two-sided; None without a spread."""
        if not self.error:
            return None
        t = self._skewless(self.effect / self.error, self._skew(1.0))
        return float(2 * stdtr(self.freedom, -abs(t)))

    @property
    def method(self) -> str:
        corrected = " corrected for skew (Hall)" if self.is_corrected else ""
        return f"difference of {self.of}, Welch{corrected}{self.adjusted}"

    @cached_property
    def freedom(self) -> float:
        """Degrees of freedom by Welch and Satterthwaite."""
        parts = [(one.variance / len(one.values), len(one.values) - 1 - one.fitted) for one in (self.control, self.arm)]
        below = sum(variance**2 / max(free, 1) for variance, free in parts)
        return sum(variance for variance, _ in parts) ** 2 / below if below else math.inf

    @cached_property
    def is_corrected(self) -> bool:
        """Whether skew is left that matters: by the arms' sizes, so that chance does not choose."""
        n, m = len(self.arm.values), len(self.control.values)
        return abs(self._shape * (1 / n**2 - 1 / m**2) / (1 / n + 1 / m) ** 1.5) > CORRECTED_FROM

    def interval(self, alpha: float) -> tuple[float, float] | None:
        """Low and high of the effect; None without a spread."""
        if not self.error:
            return None
        far, skew = self._far(alpha), self._skew(1.0)
        return (
            self.effect - self.error * self._skewed(far, skew),
            self.effect - self.error * self._skewed(-far, skew),
        )

    def wary_interval(self, alpha: float) -> tuple[float, float] | None:
        """Low and high of the effect at an early look: without the correction, which a few units cannot carry, and with
        the standard error that one variance for both arms gives where that is the larger. A small control in which
        nobody has bought yet has no spread, but is not sure of anything."""
        if not self.wary_error:
            return None
        far = self._far(alpha) * self.wary_error
        return self.effect - far, self.effect + far

    @property
    def wary_z(self) -> float | None:
        """By how many standard errors of a normal law the effect lies off nothing by the wary error."""
        if not self.wary_error:
            return None
        return float(ndtri(max(float(stdtr(self.freedom, -abs(self.effect) / self.wary_error)), 1e-300)))

    @cached_property
    def wary_error(self) -> float:
        """The larger of the standard errors by each arm's variance, and by one for both."""
        return max(self.error, math.sqrt(self._variance(1.0, (self._pooled, self._pooled))))

    def relative_interval(self, alpha: float) -> tuple[float, float] | None:
        """Low and high of the ratio of the means, less 1; None where the control's mean is not surely above 0, so that
        the ratio has no end."""
        if not self.error or self.control.mean <= 0:
            return None
        far, estimate = self._far(alpha), self.arm.mean / self.control.mean

        def t(ratio: float) -> float:
            away = self.arm.mean - ratio * self.control.mean
            variance = self._variance(ratio)
            if not variance:  # an arm in which nobody bought, at the ratio of nothing
                return math.copysign(math.inf, away) if away else 0.0
            return self._skewless(away / math.sqrt(variance), self._skew(ratio))

        low = _crossing(lambda ratio: t(ratio) - far, -FARTHEST_RATIO, estimate)
        high = _crossing(lambda ratio: t(ratio) + far, estimate, FARTHEST_RATIO)
        return None if low is None or high is None else (low - 1, high - 1)

    @cached_property
    def _shape(self) -> float:
        """Skew of one unit, over both arms."""
        n, m = len(self.arm.values), len(self.control.values)
        return (n * self.arm.skew + m * self.control.skew) / (n + m)

    @cached_property
    def _shrunken(self) -> tuple[float, float]:
        """The variance of one unit in the arm and in the control, each halfway to that of both: a small arm's own
        falls when its mean does, and its skew would fall with it just where it is needed."""
        return (self.arm.variance + self._pooled) / 2, (self.control.variance + self._pooled) / 2

    @cached_property
    def _pooled(self) -> float:
        """The variance of one unit, one for both arms."""
        free = [max(len(one.values) - 1 - one.fitted, 1) for one in (self.arm, self.control)]
        return (free[0] * self.arm.variance + free[1] * self.control.variance) / sum(free)

    def _variance(self, ratio: float, units: tuple[float, float] | None = None) -> float:
        """Of the arm's mean less `ratio` times the control's; `units` are the variances of one unit in each, the own
        ones where they are not given."""
        arm, control = units or (self.arm.variance, self.control.variance)
        own = arm / len(self.arm.values) + ratio**2 * control / len(self.control.values)
        if not len(self.arm.slope):
            return own
        pull = self.arm.slope - ratio * self.control.slope
        return own + float(pull @ self.covariance @ pull)

    def _skew(self, ratio: float) -> float:
        """Of the arm's mean less `ratio` times the control's, standardised."""
        if not self.is_corrected:
            return 0.0
        arm, control = self._shrunken
        third = arm**1.5 / len(self.arm.values) ** 2 - (ratio**3) * control**1.5 / len(self.control.values) ** 2
        return self._shape * third / self._variance(ratio, self._shrunken) ** 1.5

    def _far(self, alpha: float) -> float:
        return float(-stdtrit(self.freedom, alpha / 2)) if math.isfinite(self.freedom) else math.inf

    @staticmethod
    def _skewless(t: float, skew: float) -> float:
        """Hall's transformation: a statistic as if it had no skew."""
        return t + skew * (t * t / 3 + 1 / 6) + skew**2 * t**3 / 27

    @staticmethod
    def _skewed(t: float, skew: float) -> float:
        """What the transformation turns into `t`."""
        return t if abs(skew) < 1e-9 else 3 / skew * (math.cbrt(1 + skew * (t - skew / 6)) - 1)


def _crossing(of: Callable[[float], float], low: float, high: float) -> float | None:
    """Where it comes to 0 between two ratios; None where it does not."""
    return float(brentq(of, low, high, xtol=1e-9)) if low < high and of(low) * of(high) < 0 else None
