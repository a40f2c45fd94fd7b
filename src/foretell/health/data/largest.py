"""The largest: orders by money and by pieces, and customers by orders and by money, and which of them stand out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from foretell.health.data.finding import DataFinding, Sought
from foretell.project.intervals import day_of
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.batch import Timelines
from foretell.words.wording import amount, count, counted, percent, shown

KEPT = 64
THOUSANDTHS = 1000
SUSPECTS = 3
FEWEST_ORDERS = 40
UNLIKELY = 1e-3
"""The chance, in the tail that the others show, at which an order stands out."""
LEAST_RATIO = 4.0
FEWEST_CUSTOMERS = 30
SHARE_OF_ORDERS, TIMES_THE_MEAN = 0.1, 8.0
TIMES_THE_NEXT = 3.0
SHARE_OF_MONEY, MOST_OF_THE_MONEY = 0.3, 0.5


@dataclass(frozen=True)
class Ranked:
    """The largest of something, descending: int64 values, who, and when (microseconds UTC, 0 where it has no time);
    `of` is how many there are in all, `total` what they come to."""

    values: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    customers: tuple[str, ...] = ()
    moments: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    of: int = 0
    total: int = 0

    def __add__(self, other: Ranked) -> Ranked:
        values = np.concatenate([self.values, other.values])
        customers, moments = (*self.customers, *other.customers), np.concatenate([self.moments, other.moments])
        first = np.lexsort((np.array(customers), moments, -values))[:KEPT] if len(values) else np.zeros(0, np.int64)
        chosen = tuple(customers[at] for at in first.tolist())
        return Ranked(values[first], chosen, moments[first], self.of + other.of, self.total + other.total)


@dataclass(frozen=True)
class Largest:
    """Orders by `amounts` (ten-thousandths) and by `pieces` (thousandths); customers by `orders` and by `money`
    (ten-thousandths), and how many there are."""

    amounts: Ranked = field(default_factory=Ranked)
    pieces: Ranked = field(default_factory=Ranked)
    orders: Ranked = field(default_factory=Ranked)
    money: Ranked = field(default_factory=Ranked)

    def __add__(self, other: Largest) -> Largest:
        return Largest(
            self.amounts + other.amounts,
            self.pieces + other.pieces,
            self.orders + other.orders,
            self.money + other.money,
        )


def largest_in(batch: Timelines) -> Largest:
    """The largest of one batch."""
    orders = batch.orders
    sold = np.maximum(orders.columns["amount"], 0)
    placed = np.diff(orders.offsets)
    spent = np.diff(np.concatenate([[0], np.cumsum(sold)])[orders.offsets])
    nobody = np.zeros(len(placed), np.int64)
    everybody = np.arange(len(placed))
    return Largest(
        _ranked(batch, sold, orders.customer, orders.happened_at),
        _ranked(batch, orders.columns["units"], orders.customer, orders.happened_at),
        _ranked(batch, placed, everybody, nobody),
        _ranked(batch, spent, everybody, nobody),
    )


def _ranked(batch: Timelines, values: np.ndarray, owner: np.ndarray, moments: np.ndarray) -> Ranked:
    some = np.flatnonzero(values > 0)
    first = some[np.argsort(-values[some], kind="stable")[:KEPT]]
    who = tuple(batch.customer_id[int(owner[at])].as_py() for at in first)
    return Ranked() + Ranked(values[first].astype(np.int64), who, moments[first], len(some), int(values[some].sum()))


def standing_out(ranked: Ranked) -> int:
    """How many of the largest values, at most three, lie further above the next one than the tail of the others makes
    likely: 0 where none does.

    The tail is taken as a power law, whose exponent the others tell (Hill 1975): of its values the j-th is r times the
    next with a chance of r ** -(j x exponent). A lighter tail, such as a lognormal one, makes that chance smaller yet.
    """
    values = ranked.values[: max(10, min(KEPT, ranked.of // 4))].astype(np.float64)
    if ranked.of < FEWEST_ORDERS or len(values) < 10:
        return 0
    found = 0
    for many in range(1, SUSPECTS + 1):
        rest = values[many:]
        spread = float(np.log(rest[:-1] / rest[-1]).mean())
        ratio = values[many - 1] / values[many]
        if ratio >= LEAST_RATIO and (spread == 0 or ratio ** -(many / spread) < UNLIKELY):
            found = many
    return found


def outliers(largest: Largest, timezone: str, currency: str) -> list[DataFinding]:
    """Orders that stand out by money or by pieces."""
    found = []
    kinds = ((largest.amounts, UNITS_PER_ONE, "amount"), (largest.pieces, THOUSANDTHS, "quantity"))
    for ranked, units, kind in kinds:
        if not (many := standing_out(ranked)):
            continue
        told = [amount(value / units, currency) if kind == "amount" else counted(value / units, "piece")
                for value in ranked.values[[0, many]].tolist()]  # fmt: skip
        who, moment = ranked.customers[0], int(ranked.moments[0])
        found.append(
            DataFinding(
                f"outlying {kind}",
                "warning",
                "orders",
                f"{counted(many, 'order')} far above all others: {told[0]}, where the largest of the others has "
                f"{told[1]}.",
                "Is a decimal sign lost, or was it undone later? Correct the row in the source; a real one may stay.",
                f"customer {shown(who)} on {day_of(moment, timezone)}",
                Sought(who, moment, moment + 1),
            )
        )
    return found


def large_customers(largest: Largest) -> list[DataFinding]:
    """One customer with a large share of all orders, such as a till, or of the money, such as a wholesaler."""
    found = []
    orders, money = largest.orders, largest.money
    if orders.of < FEWEST_CUSTOMERS:
        return []
    share, times = orders.values[0] / orders.total, orders.values[0] / orders.values[1]
    if share >= max(SHARE_OF_ORDERS, TIMES_THE_MEAN / orders.of) and times >= TIMES_THE_NEXT:
        who = orders.customers[0]
        found.append(
            DataFinding(
                "one customer with many orders",
                "warning",
                "orders",
                f"Customer {shown(who)} has {percent(share)} of all orders, {count(orders.values[0])}; the next one "
                f"has {count(orders.values[1])}.",
                f"If that is a till or stands for guests, count it apart: nobody = [{_quoted(who)}] below [[sources]], "
                "or --nobody.",
                f"customer {shown(who)}",
                Sought(who, 0, 2**62),
            )
        )
    spent = money.values[0] / money.total if money.total else 0.0
    if spent > SHARE_OF_MONEY and not (found and money.customers[0] == orders.customers[0]):
        who = money.customers[0]
        found.append(
            DataFinding(
                "one large customer",
                "warning" if spent > MOST_OF_THE_MONEY else "remark",
                "orders",
                f"Customer {shown(who)} has {percent(spent)} of all money.",
                f"Plan that customer by hand; if it is none, count it apart: nobody = [{_quoted(who)}] below "
                "[[sources]].",
                f"customer {shown(who)}",
                Sought(who, 0, 2**62),
            )
        )
    return found


def _quoted(text: str) -> str:
    escaped = shown(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
