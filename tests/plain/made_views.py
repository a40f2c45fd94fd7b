"""What a feature says of a few customers whose order lines are written out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from foretell.features import FEATURES
from foretell.timelines.as_of import AsOf, Population
from made_orders import DAY, Line, batch_of
from made_told import Told

NOBODY_ELSE = Population(0, math.nan, math.nan)


def bought(day: float, amount: float = 10.0, customer: str = "a", **more: object) -> Line:
    """A line of the day's order, of one piece unless `more` says otherwise; an amount below 0 is a refund."""
    moment = round(day * DAY)
    order = f"{'back ' if amount < 0 else ''}{day}"
    plain = {"known_at": moment, "order_id": order, "product": None, "category": None, "quantity": None}
    return Line(customer, moment, amount=round(amount * 10_000), **{**plain, **more})  # type: ignore[arg-type]


def fact(table: str, day: float, customer: str = "a", known: float | None = None, **tells: str | int) -> Told:
    """A fact of another table on a day, known on another day where that is told."""
    moments = (round(day * DAY), round((day if known is None else known) * DAY))
    return Told(table, customer, *moments, tuple(tells.items()))


def view_at(
    day: float, lines: Sequence[Line], population: Population = NOBODY_ELSE, facts: Sequence[Told] = ()
) -> tuple[list[str], AsOf]:
    """The ids of the customers, and what was known of them just before a day."""
    batch = batch_of(lines, "UTC", told=facts)
    return batch.customer_id.to_pylist(), batch.views([round(day * DAY)], lambda _: population)[0]


def told(
    name: str,
    lines: Sequence[Line],
    at: float = 100,
    population: Population = NOBODY_ELSE,
    facts: Sequence[Told] = (),
) -> dict[str, float]:
    """The value of a feature for each customer who had ordered before a day."""
    customers, view = view_at(at, lines, population, facts)
    values, orders = FEATURES[name](view).tolist(), view.orders.count().tolist()
    return {one: value for one, value, count in zip(customers, values, orders, strict=True) if count}
