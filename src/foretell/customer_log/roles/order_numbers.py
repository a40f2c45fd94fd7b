"""Whether a column numbers orders: one number is one order of a customer within a few days, or it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.dates import ORDERS, moments, order_evidence
from foretell.customer_log.roles.column_facts import ColumnFacts
from foretell.customer_log.roles.doubts import RoleGuess
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.request import OrderBy

FEW_DAYS = 7
FAR_DAYS = 31
RESTARTS = 0.05
"""From this share of the numbers on several rows that lie more than a few days apart, numbers are used again."""
NEARLY_ALL = 0.9
FEWEST, FEWEST_ROWS = 5, 10
NOBODY = 2**62


@dataclass(frozen=True)
class OrderNumbers:
    """What a column of order numbers is worth: `by` is how orders are told apart, None where the column numbers no
    orders, and `is_doubtful` where that cannot be told; `why` says so with figures."""

    by: OrderBy | None
    why: str = ""
    is_doubtful: bool = False


def order_numbers(order: ColumnFacts, customer: ColumnFacts | None, day: np.ndarray) -> OrderNumbers:
    """Believe a column of order numbers only if the data agree. `day` is float64 [rows], NaN where it is not known."""
    known = (order.codes >= 0) & np.isfinite(day)
    if not known.any():
        return OrderNumbers("number")
    codes, days = order.codes[known], day[known].astype(np.int64)
    buyers = np.zeros(len(codes), dtype=np.int64) if customer is None else customer.codes[known].astype(np.int64)
    if customer is not None and (share := _one_number_each(codes, days, buyers)) >= NEARLY_ALL:
        return OrderNumbers(None, f"column is the same on all days of {share:.0%} of those who came on several")
    first, last, several = _span(codes, days)
    few, most = _span(codes, np.where(buyers < 0, NOBODY, buyers))[0], _span(codes, buyers)[1]
    shared = several & (most > few)
    apart = several & (last - first > FEW_DAYS)
    rows = np.unique(codes, return_counts=True)[1][apart].sum()
    if (apart.sum() < FEWEST and rows < FEWEST_ROWS) or apart.sum() < RESTARTS * several.sum():
        again = shared.sum() >= max(FEWEST, RESTARTS * several.sum())
        said = f"{int(shared.sum()):,} of {int(several.sum()):,} on several rows stand under different customers"
        return OrderNumbers("number and day", said) if again else OrderNumbers("number")
    said = f"{int(apart.sum()):,} of {int(several.sum()):,} numbers on several rows lie more than a week apart"
    if (most > few)[apart].mean() >= 0.5:
        return OrderNumbers("number and day", f"{said}, of different customers")
    far = several & (last - first > FAR_DAYS)
    if far.sum() >= 0.2 * several.sum():
        return OrderNumbers("number", f"{said}, of the same customers", is_doubtful=True)
    return OrderNumbers("number", f"{said}")


def _one_number_each(codes: np.ndarray, days: np.ndarray, buyers: np.ndarray) -> float:
    """The share of the customers with several days, a week or more apart, who have one number on all of them."""
    named = buyers >= 0
    first, last, _ = _span(buyers[named], days[named])
    few, most, _ = _span(buyers[named], codes[named].astype(np.int64))
    often = last - first > FEW_DAYS
    return float((few == most)[often].mean()) if often.sum() >= FEWEST else 0.0


def _span(groups: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The smallest and the largest value of each group that occurs, and whether it has several rows."""
    order = np.argsort(groups, kind="stable")
    groups, values = groups[order], values[order]
    starts = np.flatnonzero(np.append(True, groups[1:] != groups[:-1])) if len(groups) else np.zeros(0, int)
    if not len(starts):
        return np.zeros(0, int), np.zeros(0, int), np.zeros(0, bool)
    lengths = np.diff(np.append(starts, len(groups)))
    return np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts), lengths > 1


def believed_numbers(
    sample: pa.Table, facts: Mapping[str, ColumnFacts], roles: Mapping[str, RoleGuess], timezone: str, now: int
) -> OrderNumbers:
    """Whether the column of order numbers is one, by the days and the customers on which its numbers stand."""
    order, time, customer = (roles.get(role) for role in ("order", "time", "customer"))
    if order is None or time is None or order.column not in facts or time.column not in sample.column_names:
        return OrderNumbers("number")
    evidence = order_evidence(sample[time.column], timezone, now, None)
    best = ORDERS[int(np.argmin(evidence.against))] if evidence.needed else None
    read = moments(sample[time.column], best, timezone, now)
    day = np.where(read.reasons == 0, read.happened_at // MICROSECONDS_PER_DAY, np.nan)
    buyers = facts.get(customer.column) if customer is not None else None
    return order_numbers(facts[order.column], buyers, day)
