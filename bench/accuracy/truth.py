"""One case of a log: what is known on the day, what happened afterwards, and for whom each question is asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.accuracy.logs import Case, Log
from bench.accuracy.peers.history import History
from foretell.examples.labels import top_tier
from foretell.project.fingerprints import keys_of


@dataclass(frozen=True)
class Asked:
    """The customers with an order before the day; `actual` maps a target to float64 [customers]."""

    log: Log
    case: Case
    customer_ids: np.ndarray
    keys: np.ndarray
    known: History
    actual: dict[str, np.ndarray]
    active: np.ndarray
    outside_tier: np.ndarray


def asked(log: Log, case: Case) -> Asked:
    """The case of a log; the top tier is the tenth with most spend of the window, as in Foretell's definitions."""
    known, who = log.orders.before(case.cutoff)
    end = case.cutoff + case.horizon_days
    if end > log.orders.cutoff:
        raise ValueError(f"{log.name} ends before {case} has passed")
    window = log.orders.before(end)[0]
    present = np.searchsorted(log.orders.before(end)[1], who)
    orders, spend = window.orders(case.cutoff)[present], window.spend(case.cutoff)[present]
    ids = log.customer_ids[who]
    keys = keys_of(str(one) for one in ids)
    tier = top_tier(spend, keys).astype(np.float64)
    actual = {
        "purchase": (orders > 0).astype(np.float64),
        "orders": orders,
        "spend": spend,
        "high_value": tier,
        "becomes_high_value": tier,
    }
    outside = ~top_tier(known.spend(case.cutoff - case.horizon_days), keys)
    return Asked(log, case, ids, keys, known, actual, _active(known, case.horizon_days), outside)


def _active(known: History, horizon_days: int) -> np.ndarray:
    """An order within max(horizon, 3 x the own median gap; the population's under three orders), at most a year."""
    gap = np.diff(known.day).astype(np.float64)
    of = known.customer[1:]
    same = of == known.customer[:-1]
    gap, of = gap[same], of[same]
    order = np.lexsort((gap, of))
    gap, of = gap[order], of[order]
    number = np.bincount(of, minlength=known.customers)
    start = np.cumsum(number) - number
    several = number >= 2
    median = np.full(known.customers, np.median(gap) if len(gap) else 0.0)
    low, high = (number[several] - 1) // 2, number[several] // 2
    median[several] = (gap[start[several] + low] + gap[start[several] + high]) / 2
    window = np.minimum(np.maximum(horizon_days, 3 * median), 365)
    return np.asarray(known.cutoff - known.last() <= window)
