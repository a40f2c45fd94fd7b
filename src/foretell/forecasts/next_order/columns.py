"""The next order of every customer, as one step of a run: proved, taught, forecast."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from foretell.examples.plan import Plan
from foretell.forecasts.next_order.model import FittedNextOrder
from foretell.forecasts.next_order.proof import (
    NextOrderProof,
    fit_next_order,
    forecast,
    prove_next_order,
    read_next_order,
    write_next_order,
)
from foretell.forecasts.orders.proof import Proof
from foretell.project.errors import InputError
from foretell.project.progress import Progress
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class NextOrders:
    """The forecast of each customer in the order of their keys (columns as in `next_order.forecast`), who made it, and
    what such forecasts were worth at past cutoffs."""

    fitted: FittedNextOrder
    proof: NextOrderProof
    table: pa.Table

    @property
    def columns(self) -> dict[str, pa.ChunkedArray]:
        """What the scores tell, one entry a customer by key."""
        return {name: self.table[name] for name in self.table.column_names}


def next_orders(
    engine: Engine, plan: Plan, proof: Proof, customers: pa.Table, seed: int, progress: Progress
) -> NextOrders:
    """Prove, teach, forecast."""
    progress.step("Dating the next orders", 3)
    tested = prove_next_order(engine, plan, seed, proof)
    progress.advance()
    fitted = fit_next_order(engine, plan, tested)
    progress.advance()
    table = next_orders_of(engine, plan, fitted, customers)
    progress.advance()
    return NextOrders(fitted, tested, table)


def next_orders_of(engine: Engine, plan: Plan, fitted: FittedNextOrder, customers: pa.Table) -> pa.Table:
    """The forecasts of today, in keeping with the chances that are served."""
    served = customers["customer_key"].to_numpy(), customers["p_purchase"].to_numpy()
    return forecast(engine, plan, fitted, {plan.horizon_days: served}).drop_columns("customer_key")


def write_next_orders(made: NextOrders, folder: Path) -> None:
    """`next_order.npz`, `next_order.json` and `next_orders.parquet`."""
    write_next_order(made.fitted, made.proof, folder)
    pq.write_table(made.table, folder / "next_orders.parquet")


def read_next_orders(folder: Path) -> NextOrders:
    """What `write_next_orders` left."""
    return NextOrders(*read_next_order(folder), pq.read_table(folder / "next_orders.parquet"))


def last_next_order(state: Path) -> FittedNextOrder:
    """Who forecast the next orders of the newest run; InputError without one."""
    found = sorted((state / "steps").glob("next_orders-*"), key=lambda folder: folder.stat().st_mtime_ns)
    if not found:
        raise InputError("The last run dated no next orders.", file=str(state), hint="foretell run again")
    return read_next_order(found[-1])[0]
