"""The slow, obvious standing of every customer at a moment, told from order lines alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from made_orders import DAY, Line
from plain_timelines import Part, gaps, local, lower_quantile, population_of, purchase_days, seen

NAN = float("nan")
CURRENCY = 10_000


def plain_standings(
    lines: Sequence[Line], timezone: str, at: int, known_by: int, window_days: int
) -> dict[str, dict[str, float]]:
    """The facts of each customer with an order known by `known_by`, by id: windows end at `at`."""
    nobody_else = population_of([], timezone, known_by)
    found = {}
    for customer_id, customer in seen(lines, timezone, known_by, nobody_else).items():
        orders, money = customer.orders, [*customer.orders, *customer.adjustments]
        inside = [fact for fact in money if at - window_days * DAY <= fact.happened < at]
        days, between = purchase_days(orders), gaps(orders)
        yesterday = local(at, timezone).date() - timedelta(days=1)
        found[customer_id] = {
            "silent_days": (yesterday - days[-1]).days,
            "orders": sum(fact in orders for fact in inside),
            "spend": spend(inside),
            "lifetime_orders": len(orders),
            "lifetime_spend": spend(money),
            "purchase_days": len(days),
            "gap_days": lower_quantile(between, 0.5) if len(days) >= 3 else NAN,
            "last_gap_days": between[-1] if between else NAN,
            "observed_days": (yesterday - days[0]).days + 1,
        }
    return found  # type: ignore[return-value]


def spend(facts: Sequence[Part]) -> float:
    """Money in currency, never below 0."""
    return max(sum(fact.amount for fact in facts), 0) / CURRENCY
