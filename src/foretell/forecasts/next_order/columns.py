"""The next order of every customer: who forecasts it, what such forecasts were worth, and the columns of the scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from foretell.backtest.proof import Proof
from foretell.examples.plan import Plan
from foretell.forecasts.next_order.model import FittedNextOrder
from foretell.forecasts.next_order.proof import NextOrderProof, fit_next_order, forecast, prove_next_order
from foretell.storage.artefacts import Artefact
from foretell.storage.work import Work
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class NextOrderModel:
    """Who forecasts the next order, and what such forecasts were worth at past cutoffs."""

    fitted: FittedNextOrder
    proof: NextOrderProof


NEXT_ORDER_MODEL: Artefact[NextOrderModel] = Artefact("next_order_model", NextOrderModel, version=2)
NEXT_ORDER: Artefact[pa.Table] = Artefact("next_order", pa.Table)
"""The forecast of each customer in the order of their keys; columns as in `proof.forecast`."""


def next_order_model(engine: Engine, plan: Plan, proof: Proof, work: Work) -> NextOrderModel:
    """Prove, then teach."""
    work.progress.step("Dating the next orders", 2)
    tested = prove_next_order(engine, plan, work.seed, proof)
    work.progress.advance()
    return NextOrderModel(fit_next_order(engine, plan, tested), tested)


def next_order_columns(engine: Engine, plan: Plan, fitted: FittedNextOrder, customers: pa.Table) -> pa.Table:
    """The forecasts of today, in keeping with the chances that are served."""
    served: Mapping[int, tuple[object, object]] = {
        plan.horizon_days: (customers["customer_key"].to_numpy(), customers["p_purchase"].to_numpy())
    }
    return forecast(engine, plan, fitted, served).drop_columns("customer_key")  # type: ignore[arg-type]
