"""What every customer buys next: proved, and forecast as the lists of the scores."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from foretell.examples.plan import Plan
from foretell.forecasts.next_categories.proof import LISTS, CategoryProof, forecast, prove
from foretell.models.contract import CannotFit
from foretell.project.progress import Progress
from foretell.storage.artefacts import Artefact
from foretell.timelines.engine import Engine

TESTS = 2


@dataclass(frozen=True)
class NextCategories:
    """The lists of each customer in the order of their keys, and what such lists were worth at past cutoffs; `cannot`
    says why there are none, and `proof` is None then."""

    proof: CategoryProof | None
    lists: pa.Table
    cannot: str = ""


NEXT_CATEGORIES: Artefact[NextCategories] = Artefact("next_categories", NextCategories)


def next_categories(engine: Engine, plan: Plan, customers: int, seed: int, progress: Progress) -> NextCategories:
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
        return NextCategories(None, nothing, str(refusal))
    progress.advance()
    return NextCategories(proof, lists)
