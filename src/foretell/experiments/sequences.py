"""Bounds that hold at every look, and e-values, which several experiments may be judged by together.

The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (Annals of Statistics 2024,
arXiv 2103.06476, theorem 2.2) mixes a normal prior over effects into a martingale. The bounds are those of the fixed
interval at a smaller error: whoever looks once could afford `alpha`, whoever may look at any time `alpha_at_any_look`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

TUNED_FOR = 5_000
"""Units, both arms together, at which the bounds are tightest where nobody says how many are planned."""


def mixing_weight(planned: float, alpha: float) -> float:
    """The variance of the mixture for which the bounds are tightest at `planned` units; it must be the same at each
    look. Waudby-Smith et al., appendix B.2."""
    return (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / planned


def boundary(units: float, planned: float = TUNED_FOR, alpha: float = 0.05) -> float:
    """By how many standard errors the bounds at `units` units lie off the estimate.

    >>> round(boundary(5_000), 2), round(boundary(500), 2), round(boundary(500_000), 2)
    (3.04, 3.86, 3.56)
    """
    gained = units * mixing_weight(planned, alpha)
    return math.sqrt(2 * (gained + 1) / gained * math.log(math.sqrt(gained + 1) / alpha))


def alpha_at_any_look(units: float, planned: float = TUNED_FOR, alpha: float = 0.05) -> float:
    """The error of the fixed interval that is as wide as the bounds which hold at all looks together with `alpha`."""
    return max(2 * float(ndtr(-boundary(units, planned, alpha))), 1e-300)


def e_value(z: float, units: float, planned: float = TUNED_FOR, alpha: float = 0.05) -> float:
    """The evidence against no effect of an estimate `z` standard errors off nothing: under no effect its mean is at
    most 1 at any look. It reaches 1 / `alpha` exactly where the bounds at that look leave out nothing."""
    gained = units * mixing_weight(planned, alpha)
    return math.exp(min(gained * z * z / (2 * (1 + gained)) - math.log1p(gained) / 2, 700.0))


def e_bh(e_values: Sequence[float] | np.ndarray, alpha: float = 0.05) -> np.ndarray:
    """Which of several experiments (bool, in their order) may be called effective so that at most `alpha` of those
    called so are expected to be false, however the experiments hang together: the e-BH procedure of Wang and Ramdas
    (Journal of the Royal Statistical Society B, 2022).

    >>> e_bh([90.0, 1.2, 0.4, 45.0]).tolist()
    [True, False, False, True]
    """
    values = np.asarray(e_values, dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    ranks = np.arange(1, len(values) + 1)
    reached = np.flatnonzero(ranks * values[order] >= len(values) / alpha)
    called = np.zeros(len(values), dtype=bool)
    if len(reached):
        called[order[: reached[-1] + 1]] = True
    return called
