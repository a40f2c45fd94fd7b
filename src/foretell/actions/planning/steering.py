"""Steering: each customer's own effect of a contact, where past campaigns of a playbook prove that effects differ.

Each offer is a trial of its own: those who were meant to get it, in either arm. What is learned from it tells customers
apart; how much a contact adds on average stays what was measured of the playbook. Where nothing is proved, everybody
counts with that average.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from foretell.actions.draws import drawn
from foretell.examples.flat.columns import FlatColumn
from foretell.examples.flat.table import FlatTable, flat_table
from foretell.project.one_thread import on_one_thread
from foretell.uplift.decision import FEWEST_POSITIVES, LEVEL, arm_effects, decided
from foretell.uplift.proof import proved
from foretell.uplift.stack import fitted_uplift
from foretell.uplift.trial import Trial, Worth, shuffled

CONTROL, CONTACTED = 0, 1
MOST_CUSTOMERS = 20_000
"""More of one offer are not learned from: those stay who are drawn."""


@dataclass(frozen=True)
class Experience:
    """What past campaigns tell of contacts, a row a customer and campaign; arrays of equal length. `meant` is int64,
    the offer (its number in the playbook) that they were to get in the treated arm, -1 where nobody knows; `treated`
    and `ordered` are bool, `propensity` the chance of being treated, `explored` whether nobody chose them; `known` is
    float64 [rows, features], as it was before the draw (NaN: cannot be told)."""

    customer_id: pa.Array
    meant: np.ndarray
    treated: np.ndarray
    ordered: np.ndarray
    propensity: np.ndarray
    explored: np.ndarray
    known: np.ndarray

    def __len__(self) -> int:
        return len(self.treated)

    def taken(self, rows: np.ndarray) -> Experience:
        """Those of some rows (positions, or bool)."""
        at = np.flatnonzero(rows) if rows.dtype == bool else rows
        own = (getattr(self, name)[at] for name in list(self.__annotations__)[1:])
        return Experience(self.customer_id.take(pa.array(at)), *own)


@dataclass(frozen=True)
class OfferSteering:
    """How customers are told apart for one offer: by their own effect (`by_customer`) or not at all, `why` in words,
    and on how many `customers` that rests."""

    offer: str
    by_customer: bool
    why: str
    customers: int


@dataclass(frozen=True)
class Steering:
    """`apart` float64 [offers, customers]: how much more a contact adds to a customer's chance of an order than on
    average over offers and customers; 0 where they are not told apart. `moves` of the same shape is how that would
    change with one standard error of the proof, all customers of an offer together. `offers` say how it was found."""

    apart: np.ndarray
    moves: np.ndarray
    offers: tuple[OfferSteering, ...]

    @property
    def by_customer(self) -> bool:
        """Whether customers are told apart for any offer."""
        return any(one.by_customer for one in self.offers)

    def taken(self, rows: np.ndarray) -> Steering:
        """Of some customers."""
        return replace(self, apart=self.apart[:, rows], moves=self.moves[:, rows])

    def as_json(self) -> dict[str, Any]:
        """Plain values: `used` says whether customers count with an effect of their own for any offer, else with the
        average; and how that was found for each offer."""
        used = "each customer's own" if self.by_customer else "the average"
        return {"used": used, "offers": [vars(one) for one in self.offers]}

    def words(self) -> list[str]:
        """The same in sentences, one an offer, or one for all of them."""
        several = len({(one.by_customer, one.why) for one in self.offers}) > 1
        found = []
        for one in self.offers if several else self.offers[:1]:
            by = "each customer counts with an effect of their own" if one.by_customer else "all count with the average"
            on = f" (learned on {one.customers:,} customers of past campaigns)" if one.customers else ""
            told = f"{one.offer}: {by}{on}: {one.why}." if several else f"{by}{on}: {one.why}."
            found.append(f"{told[:1].upper()}{told[1:]}" if not several else told)
        return found


def unsteered(offers: Sequence[str], customers: int, why: str) -> Steering:
    """Everybody counts with the same effect, and why."""
    none = np.zeros((len(offers), customers))
    return Steering(none, none, tuple(OfferSteering(one, False, why, 0) for one in offers))


@on_one_thread
def steering_of(
    past: Experience, now: np.ndarray, names: Sequence[str], offers: Sequence[str], worth: Sequence[Worth], seed: int
) -> Steering:
    """What past campaigns tell of customers whose features are `now` (float64 [customers, features], with the `names`
    of `past.known`); `worth` is, of each offer, what an order more brings on average, and what a contact costs."""
    apart, moves, told = np.zeros((len(offers), len(now))), np.zeros((len(offers), len(now))), []
    for place, offer in enumerate(offers):
        own = thinned(past.taken(past.meant == place), seed)
        sizes = _orders_of(own)
        if min(sizes) < FEWEST_POSITIVES:
            why = f"too few people: {sizes[0]:,} and {sizes[1]:,} of the arms ordered, {FEWEST_POSITIVES} are needed"
            told.append(OfferSteering(offer, False, why, len(own)))
            continue
        if worth[place].money <= 0:
            why = "an order brings less than the offer takes off"
            told.append(OfferSteering(offer, False, why, len(own)))
            continue
        found, why = _learned(own, now, names, worth[place], (seed, len(offers)))
        if found is not None:
            apart[place], moves[place] = found[0], found[0] / found[1]
        told.append(OfferSteering(offer, found is not None, why, len(own)))
    return Steering(apart, moves, tuple(told))


def thinned(past: Experience, seed: int) -> Experience:
    """The rows as if all had had one chance of being treated, that of most of them: of the others so many of the arm
    that is too large are left out at random. Rows without a chance of either arm are left out; at most
    `MOST_CUSTOMERS` stay."""
    past = past.taken((past.propensity > 0) & (past.propensity < 1))
    if not len(past):
        return past
    chances, counts = np.unique(past.propensity, return_counts=True)
    most = float(chances[np.argmax(counts)])
    ratio = most / (1 - most) * (1 - past.propensity) / past.propensity
    stays = np.minimum(np.where(past.treated, ratio, 1 / ratio), 1.0)
    past = past.taken(drawn(past.customer_id, seed, "thinned") < stays)
    order = np.argsort(drawn(past.customer_id, seed, "learned from"), kind="stable")[:MOST_CUSTOMERS]
    return replace(past.taken(np.sort(order)), propensity=np.full(min(len(past), MOST_CUSTOMERS), most))


def _learned(
    past: Experience, now: np.ndarray, names: Sequence[str], worth: Worth, of: tuple[int, int]
) -> tuple[tuple[np.ndarray, float] | None, str]:
    """How far customers are from the average of those who are learned from, and of how many standard errors the proof
    is; None where there is no proof; and why."""
    seed, offers = of
    share = float(past.propensity[0])
    arms = ("control", "contacted")
    trial = Trial(
        _table(past.known, names),
        past.treated.astype(np.int64),
        past.ordered.astype(np.float64),
        arms,
        np.array([1 - share, share]),
    )
    order = shuffled(trial, seed)
    trial = trial.take(order)
    fitted = fitted_uplift(trial, worth, seed)
    proof = proved(trial, worth, seed)
    found = decided(arm_effects(trial, fitted, worth), proof)
    if found.decision != "target":
        return None, found.why.split(";")[0]
    if proof.p_value * offers >= LEVEL:
        return None, f"nothing shows that effects differ between customers, asked of {offers} offers"
    effects = fitted.own.effects[:, CONTACTED]
    chosen = ~past.explored[order]
    level = float(effects[chosen].mean() if chosen.any() else effects.mean())
    return (fitted.uplift(_table(now, names)).effects[:, CONTACTED] - level, proof.z), found.why


def _table(known: np.ndarray, names: Sequence[str]) -> FlatTable:
    columns = [FlatColumn(name, "number", values) for name, values in zip(names, known.T, strict=True)]
    return flat_table(columns, len(known))


def _orders_of(past: Experience) -> tuple[int, int]:
    """How many of the control ordered, and of the treated."""
    return int((past.ordered & ~past.treated).sum()), int((past.ordered & past.treated).sum())
