"""Definitions: whether the log means the same by an order, an amount, a product and a refund from end to end."""

from __future__ import annotations

import math

import numpy as np

from foretell.health.evidence import Evidence, Finding
from foretell.health.weeks import Weeks
from foretell.words.wording import decimal, joined, percent

FEWEST_WEEKS = 4
FEWEST_ORDERS = 5
FACTOR = 1.8
NEAR_WEEKS = 4
SHARP = 0.7
ON_ITS_SIDE = 0.95
WEEKS_WITHOUT = 8
KNOWN_SHARE = 0.5
BEYOND_CHANCE = 1e-6


def changed_definition(evidence: Evidence) -> Finding | None:
    """The amount per order, or the orders of a customer's day, jump by a factor in one week and stay there."""
    weeks = evidence.weeks
    if len(weeks) < 2 * FEWEST_WEEKS:
        return None
    told, days = [], []
    for name, over, under in (
        ("the amount per order", weeks.amount, weeks.orders),
        ("the orders of a customer's day", weeks.orders, weeks.purchase_days),
    ):
        jump = jump_of(over, under)
        if jump is not None:
            week, before, after = jump
            days.append(weeks.day(week))
            told.append(f"{name} went from {decimal(before, 2)} to {decimal(after, 2)}")
    if not told:
        return None
    return Finding(
        "changed definition",
        "warning",
        f"In the week of {days[0]} {joined(told)}, and stayed there.",
        "Did a currency, a unit (cents), or what counts as one order change? Bring one part in line, and run again.",
    )


def jump_of(over: np.ndarray, under: np.ndarray) -> tuple[int, float, float] | None:
    """The week from which `over / under` differs for good, and its medians before and after; None without a jump.

    A jump is at least by `FACTOR`, is nearly whole within `NEAR_WEEKS` around the week, and nearly all weeks lie on
    their side of its middle, so that neither a trend nor a season is one.
    """
    busy = np.flatnonzero((under >= FEWEST_ORDERS) & (over > 0))
    if len(busy) < 2 * FEWEST_WEEKS:
        return None
    logs = np.log(over[busy] / under[busy])
    best: tuple[float, int] | None = None
    for split in range(FEWEST_WEEKS, len(logs) - FEWEST_WEEKS + 1):
        misfit = float(np.abs(logs[:split] - np.median(logs[:split])).sum())
        misfit += float(np.abs(logs[split:] - np.median(logs[split:])).sum())
        if best is None or misfit < best[0]:
            best = misfit, split
    assert best is not None
    split = best[1]
    before, after = float(np.median(logs[:split])), float(np.median(logs[split:]))
    jump, middle = after - before, (before + after) / 2
    near = float(np.median(logs[split : split + NEAR_WEEKS]) - np.median(logs[max(split - NEAR_WEEKS, 0) : split]))
    side = math.copysign(1.0, jump)
    own_side = min(np.mean(side * (logs[:split] - middle) < 0), np.mean(side * (logs[split:] - middle) > 0))
    if abs(jump) < math.log(FACTOR) or side * near < SHARP * abs(jump) or own_side < ON_ITS_SIDE:
        return None
    return int(busy[split]), math.exp(before), math.exp(after)


def late_column(evidence: Evidence) -> Finding | None:
    """Products, or refunds, begin in mid-history: nothing for eight weeks or more, then always."""
    weeks = evidence.weeks
    told = [text for text in (_products(weeks), _refunds(weeks)) if text]
    if not told:
        return None
    return Finding(
        "late column",
        "warning",
        f"{'; '.join(told)}.",
        "Was it written down before? Fill the earlier part, leave the column out, or begin the log at that day.",
    )


def _products(weeks: Weeks) -> str:
    begin = _begin(weeks.product_lines)
    if begin is None:
        return ""
    lines, before = weeks.lines[begin:].sum(), weeks.lines[:begin].sum()
    share = float(weeks.product_lines[begin:].sum() / lines) if lines else 0.0
    if before < 2 * FEWEST_ORDERS or share < KNOWN_SHARE:
        return ""
    return f"Products are named from the week of {weeks.day(begin)} on ({percent(share)} of lines), and never before"


def _refunds(weeks: Weeks) -> str:
    begin = _begin(weeks.refunds)
    if begin is None:
        return ""
    orders, before = weeks.orders[begin:].sum(), weeks.orders[:begin].sum()
    rate = min(float(weeks.refunds[begin:].sum() / orders), 0.99) if orders else 0.0
    if (1 - rate) ** before > BEYOND_CHANCE:
        return ""
    return f"Refunds come from the week of {weeks.day(begin)} on ({percent(rate, 1)} of orders), and never before"


def _begin(counts: np.ndarray) -> int | None:
    """The first week with any, where enough weeks lie before and after it."""
    some = np.flatnonzero(counts > 0)
    if not len(some) or some[0] < WEEKS_WITHOUT or len(counts) - some[0] < FEWEST_WEEKS:
        return None
    return int(some[0])
