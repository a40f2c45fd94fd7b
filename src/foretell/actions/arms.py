"""Arms: who of those that may be reached is contacted, and who is kept aside to compare with.

A batch is drawn within strata, so that the arms are alike in what is known of them, and its size is exact. What the
strata cannot share out evenly goes to some of them by a draw (Madow, On the Theory of Systematic Sampling, II, Annals
of Mathematical Statistics 20, 1949): each customer then has the same chance, whatever the size of their stratum, and
that chance is neither 0 nor 1. Triggered customers come one by one: each has a draw of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.actions.draws import drawn, drawn_once

EXPLORED_SHARE = 0.05
"""Of the places of a later campaign, those that go to anybody who may be reached, so that learning never ends."""
AT_RANDOM = "at random: "
"""Before the stratum of those who were taken although nobody chose them."""
MEANT_FOR = "; for "
"""Between a stratum and the offer that its treated get, where a playbook has several."""


@dataclass(frozen=True)
class Draw:
    """What arms are drawn for: the seed of the project, the playbook, and which campaign of it."""

    seed: int
    playbook: str
    campaign: str

    def of(self, customer_id: pa.Array, what: str) -> np.ndarray:
        """float64 [customers] in [0, 1)."""
        return drawn(customer_id, self.seed, self.playbook, self.campaign, what)


@dataclass(frozen=True)
class Arms:
    """Who is in a campaign, in the order of the rows that were drawn from; arrays of equal length.

    `rows` are their rows; `treated` says who is contacted, the others are the control; `propensity` is the chance that
    each of them had to be treated, between 0 and 1; `stratum` within which they were drawn; `offer` is the number of
    the offer that each treated one gets, -1 for the control.
    """

    rows: np.ndarray
    treated: np.ndarray
    propensity: np.ndarray
    stratum: np.ndarray
    offer: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def first_arms(draw: Draw, customer_id: pa.Array, stratum: np.ndarray, places: int, holdout: float) -> Arms:
    """The arms of a playbook's first campaign: a random part of all who may be reached is treated, at most `places`,
    and at least the share `holdout` is not. `customer_id` are distinct texts, `stratum` texts of the same rows."""
    count = len(customer_id)
    total = min(places, round(count * (1 - holdout)))
    treated = treated_within(draw, customer_id, stratum, total)
    return Arms(np.arange(count), treated, np.full(count, total / max(count, 1)), stratum, np.where(treated, 0, -1))


def later_arms(
    draw: Draw, customer_id: pa.Array, stratum: np.ndarray, chosen: np.ndarray, holdout: float, explored: int
) -> Arms:
    """The arms of a later campaign: of those who were `chosen` (bool [customers]) the share `holdout` is kept aside;
    of the others who may be reached, `explored` are treated, and as many are their control."""
    best, rest = np.flatnonzero(chosen), np.flatnonzero(~chosen)
    explored = min(explored, len(rest) // 2)
    order = np.lexsort((_places_of(customer_id.take(pa.array(rest))), draw.of(customer_id, "explored")[rest]))
    taken = np.sort(rest[order][: 2 * explored])
    rows = np.concatenate([best, taken])
    own = np.array(stratum, dtype=object)
    own[taken] = [AT_RANDOM + str(name) for name in stratum[taken]]
    totals = (round(len(best) * (1 - holdout)), explored)
    treated, propensity = np.zeros(len(customer_id), dtype=bool), np.zeros(len(customer_id))
    for part, total in zip((best, taken), totals, strict=True):
        treated[part] = treated_within(draw, customer_id.take(pa.array(part)), own[part], total)
        propensity[part] = total / max(len(part), 1)
    rows = np.sort(rows)
    return Arms(rows, treated[rows], propensity[rows], own[rows], np.where(treated[rows], 0, -1))


def triggered_arms(draw: Draw, customer_id: pa.Array, stratum: np.ndarray, holdout: float) -> Arms:
    """The arms of customers who enter one by one: each by a draw of their own, whoever else enters, and when."""
    treated = draw.of(customer_id, "arm") >= holdout
    count = len(customer_id)
    return Arms(np.arange(count), treated, np.full(count, 1 - holdout), stratum, np.where(treated, 0, -1))


def random_offers(draw: Draw, customer_id: pa.Array, reach: np.ndarray) -> np.ndarray:
    """int64 [customers]: one of several offers for each, whichever arm they will be in: of those that may reach them
    (bool [offers, customers]; the first where none may) each with the same chance."""
    may = reach.T
    rank = np.cumsum(may, axis=1) - 1
    nth = (draw.of(customer_id, "offer") * np.maximum(may.sum(axis=1), 1)).astype(np.int64)
    return np.asarray(np.argmax(may & (rank == nth[:, None]), axis=1))


def meant_for(stratum: np.ndarray, offers: Sequence[str], meant: np.ndarray) -> np.ndarray:
    """texts [customers]: the strata, told apart by the offer that each is meant to get (int64 [customers], of the names
    `offers`), so that each offer has a control of its own; as they are where there is one offer at most."""
    if len(offers) < 2:
        return stratum
    told = [f"{name}{MEANT_FOR}{offers[own]}" for name, own in zip(stratum, meant.tolist(), strict=True)]
    return np.array(told, dtype=object)


def meant_offers(stratum: Iterable[str], offers: Sequence[str]) -> np.ndarray:
    """int64 [customers]: the offer that each was meant to get, whichever arm they are in, by their stratum; -1 where it
    does not say. The only one where there is one.

    >>> meant_offers(["Lost, high risk; for letter", "Lost, high risk"], ["voucher", "letter"]).tolist()
    [1, -1]
    """
    texts = list(stratum)
    if len(offers) == 1:
        return np.zeros(len(texts), dtype=np.int64)
    longest = sorted(range(len(offers)), key=lambda place: -len(offers[place]))
    own = (next((place for place in longest if text.endswith(MEANT_FOR + offers[place])), -1) for text in texts)
    return np.fromiter(own, dtype=np.int64, count=len(texts))


def treated_within(draw: Draw, customer_id: pa.Array, stratum: np.ndarray, total: int) -> np.ndarray:
    """bool [customers]: exactly `total` are treated, in each stratum its share of them but for one customer, and each
    customer with the chance total / customers."""
    treated = np.zeros(len(customer_id), dtype=bool)
    names, code = np.unique(np.asarray(stratum, dtype=str), return_inverse=True)
    seats = seats_of(
        np.bincount(code, minlength=len(names)), total, drawn_once(draw.seed, draw.playbook, draw.campaign)
    )
    order = np.lexsort((_places_of(customer_id), draw.of(customer_id, "arm"), code))
    begins = np.searchsorted(code[order], np.arange(len(names)))
    rank = np.arange(len(order)) - begins[code[order]]
    treated[order] = rank < seats[code[order]]
    return treated


def seats_of(sizes: np.ndarray, total: int, start: float) -> np.ndarray:
    """int64 [strata]: `total` seats shared out by size, each stratum with its quota rounded down or up, up with the
    chance of what is left over when `start` is uniform in [0, 1).

    >>> seats_of(np.array([1, 1, 8]), 5, 0.6).tolist()
    [1, 0, 4]
    """
    count = int(sizes.sum())
    if not 0 <= total <= count:
        raise ValueError(f"{total} seats for {count} customers")
    if not count:
        return np.zeros(len(sizes), dtype=np.int64)
    # In whole numbers of 1 / count of a seat, so that the last bound is the total whatever the start.
    bounds = (np.cumsum(sizes, dtype=np.int64) * total + int(start * count)) // count
    return np.asarray(np.diff(bounds, prepend=0))


def _places_of(customer_id: pa.Array) -> np.ndarray:
    """Where each id stands among the sorted ones: what decides between two equal draws."""
    texts = np.asarray(customer_id.to_pylist(), dtype=str)
    place = np.empty(len(texts), dtype=np.int64)
    place[np.argsort(texts, kind="stable")] = np.arange(len(texts))
    return place
