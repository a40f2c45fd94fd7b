"""Offers told apart: what each offer of a campaign changed, beside those who were kept from that offer.

Which offer somebody is meant to get is settled before the arms are drawn. So each offer has a control of its own, and
an offer that went to better customers does not look better for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.special import ndtri

from foretell.actions.arms import meant_offers
from foretell.actions.assignments import TREATED
from foretell.experiments.comparison import Comparison, ReadOut
from foretell.outcomes.campaign import Drawn, compared, taken
from foretell.outcomes.customer_outcomes import CustomerOutcomes

ERROR_RATE = 0.05
BOUND = float(ndtri(1 - ERROR_RATE / 2))
UNKNOWN = "from which offer the control was kept was not written down: offers are not told apart"


@dataclass(frozen=True)
class OfferResult:
    """One offer: how many treated customers have their window over, and what `found` says of them beside those who
    were kept from it (None: an arm has fewer than two)."""

    offer: str
    contacts: int
    found: ReadOut | None

    def of(self, outcome: str) -> Comparison | None:
        """The comparison in an outcome; None where there is none, or no claim may be made."""
        own = self.found.comparisons if self.found else ()
        return next((one for one in own if one.outcome == outcome and not one.is_stopped), None)

    def as_json(self) -> dict[str, Any]:
        """Plain values; each comparison as an entry of experiment.json."""
        own = self.found.comparisons if self.found else ()
        return {"offer": self.offer, "contacts": self.contacts, "comparisons": [one.as_entry() for one in own]}


def offer_results(
    drawn: Drawn, outcomes: CustomerOutcomes, profit: np.ndarray, offers: Sequence[str], planned: int
) -> tuple[OfferResult, ...]:
    """What each offer changed, in the order of `offers`; nothing where there is one at most, or where it was not
    written down what everybody was meant to get. `profit` is float64 [customers]."""
    meant = meant_offers(drawn.stratum.tolist(), offers)
    if len(offers) < 2 or (meant < 0).any():
        return ()
    found = []
    for place, offer in enumerate(offers):
        rows = meant == place
        own = drawn.taken(rows)
        contacts = int(((own.arm == TREATED) & own.complete).sum())
        found.append(OfferResult(offer, contacts, compared(own, taken(outcomes, rows), profit[rows], planned)))
    return tuple(found)


def better(found: Sequence[OfferResult], outcome: str = "profit") -> tuple[str, str] | None:
    """The two offers furthest apart in an outcome, the better first, where the difference is more than chance; None
    where it is not shown. Whichever pair it is, an error is made in 5 of 100 campaigns at most (Bonferroni, over all
    pairs); call it when all windows are over."""
    told = [(one.offer, effect) for one in found if (effect := _effect(one.of(outcome))) is not None]
    pairs = list(combinations(told, 2))
    if not pairs:
        return None
    bound = float(ndtri(1 - ERROR_RATE / 2 / len(pairs)))

    def apart(pair: tuple[tuple[str, tuple[float, float]], tuple[str, tuple[float, float]]]) -> float:
        (_, (one, error)), (_, (other, other_error)) = pair
        spread = float(np.hypot(error, other_error))
        return abs(one - other) / spread if spread > 0 else 0.0

    first, second = max(pairs, key=apart)
    if apart((first, second)) <= bound:
        return None
    high, low = sorted((first, second), key=lambda one: -one[1][0])
    return high[0], low[0]


def _effect(one: Comparison | None) -> tuple[float, float] | None:
    """An effect and its standard error."""
    if one is None or one.effect is None or one.low is None or one.high is None:
        return None
    return one.effect, (one.high - one.low) / 2 / BOUND
