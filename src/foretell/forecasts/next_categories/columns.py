"""What every customer buys next, as one step of a run: proved, forecast."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from foretell.examples.plan import Plan
from foretell.forecasts.next_categories.metrics import Lead
from foretell.forecasts.next_categories.proof import LISTS, CategoryProof, Measured, forecast, prove
from foretell.models.contract import CannotFit
from foretell.project.progress import Progress
from foretell.timelines.engine import Engine

TESTS = 2


@dataclass(frozen=True)
class ComingCategories:
    """The lists of each customer in the order of their keys, and what such lists were worth at past cutoffs; `cannot`
    says why there are none, and `proof` is None then."""

    proof: CategoryProof | None
    lists: pa.Table
    cannot: str = ""


def coming_categories(engine: Engine, plan: Plan, customers: int, seed: int, progress: Progress) -> ComingCategories:
    """Prove, then forecast for today."""
    progress.step("Naming what customers buy next", 2)
    tests = plan.proving.tests[: 2 * TESTS : 2] if plan.proving else ()
    tested_days = plan.proving.horizon_days if plan.proving else plan.horizon_days
    proof = prove(engine, tests, tested_days, plan.as_of, seed, plan.proving_key)
    progress.advance()
    try:
        lists = forecast(engine, plan.as_of, plan.horizon_days, proof).drop_columns("customer_key")
    except CannotFit as refusal:
        nothing = pa.table({name: pa.nulls(customers, LISTS.field(name).type) for name in LISTS.names[1:]})
        return ComingCategories(None, nothing, str(refusal))
    progress.advance()
    return ComingCategories(proof, lists)


def write_coming(made: ComingCategories, folder: Path) -> None:
    """`next_categories.parquet` and `next_categories.json`."""
    pq.write_table(made.lists, folder / "next_categories.parquet")
    told = {"proof": made.proof and asdict(made.proof), "cannot": made.cannot}
    (folder / "next_categories.json").write_text(json.dumps(told), encoding="utf-8")


def read_coming(folder: Path) -> ComingCategories:
    """What `write_coming` left."""
    told = json.loads((folder / "next_categories.json").read_text(encoding="utf-8"))
    lists = pq.read_table(folder / "next_categories.parquet")
    kept = told["proof"]
    if kept is None:
        return ComingCategories(None, lists, told["cannot"])
    rows = tuple(Measured(**{**row, "lead": row["lead"] and Lead(**row["lead"])}) for row in kept["measured"])
    return ComingCategories(CategoryProof(kept["kind"], kept["serving"], kept["why"], rows), lists, told["cannot"])
