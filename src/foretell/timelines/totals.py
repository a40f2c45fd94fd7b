"""What a log holds in all: its orders, who placed them, and their money."""

from __future__ import annotations

from dataclasses import dataclass, replace

from foretell.customer_log.schema import NEVER
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class Totals:
    """`customers` are those with an order; `spend` is what remains of all orders once `refunds` are taken off."""

    orders: int = 0
    customers: int = 0
    spend: float = 0.0
    refunds: float = 0.0


def totals_of(engine: Engine) -> Totals:
    """All that the log holds, whenever it became known, with refunds taken off."""
    net = replace(engine, buckets=[replace(bucket, value="net") for bucket in engine.buckets])
    found = list(net.over(_of, NEVER))
    orders, customers, spend, refunds = (sum(column) for column in zip(*found, strict=True)) if found else (0, 0, 0, 0)
    return Totals(orders, customers, spend / UNITS_PER_ONE, refunds / UNITS_PER_ONE)


def _of(batch: Timelines) -> tuple[int, int, int, int]:
    orders, later = batch.orders, batch.adjustments
    money = [int(facts.given["amount"].sum()) for facts in (orders, later)]
    buyers = int((orders.offsets[1:] > orders.offsets[:-1]).sum())
    return len(orders), buyers, sum(money), int(later.given["refunded"].sum())
