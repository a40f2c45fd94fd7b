"""How customers react to assignments from outside: the orders that they place, and those that are to be expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from foretell.generated.baskets import drawn_sales, order_rows
from foretell.generated.calendar import DAY, Calendar, times
from foretell.generated.contacts import OPENED, RESPONSES
from foretell.generated.customers import KINDS
from foretell.generated.identifiers import money, of_codes
from foretell.generated.orders import in_time_order
from foretell.generated.parameters import Parameters
from foretell.generated.request import NOUNS, ShopRequest
from foretell.generated.shop import Block
from foretell.generated.visits import order_event_rows

WITHIN_DAYS = (0.2, 45.0)
"""How long after an assignment the orders come that it is about: at any moment in between alike."""
HORIZONS = (30, 60, 90)


@dataclass(frozen=True)
class Reaction:
    """Rows of tables by their names, orders still by their number, and how many orders were placed."""

    tables: Mapping[str, pa.Table]
    orders: int


def drawn_reaction(block: Block, assigned: pa.Table, request: ShopRequest) -> Reaction:
    """What the customers of a block do about their assignments of one batch. Both arms place the more orders of their
    kind, up to their last order: nothing moves who has left."""
    calendar, p = request.calendar, request.parameters
    random = np.random.default_rng([request.seed, block.number, NOUNS.index("reactions"), int(assigned["batch"][0].as_py())])
    customer, at, treated = _columns(block, assigned)
    count = random.poisson(_mean(p, block.customers.contact_kind[customer], treated))
    who = np.repeat(customer, count)
    when = np.repeat(at, count) + (random.uniform(*WITHIN_DAYS, len(who)) * DAY).astype(np.int64)
    comes = (when < block.leaving.last_order[who]) & (when < calendar.end)
    orders = in_time_order(who[comes], when[comes])
    drawn = drawn_sales(orders, block.customers, block.catalogue, calendar, random)
    sales = replace(drawn, favourites=block.sales.favourites)
    people = block.customers, block.leaving
    tables = {
        "orders": order_rows(sales, people, block.catalogue, calendar, random),
        "events": order_event_rows(sales, block.customers, calendar, random),
        "contacts": _contacts(block, assigned, p, random),
    }
    return Reaction(tables, len(orders.at))


def _columns(block: Block, assigned: pa.Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Position of the customer in the block, second, and whether treated."""
    number = np.array([int(one[1:]) - 1 for one in assigned["customer_id"].to_pylist()], dtype=np.int64)
    treated = np.array([arm == "treated" for arm in assigned["arm"].to_pylist()], dtype=bool)
    return number - block.customers.number[0], assigned["at"].to_numpy(), treated


def _mean(p: Parameters, kind: np.ndarray, treated: np.ndarray) -> np.ndarray:
    return np.where(treated, np.array(p.orders_if_assigned)[kind], np.array(p.orders_if_held_back)[kind])


def _contacts(block: Block, assigned: pa.Table, p: Parameters, random: np.random.Generator) -> pa.Table:
    """Rows of contacts.csv: of who was held back without cost and response."""
    customer, at, treated = _columns(block, assigned)
    clicked = (at < block.leaving.at[customer]) & (random.random(len(at)) < p.answered_share)
    response = np.where(clicked, 2, (random.random(len(at)) < OPENED).astype(np.int64))
    named = zip(assigned["campaign"].to_pylist(), assigned["playbook"].to_pylist(), strict=True)
    campaign = [one or playbook for one, playbook in named]
    return pa.table(
        {
            "customer_id": assigned["customer_id"],
            "time": times(at),
            "campaign": pa.array(campaign, pa.string()),
            "channel": assigned["channel"],
            "offer": assigned["offer"],
            "arm": assigned["arm"],
            "cost": money(np.where(treated, assigned["cents"].to_numpy(), 0)),
            "response": of_codes(RESPONSES, np.where(treated, response, -1)),
        }
    )


def expected_effects(block: Block, assigned: pa.Table, request: ShopRequest) -> pa.Table:
    """What is to be expected of each assignment, whichever arm it is in: `orders_if_treated_H`, `orders_if_control_H`
    (orders because of it within H days), `extra_orders_H` and `extra_spend_H`, the difference in orders and in net
    money, up to rounding to whole pieces. Several assignments of one customer add up."""
    p, (customer, at, _) = request.parameters, _columns(block, assigned)
    kind, money_of_one = block.customers.contact_kind[customer], _spend(block, customer, at, request.calendar)
    columns = dict[str, np.ndarray]()
    for days in HORIZONS:
        left = np.minimum(np.maximum(block.leaving.last_order[customer] - at, 0), days * DAY) / DAY
        share = np.clip(left - WITHIN_DAYS[0], 0, WITHIN_DAYS[1] - WITHIN_DAYS[0]) / (WITHIN_DAYS[1] - WITHIN_DAYS[0])
        treated, control = (_mean(p, kind, np.full(len(kind), arm)) * share for arm in (True, False))
        columns |= {
            f"orders_if_treated_{days}": treated,
            f"orders_if_control_{days}": control,
            f"extra_orders_{days}": treated - control,
            f"extra_spend_{days}": (treated - control) * money_of_one,
        }
    told = assigned.append_column("contact_kind", of_codes(KINDS, kind))
    for name, values in columns.items():
        told = told.append_column(name, pa.array(values))
    return told


def _spend(block: Block, customer: np.ndarray, at: np.ndarray, calendar: Calendar) -> np.ndarray:
    """Money that one more order is expected to bring, less discounts and what comes back."""
    p, customers = calendar.parameters, block.customers
    by_day = np.where(calendar.in_promotion, p.promotion_discounted, p.discounted_share)
    summed = np.concatenate([[0.0], np.cumsum(by_day)])
    first = calendar.day_of(at)
    after = np.minimum(first + int(WITHIN_DAYS[1]) + 1, calendar.days)
    discounted = np.where(customers.price_sensitive[customer], 1.0, (summed[after] - summed[first]) / (after - first))
    return customers.mean_value[customer] * (1 - p.discount_depth * discounted) * (1 - p.refunded_share)
