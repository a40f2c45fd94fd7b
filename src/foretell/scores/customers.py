"""Everybody scored: the forecasts of all customers, and the scores in their declared columns."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.schema import Columns
from foretell.examples.assembly import Assembly
from foretell.examples.plan import Plan
from foretell.features import FEATURES
from foretell.forecasts.lifetime_value.lifetime_value import Terms
from foretell.forecasts.orders.serving import Serving
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.scores.scoring import Scoring
from foretell.scores.table import scores_table, whole_table
from foretell.timelines.engine import Engine


def scored(
    engine: Engine,
    plan: Plan,
    serving: Serving,
    files: list[SourceFile],
    columns: Columns,
    request: Request,
    progress: Progress,
) -> pa.Table:
    """Every customer with an order, scored by the models that serve, with the facts behind the scores."""
    progress.step("Scoring every customer", len(engine.buckets))
    scoring = Scoring(
        Assembly((plan.as_of,), plan.horizon_days, tuple(FEATURES), plan.survey, labelled=False),
        serving.models,
        serving.scatter,
        serving.feature_names,
        serving.trained_horizon_days,
        serving.far_sighted,
        request.currency,
        prior_of(plan),
        serving.lifetime,
        Terms(request.margin, request.discount_rate),
    )
    parts = list(engine.over(scoring, plan.as_of, progress=progress))
    return whole_table(parts, ids_may_be_integers=not any(_holds_text_ids(file, columns) for file in files))


def _holds_text_ids(file: SourceFile, columns: Columns) -> bool:
    """Whether the file's format says that ids are text (a delimited file says nothing)."""
    if file.format != "parquet":
        return False
    kind = pq.read_schema(file.path).field(columns.customer).type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def prior_of(plan: Plan) -> dict[str, float]:
    """Forecasts for a log from which nothing can be learned: the share of customers who came back so far, one
    customer of each kind added, as a chance for the horizon."""
    survey = plan.survey
    repeats = min(int(survey.gaps.counts.sum()), survey.customers)
    chance = (repeats + 1) / (survey.customers + 2)
    return {"purchase": chance, "orders": -math.log1p(-chance), "high_value": 0.1}


def scores_of(
    customers: pa.Table, movement: pa.Table, coming: Mapping[str, pa.ChunkedArray], plan: Plan, model_id: str
) -> pa.Table:
    """The scores in their declared columns."""
    return scores_table(customers, {**columns_in(movement), **coming}, plan.as_of, plan.horizon_days, model_id)


def columns_in(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """The columns of a table by name."""
    return {name: table[name] for name in table.column_names}
