"""A generated shop as a customer log with everything that teaches, for tests that look for what was planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars
import pyarrow as pa
from bench.accuracy.logs import Case
from bench.sources.run import planned_in

from foretell.examples.plan import Plan
from foretell.generated.request import ShopRequest
from foretell.generated.shop import write_shop
from foretell.project.progress import Silent
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine

BEGIN = date(2023, 1, 1)


@dataclass(frozen=True)
class PlantedLog:
    """The log, the plan of a run as of its last day, and what is true of each customer by stable key."""

    engine: Engine
    plan: Plan
    truth: polars.DataFrame

    def of(self, customer_key: np.ndarray) -> polars.DataFrame:
        """What is true of the customer of each row."""
        rows = polars.DataFrame({"customer_key": customer_key})
        return rows.join(self.truth, on="customer_key", how="left", validate="m:1", maintain_order="left")


def planted_log(request: ShopRequest, folder: Path, horizon_days: int) -> PlantedLog:
    """Write the shop and read it as a run does."""
    write_shop(request, folder, Silent())
    engine, plan = planned_in(folder, Case(BEGIN + timedelta(days=request.days - 1), horizon_days))
    ids = polars.concat(engine.over(_ids, plan.as_of))
    truth = polars.read_parquet(folder / "truth" / "customers.parquet")
    return PlantedLog(engine, plan, ids.join(truth, on="customer_id", how="inner", validate="1:1"))


def _ids(batch: Timelines) -> polars.DataFrame:
    ids = pa.array(batch.customer_id).cast(pa.string()).to_pylist()
    return polars.DataFrame({"customer_key": batch.customer_key, "customer_id": ids})
