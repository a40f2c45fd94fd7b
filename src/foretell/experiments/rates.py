"""Two shares of customers who did something, compared by the score test.

Shares are rare and arms uneven, where the usual interval (estimate and standard error) misses too often: the score
interval asks of each difference, or ratio, whether the counts would surprise if it were true. Miettinen and Nurminen,
Statistics in Medicine 1985; the ratio after Koopman, Biometrics 1984, with their correction.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

METHOD = "difference of shares, score interval (Miettinen-Nurminen)"
EDGE = 1 - 1e-12
LARGEST_RATIO = 1e9


@dataclass(frozen=True)
class RateComparison:
    """`control_happened` of `control` units did it, `arm_happened` of `arm`; sizes are at least 1."""

    control_happened: int
    control: int
    arm_happened: int
    arm: int

    @property
    def control_mean(self) -> float:
        return self.control_happened / self.control

    @property
    def arm_mean(self) -> float:
        return self.arm_happened / self.arm

    @property
    def effect(self) -> float:
        """Difference of the shares."""
        return self.arm_mean - self.control_mean

    @property
    def p_value(self) -> float:
        """Of no difference, two-sided; under `alpha` exactly where the interval leaves out 0."""
        return float(2 * ndtr(-abs(self.score_of_difference(0.0))))

    @property
    def method(self) -> str:
        return METHOD

    def interval(self, alpha: float) -> tuple[float, float]:
        """Low and high of the difference."""
        low, high = self._limits(self.score_of_difference, self.effect, (-EDGE, EDGE), alpha)
        return (-1.0 if low <= -EDGE else low), (1.0 if high >= EDGE else high)

    def wary_interval(self, alpha: float) -> tuple[float, float]:
        """That of an early look: the score has the variance under each difference, so it needs no more care."""
        return self.interval(alpha)

    @property
    def wary_z(self) -> float:
        """By how many standard errors the counts lie off no difference."""
        return self.score_of_difference(0.0)

    def relative_interval(self, alpha: float) -> tuple[float, float] | None:
        """Low and high of the ratio of the shares, less 1; None where nobody in the control did it, or where the ratio
        has no upper end."""
        if not self.control_happened:
            return None
        centre = math.log(max(self.arm_mean, 0.1 / self.arm) / self.control_mean)
        edge = math.log(LARGEST_RATIO)

        def score(log_ratio: float) -> float:
            return self.score_of_ratio(math.exp(log_ratio))

        low, high = self._limits(score, centre, (-edge, edge), alpha)
        if high >= edge:
            return None
        return (math.exp(low) - 1 if self.arm_happened and low > -edge else -1.0), math.exp(high) - 1

    def score_of_difference(self, difference: float) -> float:
        """By how many standard errors the counts lie above a difference of that size."""
        away = self.effect - difference
        if abs(away) < 1e-15:
            return 0.0
        control = self._control_share_given_difference(difference)
        return self._standardised(away, control, min(max(control + difference, 0.0), 1.0), 1.0)

    def score_of_ratio(self, ratio: float) -> float:
        """By how many standard errors the counts lie above a ratio of that size."""
        away = self.arm_mean - ratio * self.control_mean
        a = (self.control + self.arm) * ratio
        b = -(self.arm * ratio + self.arm_happened + self.control + self.control_happened * ratio)
        c = self.control_happened + self.arm_happened
        control = 2 * c / (-b + math.sqrt(max(b * b - 4 * a * c, 0.0)))
        return self._standardised(away, control, min(ratio * control, 1.0), ratio)

    def _standardised(self, away: float, control: float, arm: float, ratio: float) -> float:
        variance = arm * (1 - arm) / self.arm + ratio**2 * control * (1 - control) / self.control
        whole = self.control + self.arm
        variance *= whole / (whole - 1)
        if variance <= 0:
            return math.copysign(math.inf, away) if away else 0.0
        return away / math.sqrt(variance)

    def _control_share_given_difference(self, difference: float) -> float:
        """The control's likeliest share where the arm's is higher by `difference`: the root of a cubic."""
        odds = self.control / self.arm
        p, q = self.arm_mean, self.control_mean
        a = 1 + odds
        b = -(1 + odds + p + odds * q + difference * (odds + 2))
        c = difference**2 + difference * (2 * p + odds + 1) + p + odds * q
        d = -p * difference * (1 + difference)
        v = (b / a / 3) ** 3 - b * c / (6 * a * a) + d / a / 2
        spread = math.sqrt(max((b / a / 3) ** 2 - c / a / 3, 0.0))
        u = spread if v > 0 else -spread
        turn = min(max(v / u**3, -1.0), 1.0) if u else 1.0
        arm = 2 * u * math.cos((math.pi + math.acos(turn)) / 3) - b / a / 3
        return min(max(arm - difference, 0.0), 1.0)

    @staticmethod
    def _limits(
        score: Callable[[float], float], centre: float, edges: tuple[float, float], alpha: float
    ) -> tuple[float, float]:
        z = float(-ndtri(alpha / 2))
        low, high = edges
        if score(low) > z:
            low = float(brentq(lambda at: score(at) - z, low, min(max(centre, low), high), xtol=1e-10))
        if score(high) < -z:
            high = float(brentq(lambda at: score(at) + z, max(min(centre, high), edges[0]), high, xtol=1e-10))
        return low, high
