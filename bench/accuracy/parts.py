"""Parts of the logs: short ones, small ones, and horizons that are long for what is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bench.accuracy.logs import EPOCH, Case, Log
from bench.accuracy.peers.history import History

SEED = 7


@dataclass(frozen=True)
class Part:
    """What is taken of a log: the orders from a day on, and of so many customers, drawn with a seed; None: all."""

    name: str
    cases: tuple[Case, ...]
    since: date | None = None
    customers: int | None = None


PARTS: dict[str, tuple[Part, ...]] = {
    "online_retail": (
        Part("short", (Case(date(2011, 6, 1), 30), Case(date(2011, 6, 1), 90)), since=date(2011, 3, 1)),
        Part("early", (Case(date(2011, 3, 10), 60), Case(date(2011, 4, 15), 90))),
        Part("1,000 customers", (Case(date(2011, 6, 12), 90), Case(date(2011, 8, 10), 30)), customers=1_000),
        Part("300 customers", (Case(date(2011, 6, 12), 30), Case(date(2011, 6, 12), 90)), customers=300),
        Part("100 customers", (Case(date(2011, 6, 12), 30),), customers=100),
    ),
    "cdnow": (
        Part("early", (Case(date(1997, 4, 1), 90), Case(date(1997, 7, 1), 90))),
        Part("long horizons", (Case(date(1997, 7, 1), 273), Case(date(1998, 1, 1), 180))),
        Part("300 customers", (Case(date(1997, 10, 1), 90), Case(date(1997, 10, 1), 273)), customers=300),
    ),
    "complete_journey": (
        Part("early", (Case(date(2017, 3, 15), 60), Case(date(2017, 5, 1), 90))),
        Part("short", (Case(date(2017, 9, 1), 90),), since=date(2017, 6, 1)),
        Part("long horizons", (Case(date(2017, 7, 1), 180),)),
        Part("100 customers", (Case(date(2017, 9, 1), 30), Case(date(2017, 9, 1), 90)), customers=100),
    ),
}


def parts_of(log: Log) -> Iterator[Log]:
    """The parts of a log as logs of their own."""
    for part in PARTS.get(log.name, ()):
        kept = replace(log, name=f"{log.name}, {part.name}", cases=part.cases)
        kept = _since(kept, part.since) if part.since else kept
        yield _of(kept, part.customers) if part.customers else kept


def _since(log: Log, since: date) -> Log:
    time = log.lines[log.columns["time"]]
    bound = pa.scalar(datetime.combine(since, datetime.min.time())).cast(time.type)
    rows = log.orders.day >= (since - EPOCH).days
    return _kept(replace(log, lines=log.lines.filter(pc.greater_equal(time, bound))), rows)


def _of(log: Log, customers: int) -> Log:
    random = np.random.default_rng(SEED)
    who = np.sort(random.permutation(len(log.customer_ids))[:customers])
    ids = pa.array(log.customer_ids[who])
    lines = log.lines.filter(pc.is_in(log.lines[log.columns["customer"]], ids))
    return _kept(replace(log, lines=lines), np.isin(log.orders.customer, who))


def _kept(log: Log, rows: np.ndarray) -> Log:
    """The same with some of the orders, and the customers who have one."""
    who, customer = np.unique(log.orders.customer[rows], return_inverse=True)
    orders = History(len(who), customer, log.orders.day[rows], log.orders.amount[rows], log.orders.cutoff)
    return replace(log, customer_ids=log.customer_ids[who], orders=orders)
