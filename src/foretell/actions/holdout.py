"""The holdout: how many are kept aside so that the effect of a campaign can be seen, and the few who are never
contacted, so that all contact together can be judged."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.actions.draws import drawn
from foretell.experiments.power import USUAL_POWER, customers_needed, detectable_difference, seen_with
from foretell.words.wording import percent

SHARES = (0.1, 0.2, 0.3, 0.5)
"""The holdouts that are tried, the smallest first: each customer kept aside is one who is not contacted."""
LEAST_ARM = 2
MOST_RUNS = 520
"""More runs than that are told as never."""
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class Holdout:
    """A holdout of the `share` of those who may be reached; `detects` is the smallest rise of a rate that is seen with
    a power of .8 (infinite: none); `sees` says whether the believed effect is; without, it takes `weeks` of campaigns
    of this size (None: it is seen, or never would be). `words` say all that."""

    share: float
    detects: float
    sees: bool
    weeks: int | None
    words: str


def proposed_holdout(eligible: int, rate: float, effect: float, window_days: int = 60) -> Holdout:
    """The smallest holdout of 10, 20, 30 and 50 % that sees the believed `effect` on the `rate` (both absolute, .02
    are two points) among `eligible` customers; else one half, and for how long one would have to go on, where as many
    are eligible anew in each window of `window_days`.

    >>> proposed_holdout(5_000, 0.20, 0.053).share, proposed_holdout(5_000, 0.20, 0.03).share
    (0.2, 0.5)
    """
    for share in SHARES:
        if _sees(eligible, rate, effect, share):
            return holdout_of(share, eligible, rate, effect, window_days)
    return holdout_of(SHARES[-1], eligible, rate, effect, window_days)


def holdout_of(share: float, eligible: int, rate: float, effect: float, window_days: int = 60) -> Holdout:
    """What a holdout of that share sees; see `proposed_holdout`."""
    control = round(eligible * share)
    detects = detectable_difference(rate, control, eligible - control) if control else math.inf
    kept = f"{percent(share)} are kept aside ({control:,} of {eligible:,})"
    if not control or control >= eligible:
        words = f"{kept}: with nobody to compare with, no effect can be seen." if not control else f"{kept}."
        return Holdout(share, math.inf, False, None, words)
    seen = "no difference of any size is seen" if math.isinf(detects) else f"a rise of {_points(detects)} is seen"
    kept = f"{kept}: {seen} with a power of {percent(USUAL_POWER)}"
    if _sees(eligible, rate, effect, share):
        return Holdout(share, detects, True, None, f"{kept}; {_points(effect)} are believed.")
    weeks = _weeks(eligible, rate, effect, share, window_days)
    longer = "no length of it would see" if weeks is None else f"it takes about {weeks:,} weeks of campaigns to see"
    return Holdout(share, detects, False, weeks, f"{kept}; {longer} the {_points(effect)} that are believed.")


def in_global_holdout(customer_id: pa.Array, seed: int, year: int, share: float) -> np.ndarray:
    """bool [customers]: who is not contacted by any playbook in a calendar year; drawn anew each year, so that nobody
    is left alone for good, and the same whatever playbooks and customers there are."""
    if not share:
        return np.zeros(len(customer_id), dtype=bool)
    return np.asarray(drawn(customer_id, seed, "global holdout", year) < share)


def _sees(eligible: int, rate: float, effect: float, share: float) -> bool:
    control = round(eligible * share)
    possible = effect != 0 and 0 <= rate <= 1 and 0 <= rate + effect <= 1
    if not possible or min(control, eligible - control) < LEAST_ARM:
        return False
    return seen_with(rate, effect, control, eligible - control) >= USUAL_POWER


def _weeks(eligible: int, rate: float, effect: float, share: float, window_days: int) -> int | None:
    if effect == 0 or not 0 <= rate + effect <= 1 or not eligible:
        return None
    runs = math.ceil(customers_needed(rate, effect, share) / eligible)
    return math.ceil(runs * window_days / DAYS_OF_A_WEEK) if runs <= MOST_RUNS else None


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
