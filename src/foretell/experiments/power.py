"""Power: what a comparison of a given size would see, and what size it takes to see something.

Normal approximation of what the read-out asks: does the two-sided interval of the difference leave out nothing? Each
arm has its own variance: Chow, Shao and Wang, Sample Size Calculations in Clinical Research, 2nd ed., 3.2 and 4.2.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

USUAL_POWER = 0.8
USUAL_ALPHA = 0.05
MOST_CUSTOMERS = 10**12
"""More than there are people: a size beyond it is none."""


def seen_with(rate: float, difference: float, control: float, treated: float, alpha: float = USUAL_ALPHA) -> float:
    """The chance (0 to 1) that the interval tells `rate` + `difference` in the treated arm from `rate`.

    `difference` is absolute (.02: two points) and may be negative; sizes are customers.
    """
    _require(rate, control, treated, alpha)
    other = rate + difference
    if not 0 <= other <= 1:
        raise ValueError(f"rate {rate} + difference {difference} is no share")
    if difference == 0:
        return alpha
    error = math.sqrt(rate * (1 - rate) / control + other * (1 - other) / treated)
    if error == 0:
        return 1.0
    away, needed = abs(difference) / error, float(-ndtri(alpha / 2))
    return float(ndtr(away - needed) + ndtr(-away - needed))


def detectable_difference(
    rate: float, control: float, treated: float, power: float = USUAL_POWER, alpha: float = USUAL_ALPHA
) -> float:
    """The smallest rise of a share, in absolute terms, that is seen with that power; infinite where even a rise to 1
    is not, or an arm is empty.

    >>> round(detectable_difference(0.20, control=500, treated=4_500), 3)
    0.053
    """
    if min(control, treated) <= 0:
        return math.inf
    _require(rate, control, treated, alpha)
    most = 1 - rate
    if most <= 0 or seen_with(rate, most, control, treated, alpha) < power:
        return math.inf
    return float(brentq(lambda d: seen_with(rate, d, control, treated, alpha) - power, 1e-12, most, xtol=1e-9))


def detectable_mean_difference(
    deviation: float, control: float, treated: float, power: float = USUAL_POWER, alpha: float = USUAL_ALPHA
) -> float:
    """The smallest difference of two means that is seen with that power, in the unit of `deviation`, the standard
    deviation of one customer's outcome in either arm (what is left of it after an adjustment, where there is one);
    infinite where an arm is empty.

    >>> round(detectable_mean_difference(10.0, control=1_000, treated=1_000), 3)
    1.253
    """
    if min(control, treated) <= 0:
        return math.inf
    return float(ndtri(power) - ndtri(alpha / 2)) * deviation * math.sqrt(1 / control + 1 / treated)


def customers_needed(
    rate: float, difference: float, control_share: float = 0.5, power: float = USUAL_POWER, alpha: float = USUAL_ALPHA
) -> int:
    """How many customers, both arms together, see that difference of a share with that power when `control_share`
    of them (between 0 and 1) are kept aside.

    >>> customers_needed(0.20, 0.053, control_share=0.1)
    5058
    """
    if not 0 < control_share < 1:
        raise ValueError(f"control_share {control_share} is not between 0 and 1")
    if difference == 0:
        raise ValueError("no number of customers sees a difference of nothing")

    def short_of(total: float) -> float:
        return seen_with(rate, difference, total * control_share, total * (1 - control_share), alpha) - power

    return math.ceil(brentq(short_of, 1e-3, MOST_CUSTOMERS, xtol=1e-3, rtol=1e-12)) if short_of(1e-3) < 0 else 1


def smallest_holdout(
    rate: float, difference: float, customers: int, power: float = USUAL_POWER, alpha: float = USUAL_ALPHA
) -> int | None:
    """How few of `customers` must be kept aside so that the rest against them sees that difference of a share;
    None where not even half of them suffices: take more customers, or wait for a larger difference.

    >>> smallest_holdout(0.20, 0.053, 5_000), smallest_holdout(0.20, 0.01, 5_000)
    (507, None)
    """
    if customers < 2 or difference == 0:
        return None

    def sees(control: int) -> bool:
        return seen_with(rate, difference, control, customers - control, alpha) >= power

    low, high = 1, customers // 2
    if not sees(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if sees(middle) else (middle + 1, high)
    return low


def _require(rate: float, control: float, treated: float, alpha: float) -> None:
    if not 0 <= rate <= 1 or not 0 < alpha < 1 or min(control, treated) <= 0:
        raise ValueError(f"no shares or sizes: rate {rate}, control {control}, treated {treated}, alpha {alpha}")
