"""Labels, eligibility and facts once more, slowly and plainly."""

from __future__ import annotations

from collections.abc import Mapping

from made_orders import DAY
from plain_timelines import Customer, Part, gaps, local, lower_quantile, purchase_days, within

UNITS = 10_000


def spend(facts: list[Part]) -> float:
    """In currency, never below 0."""
    return max(sum(fact.amount for fact in facts), 0) / UNITS


def labels(parts: tuple[list[Part], list[Part]], cutoff: int, horizon_days: int) -> dict[str, float]:
    """What a customer's orders and adjustments, whenever they became known, gave in `[cutoff, cutoff + horizon)`."""
    ahead = [[part for part in own if cutoff <= part.happened < cutoff + horizon_days * DAY] for own in parts]
    return {"ordered": float(bool(ahead[0])), "orders": float(len(ahead[0])), "spend": spend(ahead[0] + ahead[1])}


def is_active(c: Customer, horizon_days: int) -> bool:
    """An order within max(horizon, 3 x median gap), everybody's gap with fewer than three orders, at most 365 days."""
    own = lower_quantile(gaps(c.orders), 0.5)
    gap = own if len(c.orders) >= 3 and own is not None else c.population.median
    window = min(max(horizon_days, 3 * (gap or 0)), 365)
    return c.cutoff - c.orders[-1].happened <= window * DAY


def own_rate(c: Customer, horizon_days: int) -> float | None:
    """Spend a stretch of the horizon's length, of one who ordered in each of the last three (two in a shorter log)."""
    whole = (c.cutoff - c.population.log_start) // (horizon_days * DAY)
    stretches = 3 if whole >= 3 else 2 if whole == 2 else 0
    ordered = [within(c, c.orders, (back + 1) * horizon_days, back * horizon_days) for back in range(stretches)]
    if not stretches or not all(ordered):
        return None
    length = stretches * horizon_days
    rate = spend(within(c, c.orders, length) + within(c, c.adjustments, length)) / stretches
    return rate if rate > 0 else None


def facts(c: Customer, horizon_days: int, timezone: str) -> dict[str, float]:
    """What baselines and BTYD read."""
    days = purchase_days(c.orders)
    recent = within(c, c.orders, horizon_days)
    windows = (c.cutoff - 1 - c.orders[0].happened) // (horizon_days * DAY)
    later = [order.amount for order in c.orders if order.day != days[0]]
    return {
        "purchase_days": len(days),
        "observed_days": (local(c.cutoff, timezone).date() - days[0]).days,
        "first_to_last_days": (days[-1] - days[0]).days,
        "days_since_last": (c.cutoff - c.orders[-1].happened) / DAY,
        "lifetime_orders": len(c.orders),
        "lifetime_spend": spend(c.orders + c.adjustments),
        "trailing_orders": len(recent),
        "trailing_spend": spend(recent + within(c, c.adjustments, horizon_days)),
        "past_windows": windows,
        "past_windows_ordered": sum(
            bool(within(c, c.orders, (back + 1) * horizon_days, back * horizon_days)) for back in range(windows)
        ),
        "repeat_value_mean": max(sum(later), 0) / UNITS / (len(days) - 1) if len(days) > 1 else 0.0,
    }


def tier(spends: Mapping[int, float]) -> set[int]:
    """The round(10 %) keys with most spend, and spend above 0; equal spend goes by key."""
    ranked = sorted(spends, key=lambda key: (-spends[key], key))
    return {key for key in ranked[: round(len(spends) / 10)] if spends[key] > 0}
