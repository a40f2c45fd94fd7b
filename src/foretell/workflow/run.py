"""The run: from files to proved, explained scores, as a list of calls."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell import __version__
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.schema import Columns
from foretell.examples.assembly import Assembly, completed
from foretell.examples.examples import Examples, stacked
from foretell.features import FEATURES
from foretell.models.lifetime_value import Terms
from foretell.monitoring.alert import Alert
from foretell.project.fingerprints import fingerprint, fingerprint_of_arrays
from foretell.project.progress import Progress, Silent
from foretell.scores.scoring import Scoring
from foretell.scores.table import scores_table, whole_table
from foretell.timelines.bucket import buckets_of, last_seconds
from foretell.timelines.engine import Engine
from foretell.workflow.checkpoints import Checkpoints, read_examples, write_examples
from foretell.workflow.coming_categories import ComingCategories, coming_categories, read_coming, write_coming
from foretell.workflow.early_value import EarlyValue, early_value_of, read_early_value, write_early_value
from foretell.workflow.health.checks import findings
from foretell.workflow.health.finding import Finding
from foretell.workflow.health.gathering import evidence_of, read_findings, write_findings
from foretell.workflow.ingest import Ingested, ingest
from foretell.workflow.next_order import NextOrderProof
from foretell.workflow.next_orders import next_orders, read_next_orders, write_next_orders
from foretell.workflow.plan import LastDay, Plan, plan_run
from foretell.workflow.projection import Projection, projections, read_projections, write_projections
from foretell.workflow.proof import Proof, prove
from foretell.workflow.request import Request
from foretell.workflow.seasons import read_season, season_of, shift_at, write_season
from foretell.workflow.segmentation.segmentation import (
    Segmentation,
    read_segmentation,
    segmented,
    write_segmentation,
)
from foretell.workflow.segmentation.settling import settled_sets
from foretell.workflow.tracking import Tracking, read_tracking, tracking_of, write_tracking
from foretell.workflow.training import Serving, read_serving, train, write_serving

ROWS_WORTH_A_SECOND_PROCESS = 500_000


@dataclass(frozen=True)
class Outcome:
    """Everything that a run found. `customers` has one row a customer with the facts behind the scores; `beside` are
    the outcomes of the same run over other horizons."""

    request: Request
    columns: Columns
    ingested: Ingested
    plan: Plan
    proof: Proof
    serving: Serving
    customers: pa.Table
    scores: pa.Table
    segmentation: Segmentation
    next_orders: NextOrderProof
    next_categories: ComingCategories
    rejected: pa.Table
    beside: tuple[Outcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    projections: tuple[Projection, ...] = ()
    tracking: Tracking | None = None
    early_value: EarlyValue | None = None
    alerts: tuple[Alert, ...] = ()

    @property
    def horizons(self) -> tuple[Outcome, ...]:
        """This outcome and those over other horizons, shortest first."""
        return tuple(sorted((self, *self.beside), key=lambda outcome: outcome.plan.horizon_days))


def run(request: Request, files: list[SourceFile], columns: Columns, progress: Progress | None = None) -> Outcome:
    """Ingest, plan, assemble examples, prove, train, score, segment, check. What an earlier run finished is read."""
    listener = progress or Silent()
    request = replace(request, identity=request.identity or identity_of(files))
    ingested = ingest(files, columns, request, listener)
    checkpoints = Checkpoints(request.state / "steps")
    engine = engine_of(ingested, request)
    plan = plan_run(engine, request, last_day(engine), listener)
    known = _known(plan, ingested, request)
    proving = _examples(engine, plan, "proving", checkpoints, known, listener)
    serving_examples = _examples(engine, plan, "serving", checkpoints, known, listener)
    taught = fingerprint_of_arrays(proving.customer_key, proving.features) if proving is not None else ""
    season = checkpoints.step(
        "season",
        [known, plan.horizon_days],
        lambda: season_of(engine, plan),
        write_season,
        read_season,
    )
    shift = shift_at(season, plan.as_of, plan)
    processes = _processes(proving, request)
    proof = prove(proving, plan, request.seed, processes, checkpoints, [known, taught], listener, season)
    serving = checkpoints.step(
        "serving",
        [known, taught, {name: choice.model for name, choice in proof.choices.items()}, "lifetime", shift.value],
        lambda: train(serving_examples, _today(engine, plan), plan, proof, request.seed, listener, shift),
        write_serving,
        read_serving,
    )
    customers = checkpoints.step(
        "customers",
        [known, serving.model_id, request.currency, request.margin, request.discount_rate],
        lambda: scored(engine, plan, serving, files, columns, request, listener),
        lambda table, folder: pq.write_table(table, folder / "customers.parquet"),
        lambda folder: pq.read_table(folder / "customers.parquet"),
    )
    coming = checkpoints.step(
        "next_orders",
        [known, serving.model_id],
        lambda: next_orders(engine, plan, proof, customers, request.seed, listener),
        write_next_orders,
        read_next_orders,
    )
    bought = checkpoints.step(
        "next_categories",
        [known, plan.horizon_days],
        lambda: coming_categories(engine, plan, len(customers), request.seed, listener),
        write_coming,
        read_coming,
    )
    ahead = {**coming.columns, **columns_in(bought.lists)}
    sets, cuts = settled_sets(engine, plan, request)
    segmentation = checkpoints.step(
        "segments",
        [
            known,
            serving.model_id,
            cuts.cuts,
            cuts.window_days,
            cuts.fitted_at,
            _declared(request),
            request.segment_set,
            request.currency,
        ],
        lambda: segmented(engine, plan, proof, customers, sets, cuts, request, ahead, listener),
        write_segmentation,
        read_segmentation,
    )
    scores = scores_of(customers, segmentation.scores, ahead, plan, serving.model_id)
    found = checkpoints.step(
        "health",
        [known, serving.model_id],
        lambda: findings(evidence_of(engine, plan, proving, serving_examples, proof, serving, customers)),
        write_findings,
        read_findings,
    )
    projected = checkpoints.step(
        "projections",
        [known, serving.model_id],
        lambda: projections(engine, plan, proof),
        write_projections,
        read_projections,
    )
    tracking = checkpoints.step(
        "tracking",
        [known, serving.model_id, proof.serving("orders")],
        lambda: tracking_of(engine, plan, proving, proof),
        write_tracking,
        read_tracking,
    )
    early = checkpoints.step(
        "early_value",
        [known, plan.proving_key],
        lambda: early_value_of(engine, plan, request.seed, listener),
        write_early_value,
        read_early_value,
    )
    checkpoints.tidy()
    rejected = ingested.store.rejected()
    return Outcome(
        request,
        columns,
        ingested,
        plan,
        proof,
        serving,
        customers,
        scores,
        segmentation,
        coming.proof,
        bought,
        rejected,
        (),
        found,
        projected,
        tracking,
        early,
    )


def columns_in(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """The columns of a table by name."""
    return {name: table[name] for name in table.column_names}


def _declared(request: Request) -> list[dict[str, str]]:
    return [part.model_dump() for part in request.segments]


def scores_of(
    customers: pa.Table, movement: pa.Table, coming: Mapping[str, pa.ChunkedArray], plan: Plan, model_id: str
) -> pa.Table:
    """The scores in their declared columns."""
    return scores_table(customers, {**columns_in(movement), **coming}, plan.as_of, plan.horizon_days, model_id)


def engine_of(ingested: Ingested, request: Request) -> Engine:
    """The engine over the store's buckets; a second process only where the log is large."""
    store = ingested.store
    large = store.rows("orders") + store.rows("order_lines") > ROWS_WORTH_A_SECOND_PROCESS
    return Engine(buckets_of(store, request.value), request.workers if large else 1)


def identity_of(files: list[SourceFile]) -> str:
    """What names a source without a declaration: where its files are."""
    return " | ".join(sorted(str(file.path.resolve()) for file in files))


def last_day(engine: Engine) -> LastDay:
    """The last day of the log, and whether it looks complete."""
    days, seconds = last_seconds(engine.buckets) if engine.buckets else (np.zeros(0), np.zeros(0))
    if not len(days):
        return LastDay(0, 86_399, 86_399)
    return LastDay(int(days[-1]), int(seconds[-1]), int(np.quantile(seconds[:-1], 0.1)) if len(days) > 1 else 0)


def _known(plan: Plan, ingested: Ingested, request: Request) -> str:
    """What identifies the log and how this run looks at it: the key of every finished step."""
    loads = [load.load for load in ingested.loads]
    return fingerprint(
        [__version__, loads, plan.as_of, plan.horizon_days, request.value, request.timezone, request.seed]
    )


def _examples(
    engine: Engine, plan: Plan, which: str, checkpoints: Checkpoints, known: str, progress: Progress
) -> Examples | None:
    grid = plan.proving if which == "proving" else plan.serving
    if grid is None:
        return None
    largest_key = plan.proving_key if which == "proving" else plan.serving_key
    same = plan.proving is not None and plan.serving is not None and plan.proving.lattice == plan.serving.lattice
    shared = same and plan.proving_key == plan.serving_key
    cutoffs = plan.proving.cutoffs if shared and plan.proving else grid.training if which == "serving" else grid.cutoffs

    def make() -> Examples:
        progress.step("Computing features and labels", len(engine.buckets))
        assembly = Assembly(tuple(sorted(cutoffs)), grid.horizon_days, tuple(FEATURES), plan.survey)
        return completed(stacked(list(engine.over(assembly, plan.as_of, largest_key, progress))))

    key = [known, grid.horizon_days, list(cutoffs), largest_key, list(FEATURES)]
    return checkpoints.step("examples", key, make, write_examples, read_examples)


def _today(engine: Engine, plan: Plan) -> Examples:
    """Features and facts at the as-of date: they tell the level, and carry models beyond the horizon they learned."""
    assembly = Assembly((plan.as_of,), plan.horizon_days, tuple(FEATURES), plan.survey, labelled=False)
    return completed(stacked(list(engine.over(assembly, plan.as_of, plan.serving_key))))


def _processes(examples: Examples | None, request: Request) -> int:
    return request.workers if examples is not None and len(examples) > 5_000 else 1


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
