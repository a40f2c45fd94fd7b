"""Every feature once more, slowly and plainly: numbers in, a number or None out. None stands for null."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from made_orders import DAY, Line
from plain_timelines import (
    Customer,
    Part,
    code,
    gaps,
    lower_quantile,
    order_key,
    purchase_days,
    text_key,
    within,
)

Plain = Callable[..., float | None]
UNITS = 10_000
WINDOWS = (7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True)
class Oracle:
    """What a feature must give; `exact` for counts and sums of money."""

    compute: Callable[[Customer], float | None]
    exact: bool


ORACLES: dict[str, Oracle] = {}


def oracle(name: str, over: Iterable[int] = (), exact: bool = False) -> Callable[[Plain], Plain]:
    """Declare the oracle of one feature, or of one for each window."""

    def declare(function: Plain) -> Plain:
        for days in over or (None,):
            compute = function if days is None else partial(function, days=days)
            ORACLES[name if days is None else name.format(days=days)] = Oracle(compute, exact)
        return function

    return declare


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def money(facts: Sequence[Part]) -> float:
    return sum(fact.amount for fact in facts) / UNITS


# basket


@oracle("lines_per_order_life")
def _(c: Customer) -> float | None:
    return mean([order.lines for order in c.orders])


@oracle("lines_per_order_{days}d", over=(90, 365))
def _(c: Customer, days: int) -> float | None:
    return mean([order.lines for order in within(c, c.orders, days)])


@oracle("lines_last_order", exact=True)
def _(c: Customer) -> float | None:
    return c.orders[-1].lines


@oracle("pieces_per_order_life")
def _(c: Customer) -> float | None:
    return sum(order.units for order in c.orders) / 1000 / len(c.orders)


@oracle("pieces_last_order", exact=True)
def _(c: Customer) -> float | None:
    return c.orders[-1].units / 1000


@oracle("price_per_piece_life")
def _(c: Customer) -> float | None:
    pieces = sum(order.units for order in c.orders) / 1000
    return money(c.orders) / pieces if pieces else None


# calendar


@oracle("weekend_share")
def _(c: Customer) -> float | None:
    return mean([float(order.clock.isoweekday() >= 6) for order in c.orders])


@oracle("weekday_concentration")
def _(c: Customer) -> float | None:
    counts = Counter(order.clock.isoweekday() for order in c.orders)
    return sum((count / len(c.orders)) ** 2 for count in counts.values())


def has_times(c: Customer) -> bool:
    return any(order.clock.time().isoformat() != "00:00:00" for order in c.orders)


@oracle("evening_share")
def _(c: Customer) -> float | None:
    return mean([float(order.clock.hour >= 17) for order in c.orders]) if has_times(c) else None


@oracle("hour_mean")
def _(c: Customer) -> float | None:
    return mean([order.clock.hour for order in c.orders]) if has_times(c) else None


# first order


def begun_in_log(c: Customer) -> bool:
    p95 = c.population.p95
    return p95 is not None and c.orders[0].happened >= c.population.log_start + p95 * DAY


@oracle("first_order_value", exact=True)
def _(c: Customer) -> float | None:
    return c.orders[0].amount / UNITS if begun_in_log(c) else None


@oracle("first_order_lines", exact=True)
def _(c: Customer) -> float | None:
    return c.orders[0].lines if begun_in_log(c) else None


@oracle("first_order_pieces", exact=True)
def _(c: Customer) -> float | None:
    return c.orders[0].units / 1000 if begun_in_log(c) else None


@oracle("age_days")
def _(c: Customer) -> float | None:
    return (c.cutoff - c.orders[0].happened) / DAY if begun_in_log(c) else None


@oracle("days_first_to_last_order")
def _(c: Customer) -> float | None:
    return (c.orders[-1].happened - c.orders[0].happened) / DAY


@oracle("orders_per_active_month")
def _(c: Customer) -> float | None:
    months = (c.cutoff - c.orders[0].happened) / DAY / 30
    return len(c.orders) / max(months, 1)


# first order kind


@oracle("first_order_country", exact=True)
def _(c: Customer) -> float | None:
    return c.orders[0].country


@oracle("first_order_channel", exact=True)
def _(c: Customer) -> float | None:
    return c.orders[0].channel


@oracle("first_order_category", exact=True)
def _(c: Customer) -> float | None:
    def place(line: Line) -> tuple[int, ...]:
        return line.happened_at, order_key(line, c.timezone), text_key(line.product), text_key(line.category)

    first = min((line for line in c.lines if line.product or line.category), key=place, default=None)
    return code(first.category) if first and first.category else None


@oracle("first_order_discounted", exact=True)
def _(c: Customer) -> float | None:
    return float(c.orders[0].discount > 0) if begun_in_log(c) else None


@oracle("first_order_discount_share")
def _(c: Customer) -> float | None:
    off = c.orders[0].discount
    price = max(c.orders[0].amount, 0) + off
    return off / price if begun_in_log(c) and price else None


# frequency


@oracle("orders_{days}d", over=WINDOWS, exact=True)
def _(c: Customer, days: int) -> float | None:
    return len(within(c, c.orders, days))


@oracle("orders_life", exact=True)
def _(c: Customer) -> float | None:
    return len(c.orders)


@oracle("purchase_days_{days}d", over=(30, 90, 365), exact=True)
def _(c: Customer, days: int) -> float | None:
    recent = within(c, c.orders, days)
    before = {order.day for order in c.orders if order not in recent}
    return len({order.day for order in recent} - before)


@oracle("purchase_days_life", exact=True)
def _(c: Customer) -> float | None:
    return len(purchase_days(c.orders))


@oracle("orders_decayed_{days}d", over=(15, 45, 120, 365))
def _(c: Customer, days: int) -> float | None:
    return sum(0.5 ** ((c.cutoff - order.happened) // DAY / days) for order in c.orders)


@oracle("orders_trend_{days}d", over=(30, 90, 180))
def _(c: Customer, days: int) -> float | None:
    recent, before = within(c, c.orders, days), within(c, c.orders, 2 * days, days)
    return math.log((len(recent) + 1) / (len(before) + 1))


def reaches_back_a_year(c: Customer) -> bool:
    return c.population.log_start <= c.cutoff - 365 * DAY


@oracle("orders_same_season_{days}d", over=(30, 90), exact=True)
def _(c: Customer, days: int) -> float | None:
    return len(within(c, c.orders, 365, 365 - days)) if reaches_back_a_year(c) else None


@oracle("free_orders_life", exact=True)
def _(c: Customer) -> float | None:
    return sum(order.amount == 0 for order in c.orders)


# gaps


@oracle("gap_days_mean")
def _(c: Customer) -> float | None:
    return mean(gaps(c.orders))


@oracle("gap_days_median", exact=True)
def _(c: Customer) -> float | None:
    return lower_quantile(gaps(c.orders), 0.5)


@oracle("gap_days_p90", exact=True)
def _(c: Customer) -> float | None:
    return lower_quantile(gaps(c.orders), 0.9)


@oracle("gap_days_max", exact=True)
def _(c: Customer) -> float | None:
    return max(gaps(c.orders), default=None)


def last_gap(c: Customer) -> float | None:
    return (c.orders[-1].happened - c.orders[-2].happened) / DAY if len(c.orders) > 1 else None


@oracle("gap_days_last")
def _(c: Customer) -> float | None:
    return last_gap(c)


@oracle("gap_variation")
def _(c: Customer) -> float | None:
    apart = gaps(c.orders)
    return spread(apart) / (sum(apart) / len(apart) + 1) if len(apart) > 1 else None


@oracle("gap_lengthening")
def _(c: Customer) -> float | None:
    last, usual = last_gap(c), mean(gaps(c.orders))
    return None if last is None or usual is None else math.log((last + 1) / (usual + 1))


@oracle("days_to_second_order")
def _(c: Customer) -> float | None:
    return (c.orders[1].happened - c.orders[0].happened) / DAY if len(c.orders) > 1 else None


def spread(values: Sequence[float]) -> float:
    middle = sum(values) / len(values)
    return math.sqrt(sum((value - middle) ** 2 for value in values) / len(values))


# money


@oracle("spend_{days}d", over=WINDOWS, exact=True)
def _(c: Customer, days: int) -> float | None:
    return money(within(c, c.orders, days) + within(c, c.adjustments, days))


@oracle("spend_life", exact=True)
def _(c: Customer) -> float | None:
    return money(c.orders + c.adjustments)


@oracle("spend_decayed_{days}d", over=(45, 180))
def _(c: Customer, days: int) -> float | None:
    return sum(order.amount * 0.5 ** ((c.cutoff - order.happened) // DAY / days) for order in c.orders) / UNITS


@oracle("order_value_mean_{days}d", over=(90, 365))
def _(c: Customer, days: int) -> float | None:
    return mean([order.amount / UNITS for order in within(c, c.orders, days)])


@oracle("order_value_mean_life")
def _(c: Customer) -> float | None:
    return mean([order.amount / UNITS for order in c.orders])


@oracle("order_value_last", exact=True)
def _(c: Customer) -> float | None:
    return c.orders[-1].amount / UNITS


@oracle("order_value_max_life", exact=True)
def _(c: Customer) -> float | None:
    return max(order.amount for order in c.orders) / UNITS


def logs(orders: Sequence[Part]) -> list[float]:
    """log(1 + amount) to five decimals, an amount below 0 as 0."""
    return [round(math.log1p(max(order.amount, 0) / UNITS) * 1e5) / 1e5 for order in orders]


@oracle("order_value_log_mean")
def _(c: Customer) -> float | None:
    return mean(logs(c.orders))


@oracle("order_value_log_spread")
def _(c: Customer) -> float | None:
    return spread(logs(c.orders)) if len(c.orders) > 1 else None


@oracle("last_to_typical_value")
def _(c: Customer) -> float | None:
    values = logs(c.orders)
    return values[-1] - sum(values) / len(values)


@oracle("spend_trend_{days}d", over=(30, 90, 180))
def _(c: Customer, days: int) -> float | None:
    recent, before = money(within(c, c.orders, days)), money(within(c, c.orders, 2 * days, days))
    typical = max(math.expm1(sum(logs(c.orders)) / len(c.orders)), 1e-4)
    return math.log((max(recent, 0) + typical) / (max(before, 0) + typical))


@oracle("spend_same_season_{days}d", over=(30, 90), exact=True)
def _(c: Customer, days: int) -> float | None:
    season = within(c, c.orders, 365, 365 - days) + within(c, c.adjustments, 365, 365 - days)
    return money(season) if reaches_back_a_year(c) else None


# products


def named(lines: Sequence[Line], kind: str) -> list[str]:
    return [name for line in lines if (name := getattr(line, kind)) is not None]


def in_last(c: Customer, days: int) -> list[Line]:
    return [line for line in c.lines if line.happened_at >= c.cutoff - days * DAY]


def distinct(c: Customer, kind: str, lines: Sequence[Line]) -> float | None:
    return len(set(named(lines, kind))) if named(c.lines, kind) else None


def concentration(c: Customer, kind: str) -> float | None:
    names = named(c.lines, kind)
    return sum((count / len(names)) ** 2 for count in Counter(names).values()) if names else None


@oracle("products_life", exact=True)
def _(c: Customer) -> float | None:
    return distinct(c, "product", c.lines)


@oracle("products_{days}d", over=(90, 365), exact=True)
def _(c: Customer, days: int) -> float | None:
    return distinct(c, "product", in_last(c, days))


@oracle("new_products_{days}d", over=(90,), exact=True)
def _(c: Customer, days: int) -> float | None:
    recent = in_last(c, days)
    before = set(named([line for line in c.lines if line.happened_at < c.cutoff - days * DAY], "product"))
    return len(set(named(recent, "product")) - before) if named(c.lines, "product") else None


@oracle("product_concentration")
def _(c: Customer) -> float | None:
    return concentration(c, "product")


@oracle("repeat_product_share")
def _(c: Customer) -> float | None:
    names = named(c.lines, "product")
    return (len(names) - len(set(names))) / len(names) if names else None


@oracle("categories_life", exact=True)
def _(c: Customer) -> float | None:
    return distinct(c, "category", c.lines)


@oracle("categories_{days}d", over=(90, 365), exact=True)
def _(c: Customer, days: int) -> float | None:
    return distinct(c, "category", in_last(c, days))


@oracle("category_concentration")
def _(c: Customer) -> float | None:
    return concentration(c, "category")


# recency


def hiatus(c: Customer) -> float:
    return (c.cutoff - c.orders[-1].happened) / DAY


def over(part: float, whole: float | None) -> float | None:
    """With a day added to both."""
    return None if whole is None else (part + 1) / (whole + 1)


@oracle("days_since_last_order")
def _(c: Customer) -> float | None:
    return hiatus(c)


@oracle("days_since_second_last_order")
def _(c: Customer) -> float | None:
    return (c.cutoff - c.orders[-2].happened) / DAY if len(c.orders) > 1 else None


@oracle("days_since_last_refund")
def _(c: Customer) -> float | None:
    return (c.cutoff - c.adjustments[-1].happened) / DAY if c.adjustments else None


@oracle("hiatus_in_median_gaps")
def _(c: Customer) -> float | None:
    return over(hiatus(c), lower_quantile(gaps(c.orders), 0.5))


@oracle("hiatus_in_long_gaps")
def _(c: Customer) -> float | None:
    return over(hiatus(c), lower_quantile(gaps(c.orders), 0.9))


@oracle("hiatus_in_mean_gaps")
def _(c: Customer) -> float | None:
    return over(hiatus(c), mean(gaps(c.orders)))


# refunds


def refunds(facts: Sequence[Part]) -> list[Part]:
    return [fact for fact in facts if fact.amount < 0]


@oracle("refunds_{days}d", over=(90, 365), exact=True)
def _(c: Customer, days: int) -> float | None:
    return len(refunds(within(c, c.adjustments, days)))


@oracle("refunds_life", exact=True)
def _(c: Customer) -> float | None:
    return len(refunds(c.adjustments))


@oracle("refunded_life", exact=True)
def _(c: Customer) -> float | None:
    return -money(refunds(c.adjustments))


@oracle("refunded_share_life")
def _(c: Customer) -> float | None:
    ordered = money(c.orders)
    return -money(refunds(c.adjustments)) / ordered if ordered > 0 else None
