"""Prices: lines whose price per piece is many times what the same product costs on nearly all others."""

from __future__ import annotations

import numpy as np

from foretell.health.data.finding import DataFinding, Sought
from foretell.health.data.largest import Ranked
from foretell.project.intervals import day_of
from foretell.timelines.batch import Timelines
from foretell.words.wording import count, counted, percent, shown

FEWEST_LINES = 8
TIMES_THE_USUAL = 30.0
STEADY = 3.0
"""A product whose ninth tenth of prices lies further above its median has no price of its own."""
HUNDREDTHS = 100
MUCH = 0.01
"""A larger share of all money on such lines is a warning."""


def dear_lines(batch: Timelines) -> Ranked:
    """The lines of one batch that cost at least thirty times the median of their product, by that number in hundredths,
    and their money in all (ten-thousandths); products with eight lines or more and a steady price count."""
    lines = batch.lines
    product, units, money = (lines.columns[name] for name in ("product", "units", "amount"))
    rows = np.flatnonzero((product != 0) & (units > 0) & (money > 0))
    price = money[rows] / units[rows]
    order = np.lexsort((price, product[rows]))
    rows, price, product = rows[order], price[order], product[rows][order]
    first = np.flatnonzero(np.concatenate([[True], product[1:] != product[:-1]])) if len(rows) else rows
    many = np.diff(np.append(first, len(rows)))
    usual, high = (price[first + (many * part // 10)] for part in (5, 9))
    known = (many >= FEWEST_LINES) & (high <= STEADY * usual)
    times = np.divide(price, np.repeat(np.where(known, usual, np.inf), many))
    found = np.flatnonzero(times >= TIMES_THE_USUAL)
    owner = lines.customer[rows[found]]
    values = (times[found] * HUNDREDTHS).astype(np.int64)
    ids = tuple(batch.customer_id[int(one)].as_py() for one in owner)
    return Ranked() + Ranked(values, ids, lines.happened_at[rows[found]], len(found), int(money[rows[found]].sum()))


def outlying_prices(dear: Ranked, all_money: int, timezone: str) -> list[DataFinding]:
    """Lines that cost many times what their product usually does; `all_money` is that of all orders."""
    if not dear.of:
        return []
    share = dear.total / max(all_money, 1)
    who, moment = dear.customers[0], int(dear.moments[0])
    return [
        DataFinding(
            "outlying price",
            "warning" if share > MUCH else "remark",
            "orders",
            f"{counted(dear.of, 'line')} with a price a piece of {count(TIMES_THE_USUAL)} times the usual one of the "
            f"product or more, up to {count(dear.values[0] / HUNDREDTHS)} times; {percent(share)} of all money.",
            "Is a decimal sign lost? Correct the row in the source.",
            f"customer {shown(who)} on {day_of(moment, timezone)}",
            Sought(who, moment, moment + 1),
        )
    ]
