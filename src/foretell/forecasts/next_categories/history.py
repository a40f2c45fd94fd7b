"""What each customer bought of which category before a cutoff, and after it: one entry a customer and category.

A category is what an order line names; where no line names one, it is the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from scipy.sparse import csr_array, vstack

from foretell.project.intervals import MICROSECONDS_PER_DAY, days
from foretell.timelines.batch import Timelines
from foretell.timelines.objections import objecting_before
from foretell.timelines.survey import Tally

Kind = Literal["category", "product"]
MOST_COMMON: dict[Kind, int] = {"category": 400, "product": 200}
FEWEST_BUYERS = 20
OF_CUSTOMER = ("customer_key", "orders", "days_since_order", "purchase_days")
OF_PAIR = ("column", "times", "days_since_first", "days_since_last", "lately", "long")


@dataclass(frozen=True)
class Vocabulary:
    """Everything that anybody had bought: the keys of the categories, those with most buyers first. The first `common`
    of them may be named to customers who never bought them; the others only to those who did."""

    kind: Kind
    keys: np.ndarray
    common: int

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class Buyers:
    """Buyers of each category and of each product before a moment; `a + b` adds up batches."""

    category: Tally = field(default_factory=Tally)
    product: Tally = field(default_factory=Tally)

    def __add__(self, other: Buyers) -> Buyers:
        return Buyers(self.category + other.category, self.product + other.product)

    def vocabulary(self) -> Vocabulary:
        """The categories (products where nothing names a category); common are those with `FEWEST_BUYERS`, at most
        `MOST_COMMON`."""
        kind: Kind = "category" if len(self.category) else "product"
        tally = self.category if kind == "category" else self.product
        order = np.lexsort((tally.codes, -tally.counts))
        common = int(np.count_nonzero(tally.counts >= FEWEST_BUYERS))
        return Vocabulary(kind, tally.codes[order], min(common, MOST_COMMON[kind]))


def buyers(batch: Timelines, before: int) -> Buyers:
    """Who bought what in one batch before a moment, refunds left out."""
    batch = batch.at(before)
    lines = batch.lines
    seen = _bought(batch) & (lines.happened_at < before) & (lines.columns["known_at"] < before)

    def tally(kind: Kind) -> Tally:
        keys = lines.columns[kind][seen]
        named = keys != 0
        codes, position = np.unique(keys[named], return_inverse=True)
        if not len(codes):
            return Tally()
        pairs = _distinct(lines.customer[seen][named] * len(codes) + position)
        return Tally(codes, np.bincount(pairs % len(codes), minlength=len(codes)))

    return Buyers(tally("category"), tally("product"))


@dataclass(frozen=True)
class CategoryHistory:
    """Customers who had ordered before a cutoff, and what they bought.

    By customer: `orders` decayed with a half-life of two horizons, `days_since_order`, `purchase_days`. By pair of a
    customer (`row`) and a category (`column`, a place in the vocabulary), in their order: `times` days with a purchase,
    `days_since_first` and `days_since_last`, and purchases decayed by half a horizon (`lately`) and two (`long`).
    `then` is 1 where a customer bought a category in the horizon from the cutoff on, csr [customers, categories].
    """

    customer_key: np.ndarray
    orders: np.ndarray
    days_since_order: np.ndarray
    purchase_days: np.ndarray
    row: np.ndarray
    column: np.ndarray
    times: np.ndarray
    days_since_first: np.ndarray
    days_since_last: np.ndarray
    lately: np.ndarray
    long: np.ndarray
    then: csr_array

    def __len__(self) -> int:
        return len(self.customer_key)

    def by_category(self, values: np.ndarray) -> csr_array:
        """csr [customers, categories]: a value of each pair in its place."""
        return csr_array((values, (self.row, self.column)), shape=self.then.shape)

    def bought_again(self) -> np.ndarray:
        """What `then` says of each pair; none where no customer had bought anything, as before the first cutoffs of a
        log of some days."""
        if not len(self.row):
            return np.zeros(0)
        return np.asarray(self.then[self.row, self.column])

    def among(self, common: int) -> CategoryHistory:
        """The history of the first categories of the vocabulary alone."""
        pairs = np.flatnonzero(self.column < common)
        cut = self._part(slice(None), pairs, self.row[pairs])
        return replace(cut, then=self.then[:, :common])

    def take(self, customers: np.ndarray) -> CategoryHistory:
        """The history of the customers at positions, in that order."""
        place = np.full(len(self), len(self))
        place[customers] = np.arange(len(customers))
        row = place[self.row]
        pairs = np.argsort(row, kind="stable")[: np.count_nonzero(row < len(self))]
        return self._part(customers, pairs, row[pairs])

    def between(self, start: int, stop: int) -> CategoryHistory:
        """The history of the customers from one position to another, without a look at the others."""
        first, last = np.searchsorted(self.row, [start, stop])
        return self._part(slice(start, stop), slice(first, last), self.row[first:last] - start)

    def _part(self, customers: np.ndarray | slice, pairs: np.ndarray | slice, row: np.ndarray) -> CategoryHistory:
        return replace(
            self,
            **{name: getattr(self, name)[customers] for name in OF_CUSTOMER},
            **{name: getattr(self, name)[pairs] for name in OF_PAIR},
            row=row,
            then=self.then[customers],
        )


def category_history(batch: Timelines, cutoff: int, horizon_days: int, vocabulary: Vocabulary) -> CategoryHistory:
    """The history of one batch as it was known at the cutoff, and what came of it as far as the batch knows."""
    outcome, batch = _bought_from(batch, cutoff, horizon_days, vocabulary), batch.at(cutoff)
    lines, orders, width = batch.lines, batch.orders, len(vocabulary)
    happened, known_at = lines.happened_at, lines.columns["known_at"]
    place = _places(lines.columns[vocabulary.kind], vocabulary.keys)
    before = _bought(batch) & (place >= 0) & (happened < cutoff) & (known_at < cutoff)
    age = (cutoff - 1 - happened[before]) // MICROSECONDS_PER_DAY
    longest = int(age.max(initial=0)) + 1
    pair_day = _distinct((lines.customer[before] * width + place[before]) * longest + age)
    pair, age = pair_day // longest, pair_day % longest
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    pairs, times = pair[first], np.diff(np.append(first, len(pair)))
    ordered = (orders.happened_at < cutoff) & (orders.columns["known_at"] < cutoff)
    order_age = np.floor((cutoff - orders.happened_at[ordered]) / MICROSECONDS_PER_DAY)
    owner = orders.customer[ordered]
    latest = np.full(orders.customers, np.inf)
    np.minimum.at(latest, owner, order_age)
    purchase_days = np.bincount(_distinct(owner * 2**20 + order_age.astype(np.int64)) >> 20, minlength=orders.customers)
    known = np.flatnonzero(np.isfinite(latest) & ~objecting_before(batch, cutoff))
    whole = CategoryHistory(
        batch.customer_key,
        np.bincount(owner, np.exp2(-order_age / (2 * horizon_days)), minlength=orders.customers),
        latest,
        purchase_days,
        pairs // width,
        pairs % width,
        times,
        age[first + times - 1],
        age[first],
        np.add.reduceat(np.exp2(-age / (horizon_days / 2)), first) if len(first) else np.zeros(0),
        np.add.reduceat(np.exp2(-age / (2 * horizon_days)), first) if len(first) else np.zeros(0),
        outcome,
    )
    return whole.take(known)


def _bought_from(batch: Timelines, cutoff: int, horizon_days: int, vocabulary: Vocabulary) -> csr_array:
    """csr [customers, categories]: 1 where a customer bought a category in the horizon from the cutoff on."""
    lines, width = batch.lines, len(vocabulary)
    place = _places(lines.columns[vocabulary.kind], vocabulary.keys)
    inside = (lines.happened_at >= cutoff) & (lines.happened_at < cutoff + days(horizon_days))
    after = _bought(batch) & (place >= 0) & inside
    pairs = _distinct(lines.customer[after] * width + place[after])
    return csr_array((np.ones(len(pairs)), (pairs // width, pairs % width)), shape=(lines.customers, width))


def joined(parts: Sequence[CategoryHistory]) -> CategoryHistory:
    """The histories of several batches as one, in the order of their customers' keys; at least one."""
    begins = np.cumsum([0, *(len(part) for part in parts[:-1])])
    whole = CategoryHistory(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in (*OF_CUSTOMER, *OF_PAIR)},
        row=np.concatenate([part.row + begin for part, begin in zip(parts, begins, strict=True)]),
        then=csr_array(vstack([part.then for part in parts])),
    )
    return whole.take(np.argsort(whole.customer_key, kind="stable"))


def _bought(batch: Timelines) -> np.ndarray:
    return np.asarray(batch.lines.columns["amount"] >= 0)


def _places(keys: np.ndarray, vocabulary: np.ndarray) -> np.ndarray:
    """int64: the place of each key in the vocabulary, -1 where it is not in it."""
    if not len(vocabulary):
        return np.full(len(keys), -1)
    order = np.argsort(vocabulary)
    at = np.minimum(np.searchsorted(vocabulary[order], keys), len(order) - 1)
    return np.where(vocabulary[order][at] == keys, order[at], -1)


def _distinct(values: np.ndarray) -> np.ndarray:
    """The values once, ascending: a sort, which is faster here than the hash table of NumPy."""
    ordered = np.sort(values)
    return ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0]
