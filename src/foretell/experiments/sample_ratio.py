"""The sample ratio: whether the arms are as large as they were meant to be. Where they are not, units were lost or
added in one arm alone, and no comparison can be believed, however clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import binomtest, chisquare

STOPS_BELOW = 0.001
"""Kohavi, Tang and Xu, Trustworthy Online Controlled Experiments, chapter 21."""
FEWEST_EXPECTED = 5
"""Units that the smallest arm must expect for the chi-square approximation."""
NEARLY_EQUAL = 1.5
"""Arms whose sizes lie within this factor look as if they were meant to be equal."""

Standing = Literal["agrees", "stopped", "assumed equal", "suspect", "not checked"]


@dataclass(frozen=True)
class SampleRatio:
    """`counts` and `shares` by arm, the control first; `shares` sum to 1 and are empty where nothing was checked.
    `p_value` is the chance of arms at least as far off. `standing`: `agrees` or `stopped` by the shares that were
    given; without them `assumed equal` where the arms look so, `suspect` where they look meant equal and are not,
    `not checked` where nobody can tell."""

    counts: Mapping[str, int]
    shares: Mapping[str, float]
    p_value: float | None
    standing: Standing

    @property
    def stops(self) -> bool:
        """Whether no claim may be made."""
        return self.standing == "stopped"


def sample_ratio(counts: Mapping[str, int], shares: Mapping[str, float] | None = None) -> SampleRatio:
    """Hold the sizes of arms against their shares (any positive weights, one for each arm), or against equal ones."""
    if shares is None:
        p_value = _p_value(list(counts.values()), [1 / len(counts)] * len(counts))
        equal = dict.fromkeys(counts, 1 / len(counts))
        if p_value >= STOPS_BELOW:
            return SampleRatio(counts, equal, p_value, "assumed equal")
        if max(counts.values()) <= NEARLY_EQUAL * min(counts.values()):
            return SampleRatio(counts, equal, p_value, "suspect")
        return SampleRatio(counts, {}, None, "not checked")
    if set(shares) != set(counts) or min(shares.values()) <= 0:
        raise ValueError(f"a positive share for each of {', '.join(counts)} is needed")
    whole = sum(shares.values())
    meant = {arm: shares[arm] / whole for arm in counts}
    p_value = _p_value(list(counts.values()), list(meant.values()))
    return SampleRatio(counts, meant, p_value, "stopped" if p_value < STOPS_BELOW else "agrees")


def uneven(incomplete: Mapping[str, int], counts: Mapping[str, int]) -> float:
    """The chance that the shares of units which lack an outcome lie at least so far apart by accident (chi-square)."""
    lacking = np.array([incomplete[arm] for arm in counts], dtype=np.float64)
    sizes = np.array(list(counts.values()), dtype=np.float64)
    share = lacking.sum() / max(sizes.sum(), 1)
    if share in (0.0, 1.0) or min(sizes * share) < FEWEST_EXPECTED or min(sizes * (1 - share)) < FEWEST_EXPECTED:
        return 1.0
    observed = np.concatenate([lacking, sizes - lacking])
    expected = np.concatenate([sizes * share, sizes * (1 - share)])
    return float(chisquare(observed, expected, ddof=len(sizes)).pvalue)


def _p_value(counts: list[int], shares: list[float]) -> float:
    """Exact where an arm expects few units: of two arms the binomial test, of several the least of one arm against
    the others, times their number (Bonferroni)."""
    whole = sum(counts)
    if whole == 0:
        return 1.0
    expected = [whole * share for share in shares]
    if min(expected) >= FEWEST_EXPECTED:
        return float(chisquare(counts, expected).pvalue)
    exact = [float(binomtest(n, whole, share).pvalue) for n, share in zip(counts, shares, strict=True)]
    return exact[0] if len(counts) == 2 else min(1.0, len(counts) * min(exact))
