"""Memberships: from when to when a customer was in a segment, and what moved them into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from foretell.segments.segment_set import Cuts, SegmentSet
from foretell.segments.standing import Moment, Standing, Standings
from foretell.timelines.batch import Timelines

WHY = ("first order", "an order", "a refund", "no order", "already so when the look back begins")
FIRST, ORDERED, REFUNDED, SILENT, BEFORE = range(len(WHY))
NOT_YET = -1


@dataclass(frozen=True)
class Memberships:
    """Stays in segments, one entry each, by customer, then by time. `segment` are codes of the set; `begin` and `end`
    are places in the grid of moments, `end` the number of moments while it lasts; `why` are places in `WHY`: the last
    thing that had happened to the customer since the moment before."""

    customer_key: np.ndarray
    segment: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    why: np.ndarray

    def __len__(self) -> int:
        return len(self.customer_key)

    def of_customers(self, keys: np.ndarray) -> Memberships:
        """The stays of these customers alone."""
        own = np.isin(self.customer_key, keys)
        return self if own.all() else Memberships(*(getattr(self, field.name)[own] for field in fields(self)))


@dataclass(frozen=True)
class LookBack:
    """What gives the memberships of a batch in each set, on a grid of ascending moments: a stay that begins and ends
    between two of them is not seen. Cut points are the ones of today throughout."""

    cutoffs: tuple[int, ...]
    sets: tuple[SegmentSet, ...]
    cuts: Mapping[str, Cuts]
    standings: Standings

    def __call__(self, batch: Timelines) -> list[Memberships]:
        """One a set."""
        key = batch.customer_key
        shape = (len(self.cutoffs), len(key))
        codes = [np.full(shape, NOT_YET, dtype=np.int16) for _ in self.sets]
        why = np.full(shape, SILENT, dtype=np.int8)
        before: Standing | None = None
        for place, found in enumerate(self.standings(batch)):
            rows = np.searchsorted(key, found.customer_key)
            for code, group in zip(codes, self.sets, strict=True):
                code[place, rows] = group.assign(found, self.cuts[group.name])
            why[place, rows] = _why(before, found)
            before = found
        return [stays(key, code, why) for code in codes]


def look_back(
    cutoffs: Sequence[int], sets: Sequence[SegmentSet], cuts: Mapping[str, Cuts], standings: Standings
) -> LookBack:
    """A look back over ascending cutoffs; `standings` tells the window, the survey and the features."""
    moments = tuple(Moment.now(cutoff) for cutoff in cutoffs)
    own = Standings(moments, standings.window_days, standings.survey, standings.features)
    return LookBack(tuple(cutoffs), tuple(sets), cuts, own)


def stays(key: np.ndarray, codes: np.ndarray, why: np.ndarray) -> Memberships:
    """The runs of equal codes down each column of int [moments, customers]; `NOT_YET` is no stay, also where it comes
    again, since an order ended."""
    moments, customers = codes.shape
    changed = np.ones((customers, moments), dtype=bool)
    changed[:, 1:] = (codes[1:] != codes[:-1]).T
    customer, begin = np.nonzero(changed)
    end = np.full(len(begin), moments)
    same = customer[1:] == customer[:-1]
    end[:-1][same] = begin[1:][same]
    is_stay = codes[begin, customer] != NOT_YET
    customer, begin, end = customer[is_stay], begin[is_stay], end[is_stay]
    segment, reason = codes[begin, customer], why[begin, customer]
    return Memberships(key[customer], segment, begin.astype(np.int16), end.astype(np.int16), reason)


def joined_memberships(parts: Sequence[Memberships]) -> Memberships:
    """The memberships of several batches, each of other customers, as one by customer key; at least one."""
    names = ("customer_key", "segment", "begin", "end", "why")
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    order = np.argsort(columns["customer_key"], kind="stable")
    return Memberships(**{name: values[order] for name, values in columns.items()})


def _why(before: Standing | None, now: Standing) -> np.ndarray:
    if before is None:
        return np.full(len(now), BEFORE)
    place = np.searchsorted(before.customer_key, now.customer_key)
    place = np.minimum(place, max(len(before) - 1, 0))
    known = before.customer_key[place] == now.customer_key if len(before) else np.zeros(len(now), dtype=bool)
    earlier = {
        name: np.where(known, before.facts[name][place], 0.0) if len(before) else np.zeros(len(now))
        for name in ("lifetime_orders", "lifetime_spend")
    }
    refunded = now.facts["lifetime_spend"] < earlier["lifetime_spend"]
    ordered = now.facts["lifetime_orders"] > earlier["lifetime_orders"]
    return np.where(~known, FIRST, np.where(ordered, ORDERED, np.where(refunded, REFUNDED, SILENT)))
