"""Segments of a run: who is where and since when, who went where, and who goes where next, as a list of calls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.backtest.forecast import Measured
from foretell.project.intervals import days
from foretell.project.progress import Progress
from foretell.segments.membership import Memberships
from foretell.segments.segment_set import SegmentSet
from foretell.segments.standing import Moment, Standing
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine
from foretell.workflow.plan import Plan
from foretell.workflow.proof import Proof
from foretell.workflow.request import Request
from foretell.workflow.segmentation.history import flows_between, look_back_grid, memberships_of
from foretell.workflow.segmentation.outlook import SetOutlook, outlooks
from foretell.workflow.segmentation.proof import prove_sets
from foretell.workflow.segmentation.sets import KeptCuts, fitted, read_cuts, window_days, write_cuts
from foretell.workflow.segmentation.standings import standings_at
from foretell.workflow.segmentation.summary import SetSummary, as_json, from_json, summary_of
from foretell.workflow.segmentation.tables import (
    forecast_rows,
    forecast_table,
    membership_table,
    past_rows,
    score_columns,
)

PARTS = ("memberships", "migration", "forecast", "scores")


@dataclass(frozen=True)
class Segmentation:
    """All that a run says of segments: `scores` has, for each customer by key, what the scores tell of the set that
    they show; `measured` are rows of backtest.json."""

    memberships: pa.Table
    migration: pa.Table
    forecast: pa.Table
    scores: pa.Table
    summaries: tuple[SetSummary, ...]
    measured: tuple[Measured, ...]

    def summary(self, name: str) -> SetSummary | None:
        """The summary of one set by name."""
        return next((one for one in self.summaries if one.segment_set == name), None)


@dataclass(frozen=True)
class Movement:
    """Where customers are, were, and will be: outlooks and memberships by set, everybody's standing of today, and the
    ascending moments between which memberships were looked for."""

    ahead: Mapping[str, SetOutlook]
    found: Mapping[str, Memberships]
    today: Standing
    grid: tuple[int, ...]

    def score_columns(self, name: str) -> dict[str, pa.Array]:
        """What the scores say of one set, one entry a customer by key."""
        return score_columns(self.ahead[name], self.found[name], self.grid)


def movement(
    engine: Engine,
    plan: Plan,
    customers: pa.Table,
    sets: Sequence[SegmentSet],
    cuts: KeptCuts,
    chosen: Mapping[str, str],
) -> Movement:
    """The movement of every customer in every set."""
    purchase = customers["customer_key"].to_numpy(), customers["p_purchase"].to_numpy()
    ahead, today = outlooks(engine, plan, sets, cuts, chosen, purchase)
    grid = look_back_grid(plan)
    return Movement(ahead, memberships_of(engine, plan, sets, cuts, grid), today, grid)


def segmented(
    engine: Engine,
    plan: Plan,
    proof: Proof,
    customers: pa.Table,
    sets: Sequence[SegmentSet],
    cuts: KeptCuts,
    request: Request,
    progress: Progress,
) -> Segmentation:
    """Everything about every set."""
    progress.step("Following customers through segments", 3)
    keys, ids = customers["customer_key"].to_numpy(), customers["customer_id"].combine_chunks()
    proofs = prove_sets(engine, plan, proof, sets, request.seed)
    progress.advance()
    moved = movement(engine, plan, customers, sets, cuts, {name: one.served for name, one in proofs.items()})
    progress.advance()
    begin = plan.as_of - days(plan.horizon_days)
    past = flows_between(engine, plan, sets, cuts, begin, plan.as_of) if begin > plan.survey.log_start else {}
    spend = np.maximum(customers["expected_spend"].to_numpy(), 0.0)
    migration = [past_rows(group, past[group.name], plan, begin, plan.as_of) for group in sets if group.name in past]
    migration += [forecast_rows(moved.ahead[group.name], proofs.get(group.name), spend, plan) for group in sets]
    progress.advance()
    return Segmentation(
        pa.concat_tables([membership_table(group, moved.found[group.name], moved.grid, keys, ids) for group in sets]),
        pa.concat_tables(migration),
        pa.concat_tables([forecast_table(moved.ahead[group.name], ids) for group in sets]),
        pa.table(moved.score_columns(request.segment_set)),
        tuple(
            summary_of(
                group,
                moved.ahead[group.name],
                proofs.get(group.name),
                moved.today,
                cuts,
                past.get(group.name),
                plan,
                request.currency,
            )
            for group in sets
        ),
        tuple(row for one in proofs.values() for row in one.measured),
    )


def cuts_of(engine: Engine, plan: Plan, sets: tuple[SegmentSet, ...], request: Request) -> KeptCuts:
    """The cut points of this run: those that an earlier run of the project kept, if they were fitted by the as-of date;
    else fitted now, and kept unless later ones are kept already."""
    kept = read_cuts(request.state)
    known = kept if kept is not None and kept.fitted_at <= plan.as_of else None
    if known is not None and all(group.name in known.cuts for group in sets):
        return known
    window = known.window_days if known is not None and known.cuts else window_days(plan.history_days(plan.as_of))
    features = tuple(dict.fromkeys(name for group in sets for name in group.features))
    now = Moment.now(plan.as_of)
    today = standings_at(engine, [now], window, plan, features, EVERY_KEY)[now]
    found = fitted(sets, today, known, plan.as_of_day())
    if kept is None or known is not None:
        write_cuts(found, request.state)
    return found


def write_segmentation(made: Segmentation, folder: Path) -> None:
    """One Parquet file a table, and two JSON files."""
    for name in PARTS:
        pq.write_table(getattr(made, name), folder / f"{name}.parquet")
    (folder / "segments.json").write_text(as_json(made.summaries), encoding="utf-8")
    (folder / "measured.json").write_text(json.dumps([asdict(row) for row in made.measured]), encoding="utf-8")


def read_segmentation(folder: Path) -> Segmentation:
    """What `write_segmentation` left."""
    memberships, migration, forecast, scores = (pq.read_table(folder / f"{name}.parquet") for name in PARTS)
    measured = json.loads((folder / "measured.json").read_text(encoding="utf-8"))
    return Segmentation(
        memberships,
        migration,
        forecast,
        scores,
        from_json((folder / "segments.json").read_text(encoding="utf-8")),
        tuple(Measured(**row) for row in measured),
    )
