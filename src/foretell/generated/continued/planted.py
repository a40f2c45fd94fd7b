"""What a contact truly changes: the planted effect on each customer of a shop, and what they do in either arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.generated.calendar import DAY, times
from foretell.generated.continued.assignments import SCHEMA
from foretell.generated.continued.reactions import HORIZONS, drawn_reaction, expected_effects
from foretell.generated.request import BLOCK, ShopRequest
from foretell.generated.shop import Block, drawn_blocks

IN_FULL = HORIZONS[-1]
"""Days within which all comes that an assignment is about."""
FIRST_BATCH = 1_000_000
"""Batches of a shop that goes on are days; those that are drawn here beside it count from there."""


@dataclass(frozen=True)
class Done:
    """What customers do in a window: float64 [customers] each, `spend` net of what comes back, in currency."""

    orders: np.ndarray
    spend: np.ndarray

    def taken(self, rows: np.ndarray) -> Done:
        """Of some rows."""
        return Done(self.orders[rows], self.spend[rows])


@dataclass(frozen=True)
class Planted:
    """The truth of a shop. Customers are named by their ids; moments are seconds since the first midnight."""

    request: ShopRequest
    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, request: ShopRequest) -> Planted:
        """The truth of the shop that a request draws."""
        return cls(request, tuple(drawn_blocks(request)))

    def extra(self, ids: pa.Array, at: int, days: int = IN_FULL) -> Done:
        """The orders and the spend that are to be expected more of each customer if they are contacted at a moment
        than if they are held back, within 30, 60 or 90 days; 0 for who has left by then."""
        orders, spend = np.zeros(len(ids)), np.zeros(len(ids))
        everybody = np.ones(len(ids), dtype=bool)
        for block, rows in self._blocks_of(ids):
            told = expected_effects(block, _assigned(ids, at, everybody, 0, rows), self.request)
            orders[rows], spend[rows] = (told[f"extra_{what}_{days}"].to_numpy() for what in ("orders", "spend"))
        return Done(orders, spend)

    def own(self, ids: pa.Array, at: int, days: int) -> Done:
        """What each customer does of their own accord in the window that begins at a moment."""
        orders, spend = np.zeros(len(ids)), np.zeros(len(ids))
        for block, rows in self._blocks_of(ids):
            found = _in_window(block.tables["orders"], "order_id", ids.take(pa.array(rows)), (at, days))
            orders[rows], spend[rows] = found.orders, found.spend
        return Done(orders, spend)

    def drawn(self, ids: pa.Array, at: int, days: int, treated: np.ndarray, draw: int) -> Done:
        """What each does beside that since they are contacted (bool [customers]) or held back, drawn anew for each
        number of a draw."""
        orders, spend = np.zeros(len(ids)), np.zeros(len(ids))
        for block, rows in self._blocks_of(ids):
            assigned = _assigned(ids, at, treated, FIRST_BATCH + draw, rows)
            reaction = drawn_reaction(block, assigned, self.request)
            found = _in_window(reaction.tables["orders"], "number", ids.take(pa.array(rows)), (at, days))
            orders[rows], spend[rows] = found.orders, found.spend
        return Done(orders, spend)

    def _blocks_of(self, ids: pa.Array) -> Iterator[tuple[Block, np.ndarray]]:
        """Each block with the rows of its customers."""
        of = np.array([(int(one[1:]) - 1) // BLOCK for one in ids.to_pylist()], dtype=np.int64)
        for block in self.blocks:
            rows = np.flatnonzero(of == block.number)
            if len(rows):
                yield block, rows


def _assigned(ids: pa.Array, at: int, treated: np.ndarray, batch: int, rows: np.ndarray) -> pa.Table:
    """Assignments of some rows, with the columns of `SCHEMA`."""
    count = len(rows)
    columns = {field.name: pa.array([""] * count, pa.string()) for field in SCHEMA if pa.types.is_string(field.type)}
    columns["customer_id"] = ids.take(pa.array(rows)).cast(pa.string())
    columns["arm"] = pa.array(np.where(treated[rows], "treated", "control").tolist(), pa.string())
    numbers = {"at": at, "cents": 0, "batch": batch}
    columns |= {name: pa.array(np.full(count, value), pa.int64()) for name, value in numbers.items()}
    return pa.table(columns).select(SCHEMA.names)


def _in_window(orders: pa.Table, number: str, ids: pa.Array, window: tuple[int, int]) -> Done:
    """What rows of orders.csv say of customers between a moment and as many days later."""
    at, days = window
    begin, end = times(np.array([at, at + days * DAY]))
    within = pc.and_(pc.greater_equal(orders["time"], begin), pc.less(orders["time"], end))
    own = orders.filter(pc.and_(within, pc.not_equal(orders["status"], "failed")))
    row = pc.index_in(own["customer_id"], value_set=ids.cast(pa.string())).combine_chunks()
    own, place = own.filter(row.is_valid()), row.drop_null().to_numpy(zero_copy_only=False)
    amounts = own["amount"].cast(pa.float64()).to_numpy()
    paid = np.flatnonzero(np.array(own["status"].to_pylist(), dtype=object) == "paid")
    names = np.array(own[number].to_pylist(), dtype=object)[paid]
    first = np.unique(names.astype(str), return_index=True)[1]
    count = len(ids)
    return Done(
        np.bincount(place[paid][first], minlength=count).astype(np.float64),
        np.bincount(place, weights=amounts, minlength=count),
    )
