"""Segments of a run: who is where and since when, who went where, and who goes where next, as a list of calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.backtest.forecast import Measured
from foretell.examples.plan import Plan
from foretell.features import FEATURES
from foretell.forecasts.orders.proof import Proof
from foretell.project.intervals import from_microseconds, midnight
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.segments.declared import DeclaredSet
from foretell.segments.membership import Memberships
from foretell.segments.movement.cut_points import KeptCuts, score_sets
from foretell.segments.movement.history import flows_between, look_back_grid, memberships_of
from foretell.segments.movement.outlook import SetOutlook, outlooks
from foretell.segments.movement.proof import prove_sets
from foretell.segments.movement.scored_sets import codes_of, columns_of, membership_rows, summary_of_scores
from foretell.segments.movement.summary import SetSummary, as_json, from_json, summary_of
from foretell.segments.movement.tables import (
    forecast_rows,
    forecast_tables,
    membership_tables,
    past_rows,
    score_columns,
)
from foretell.segments.segment_set import SegmentSet
from foretell.segments.standing import Standing
from foretell.storage.long_table import LongTable
from foretell.timelines.engine import Engine

LONG, SHORT = ("memberships", "forecast"), ("migration", "scores")


@dataclass(frozen=True)
class Segmentation:
    """All that a run says of segments: `scores` has, for each customer by key, what the scores tell of the set that
    they show; `measured` are rows of backtest.json."""

    memberships: LongTable
    migration: pa.Table
    forecast: LongTable
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

    def readable(self, request: Request) -> dict[str, pa.Array]:
        """The score columns that rules on scores may read: of the set that the scores show, or of RFM where that is
        itself told by scores."""
        return self.score_columns(request.segment_set if request.segment_set in self.ahead else "rfm")


def features_read(scored: Sequence[DeclaredSet]) -> tuple[str, ...]:
    """The features that sets on scores read besides."""
    return tuple(name for one in scored for name in one.names if name in FEATURES)


def shown_columns(
    moved: Movement, scored: Sequence[DeclaredSet], codes: Mapping[str, np.ndarray], request: Request, plan: Plan
) -> dict[str, pa.Array]:
    """The score columns of the set that the scores show."""
    own = next((one for one in scored if one.name == request.segment_set), None)
    return moved.readable(request) if own is None else columns_of(own, codes[own.name], plan)


def movement(
    engine: Engine,
    plan: Plan,
    customers: pa.Table,
    sets: Sequence[SegmentSet],
    cuts: KeptCuts,
    chosen: Mapping[str, str],
    more_features: Sequence[str] = (),
) -> Movement:
    """The movement of every customer in every set."""
    purchase = customers["customer_key"].to_numpy(), customers["p_purchase"].to_numpy()
    ahead, today = outlooks(engine, plan, sets, cuts, chosen, purchase, more_features)
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
    coming: Mapping[str, pa.Array],
    progress: Progress,
) -> Segmentation:
    """Everything about every set; `coming` are the score columns of the next order, which rules may read."""
    progress.step("Following customers through segments", 3)
    keys, ids = customers["customer_key"].to_numpy(), customers["customer_id"].combine_chunks()
    proofs = prove_sets(engine, plan, proof, sets, request.seed)
    progress.advance()
    chosen = {name: one.served for name, one in proofs.items()}
    scored = score_sets(request)
    moved = movement(engine, plan, customers, sets, cuts, chosen, features_read(scored))
    codes = {
        one.name: codes_of(one, moved.today, customers, {**coming, **moved.readable(request)}, plan) for one in scored
    }
    progress.advance()
    day = from_microseconds(plan.as_of, plan.timezone).date() - timedelta(days=plan.horizon_days)
    begin = midnight(day, plan.timezone)
    past = flows_between(engine, plan, sets, cuts, begin, plan.as_of) if begin > plan.survey.log_start else {}
    purchase = customers["p_purchase"].to_numpy()
    spend = np.maximum(customers["expected_spend"].to_numpy(), 0.0)
    migration = [past_rows(group, past[group.name], plan, begin, plan.as_of) for group in sets if group.name in past]
    migration += [forecast_rows(moved.ahead[group.name], proofs.get(group.name), spend, plan) for group in sets]
    progress.advance()
    return Segmentation(
        LongTable(partial(_stays, sets, moved.found, moved.grid, keys, ids, scored, codes, plan)),
        pa.concat_tables(migration),
        LongTable(partial(_chances, [moved.ahead[group.name].without_orders() for group in sets], ids)),
        pa.table(shown_columns(moved, scored, codes, request, plan)),
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
                purchase,
            )
            for group in sets
        )
        + tuple(
            summary_of_scores(one, codes[one.name], moved.today, cuts.window_days, plan, request.currency, purchase)
            for one in scored
        ),
        tuple(row for one in proofs.values() for row in one.measured),
    )


def _stays(
    sets: Sequence[SegmentSet],
    found: Mapping[str, Memberships],
    grid: Sequence[int],
    keys: np.ndarray,
    ids: pa.Array,
    scored: Sequence[DeclaredSet],
    codes: Mapping[str, np.ndarray],
    plan: Plan,
) -> Iterator[pa.Table]:
    for group in sets:
        yield from membership_tables(group, found[group.name], grid, keys, ids)
    for one in scored:
        yield membership_rows(one, codes[one.name], ids, plan)


def _chances(ahead: Sequence[SetOutlook], ids: pa.Array) -> Iterator[pa.Table]:
    for outlook in ahead:
        yield from forecast_tables(outlook, ids)


def write_segmentation(made: Segmentation, folder: Path) -> None:
    """One Parquet file a table, and two JSON files."""
    for name in LONG:
        getattr(made, name).write(folder / f"{name}.parquet")
    for name in SHORT:
        pq.write_table(getattr(made, name), folder / f"{name}.parquet")
    (folder / "segments.json").write_text(as_json(made.summaries), encoding="utf-8")
    (folder / "measured.json").write_text(json.dumps([asdict(row) for row in made.measured]), encoding="utf-8")


def read_segmentation(folder: Path) -> Segmentation:
    """What `write_segmentation` left; long tables are read when they are asked for."""
    memberships, forecast = (LongTable.kept(folder / f"{name}.parquet") for name in LONG)
    migration, scores = (pq.read_table(folder / f"{name}.parquet") for name in SHORT)
    measured = json.loads((folder / "measured.json").read_text(encoding="utf-8"))
    return Segmentation(
        memberships,
        migration,
        forecast,
        scores,
        from_json((folder / "segments.json").read_text(encoding="utf-8")),
        tuple(Measured(**row) for row in measured),
    )
