"""Overlap: what can be told of two files that hold the same times, and of orders that change hands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.customer_log.keyed_lines import are_days
from foretell.customer_log.versions.contents import MIXER
from foretell.customer_log.versions.holders import Holders
from foretell.customer_log.versions.ledger import GONE
from foretell.customer_log.versions.verdicts import Compared
from foretell.project.errors import InputError


def refuse_doubtful_overlap(parts: Sequence[Compared], holders: Holders) -> None:
    """InputError where purchases without an order number stand in another file too, and the two do not say the same of
    the time that they share: which of them count twice cannot be told."""
    equal = sum(int((one.equal & ~one.is_numbered).sum()) for one in parts)
    if not equal:
        return
    shared = sum(int((one.shared & ~one.is_numbered).sum()) for one in parts)
    mine = np.concatenate([one.found.happened_at[~one.is_numbered] for one in parts])
    theirs = np.concatenate([_others(one) for one in parts])
    alone = sum(int((~one.shared & ~one.is_numbered & _within(one.found.happened_at, theirs)).sum()) for one in parts)
    missing = sum(int(_within(_others(one, unmet=True), mine).sum()) for one in parts)
    if shared == equal and not alone and not missing:
        return
    differ = shared - equal + alone + missing
    raise InputError(
        "Two files tell of the same time, and without order numbers it cannot be told what stands in both.",
        file=holders.name,
        found=f"{equal:,} purchases that stand in another file as well, {differ:,} that differ",
        expected="files whose times do not overlap, or a column of order numbers",
        hint="keep the newer of the two files, or name the order number: --columns order=NAME",
    )


def _others(one: Compared, unmet: bool = False) -> np.ndarray:
    """The moments of what other files hold without an order number; `unmet`: and this one does not."""
    load, order = one.known["load"].to_numpy(), one.known["order_key"].to_numpy()
    rows = ~one.own & (load != GONE) & are_days(order)
    return np.asarray(one.known["happened_at"].to_numpy()[rows & (one.place < 0) if unmet else rows])


def _within(moments: np.ndarray, span: np.ndarray) -> np.ndarray:
    return (moments >= span.min()) & (moments <= span.max()) if len(span) else np.zeros(len(moments), dtype=bool)


def mark_moved(parts: Sequence[Compared]) -> None:
    """Mark orders whose customer was another in the file's earlier state: one number and the same content, which the
    file no longer holds under the old customer. A corrected address makes no new order."""
    new, left = [_new(one) for one in parts], [_left(one) for one in parts]
    moved = np.intersect1d(_once(np.concatenate(new)), _once(np.concatenate(left)))
    if not len(moved):
        return
    for one, of_new, of_left in zip(parts, new, left, strict=True):
        one.moved[np.flatnonzero(_is_new(one))] = np.isin(of_new, moved)
        one.left[np.flatnonzero(_is_left(one))] = np.isin(of_left, moved)


def mark_cancelled(parts: Sequence[Compared], no_sales: np.ndarray) -> int:
    """Mark orders that were sales in the file's earlier state and are none now; how many there are."""
    count = 0
    for one in parts:
        cancelled = _is_left(one) & ~one.left & np.isin(one.known["order_key"].to_numpy(), no_sales)
        one.left |= cancelled
        count += int(cancelled.sum())
    return count


def numbers_that_meet(parts: Sequence[Compared]) -> int:
    """Orders that are new under a number that another customer's order has."""
    known = [one.known["order_key"].to_numpy()[one.known["load"].to_numpy() != GONE] for one in parts]
    new = [one.found.order_key[_is_new(one) & ~one.moved] for one in parts]
    return int(np.isin(np.concatenate(new), np.concatenate(known)).sum())


def _is_new(one: Compared) -> np.ndarray:
    return np.asarray(one.is_numbered & ~one.has_own & ~one.has_other & ~one.was_gone)


def _is_left(one: Compared) -> np.ndarray:
    load, order = one.known["load"].to_numpy(), one.known["order_key"].to_numpy()
    return np.asarray((one.place < 0) & one.own & (load > GONE) & ~are_days(order))


def _new(one: Compared) -> np.ndarray:
    rows = _is_new(one)
    return one.found.digest[rows] + one.found.order_key[rows].view(np.uint64) * MIXER


def _left(one: Compared) -> np.ndarray:
    rows = _is_left(one)
    return np.asarray(
        one.known["digest"].to_numpy()[rows] + one.known["order_key"].to_numpy()[rows].view(np.uint64) * MIXER
    )


def _once(values: np.ndarray) -> np.ndarray:
    found, counts = np.unique(values, return_counts=True)
    return found[counts == 1]
