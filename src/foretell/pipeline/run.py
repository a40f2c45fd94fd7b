"""The run: from files to proved, explained scores, as a list of calls."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.parquet as pq

from foretell import __version__
from foretell.alerts.alert import Alert
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.ingest import Ingested, ingest
from foretell.customer_log.schema import Columns
from foretell.examples.plan import Plan, plan_run
from foretell.examples.planned import examples_of, processes_for, today_of
from foretell.forecasts.early_value.proof import EarlyValue, early_value_of, read_early_value, write_early_value
from foretell.forecasts.lifetime_value.projection import Projection, projections, read_projections, write_projections
from foretell.forecasts.next_categories.columns import ComingCategories, coming_categories, read_coming, write_coming
from foretell.forecasts.next_order.columns import next_orders, read_next_orders, write_next_orders
from foretell.forecasts.next_order.proof import NextOrderProof
from foretell.forecasts.orders.proof import Proof, prove
from foretell.forecasts.orders.serving import Serving, read_serving, train, write_serving
from foretell.forecasts.orders.tracking import Tracking, read_tracking, tracking_of, write_tracking
from foretell.forecasts.season.windows import read_season, season_of, shift_at, write_season
from foretell.health.checks import findings
from foretell.health.finding import Finding
from foretell.health.gathered import evidence_of, read_findings, write_findings
from foretell.pipeline.checkpoints import Checkpoints
from foretell.pipeline.log_engine import engine_of, identity_of, last_day
from foretell.project.fingerprints import fingerprint, fingerprint_of_arrays
from foretell.project.progress import Progress, Silent
from foretell.project.request import Request
from foretell.scores.customers import columns_in, scored, scores_of
from foretell.segments.movement.segmentation import Segmentation, read_segmentation, segmented, write_segmentation
from foretell.segments.movement.sets import settled_sets


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
    proving = examples_of(engine, plan, "proving", checkpoints, known, listener)
    serving_examples = examples_of(engine, plan, "serving", checkpoints, known, listener)
    taught = fingerprint_of_arrays(proving.customer_key, proving.features) if proving is not None else ""
    season = checkpoints.step(
        "season",
        [known, plan.horizon_days],
        lambda: season_of(engine, plan),
        write_season,
        read_season,
    )
    shift = shift_at(season, plan.as_of, plan)
    processes = processes_for(proving, request)
    proof = prove(proving, plan, request.seed, processes, checkpoints, [known, taught], listener, season)
    serving = checkpoints.step(
        "serving",
        [known, taught, {name: choice.model for name, choice in proof.choices.items()}, "lifetime", shift.value],
        lambda: train(serving_examples, today_of(engine, plan), plan, proof, request.seed, listener, shift),
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
    found = checkpoints.step(
        "health",
        [known, serving.model_id],
        lambda: findings(evidence_of(engine, plan, proving, serving_examples, proof, serving, customers)),
        write_findings,
        read_findings,
    )
    tracking = checkpoints.step(
        "tracking",
        [known, serving.model_id, proof.serving("orders")],
        lambda: tracking_of(engine, plan, proving, proof),
        write_tracking,
        read_tracking,
    )
    proving = serving_examples = None
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
    projected = checkpoints.step(
        "projections",
        [known, serving.model_id],
        lambda: projections(engine, plan, proof),
        write_projections,
        read_projections,
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


def _declared(request: Request) -> list[dict[str, str]]:
    return [part.model_dump() for part in request.segments]


def _known(plan: Plan, ingested: Ingested, request: Request) -> str:
    """What identifies the log and how this run looks at it: the key of every finished step."""
    loads = [load.load for load in ingested.loads]
    return fingerprint(
        [__version__, loads, plan.as_of, plan.horizon_days, request.value, request.timezone, request.seed]
    )
