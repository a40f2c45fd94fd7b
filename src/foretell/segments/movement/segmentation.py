"""Segments of a run: who is where and since when, who went where, and who goes where next, as a list of calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import numpy as np
import pyarrow as pa

from foretell.examples.plan import Plan
from foretell.features import FEATURES
from foretell.project.intervals import from_microseconds, midnight
from foretell.segments.declared import DeclaredSet
from foretell.segments.membership import Memberships
from foretell.segments.migration.flows import Flows
from foretell.segments.movement.history import flows_between, look_back_grid, memberships_of
from foretell.segments.movement.outlook import SetOutlook, outlooks
from foretell.segments.movement.proof import SetProof
from foretell.segments.movement.scored_sets import codes_of, columns_of, membership_rows, summary_of_scores
from foretell.segments.movement.sets import SetsOfRun
from foretell.segments.movement.summary import OfDay, SetSummary, summary_of
from foretell.segments.movement.tables import (
    forecast_rows,
    forecast_tables,
    membership_tables,
    past_rows,
    score_columns,
)
from foretell.segments.standing import Standing
from foretell.storage.artefacts import Artefact
from foretell.storage.long_table import LongTable
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class Segmentation:
    """All that a run says of segments: `scores` has, for each customer by key, what the scores tell of the set that
    they show."""

    memberships: LongTable
    migration: pa.Table
    forecast: LongTable
    scores: pa.Table
    summaries: tuple[SetSummary, ...]

    def summary(self, name: str) -> SetSummary | None:
        """The summary of one set by name."""
        return next((one for one in self.summaries if one.segment_set == name), None)


SEGMENTS: Artefact[Segmentation] = Artefact("segments", Segmentation)


@dataclass(frozen=True)
class Scored:
    """What segments read of the scores of a day: the customers with their forecasts, and the score columns of the next
    order and of what is bought next, which rules may read."""

    customers: pa.Table
    coming: Mapping[str, pa.Array]


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

    def readable(self, shown: str) -> dict[str, pa.Array]:
        """The score columns that rules on scores may read: of the set that the scores show, or of RFM where that is
        itself told by scores."""
        return self.score_columns(shown if shown in self.ahead else "rfm")


def features_read(scored: Sequence[DeclaredSet]) -> tuple[str, ...]:
    """The features that sets on scores read besides."""
    return tuple(name for one in scored for name in one.names if name in FEATURES)


def movement(
    engine: Engine, plan: Plan, sets: SetsOfRun, proofs: Mapping[str, SetProof], customers: pa.Table
) -> Movement:
    """The movement of every customer in every set; who forecasts was decided by the proofs, where there are some."""
    purchase = customers["customer_key"].to_numpy(), customers["p_purchase"].to_numpy()
    chosen = {name: one.served for name, one in proofs.items()}
    ahead, today = outlooks(engine, plan, sets, chosen, purchase, features_read(sets.scored))
    grid = look_back_grid(plan)
    found = memberships_of(engine, plan, sets.sets, sets.cuts, grid)
    still = {name: one.of_customers(today.customer_key) for name, one in found.items()}
    return Movement(ahead, still, today, grid)


def segmented(
    engine: Engine, plan: Plan, sets: SetsOfRun, proofs: Mapping[str, SetProof], scored: Scored, currency: str
) -> Segmentation:
    """Everything about every set."""
    customers = scored.customers
    keys, ids = customers["customer_key"].to_numpy(), customers["customer_id"].combine_chunks()
    moved = movement(engine, plan, sets, proofs, customers)
    readable = {**scored.coming, **moved.readable(sets.shown)}
    codes = {one.name: codes_of(one, moved.today, customers, readable, plan) for one in sets.scored}
    day = from_microseconds(plan.as_of, plan.timezone).date() - timedelta(days=plan.horizon_days)
    begin = midnight(day, plan.timezone)
    past: Mapping[str, Flows] = (
        flows_between(engine, plan, sets.sets, sets.cuts, (begin, plan.as_of)) if begin > plan.survey.log_start else {}
    )
    spend = np.maximum(customers["expected_spend"].to_numpy(), 0.0)
    migration = [past_rows(group, past[group.name], plan, begin, plan.as_of) for group in sets.sets if past]
    migration += [forecast_rows(moved.ahead[group.name], proofs.get(group.name), spend, plan) for group in sets.sets]
    today = OfDay(plan, moved.today, sets.cuts, customers["p_purchase"].to_numpy(), currency)
    summaries = [
        summary_of(group, moved.ahead[group.name], proofs.get(group.name), past.get(group.name), today)
        for group in sets.sets
    ]
    summaries += [summary_of_scores(one, codes[one.name], today) for one in sets.scored]
    return Segmentation(
        LongTable(partial(_stays, sets, moved, (keys, ids), codes, plan)),
        pa.concat_tables(migration),
        LongTable(partial(_chances, [moved.ahead[group.name].without_orders() for group in sets.sets], ids)),
        pa.table(_shown_columns(moved, sets, codes, plan)),
        tuple(summaries),
    )


def _shown_columns(
    moved: Movement, sets: SetsOfRun, codes: Mapping[str, np.ndarray], plan: Plan
) -> dict[str, pa.Array]:
    """The score columns of the set that the scores show."""
    own = next((one for one in sets.scored if one.name == sets.shown), None)
    return moved.readable(sets.shown) if own is None else columns_of(own, codes[own.name], plan)


def _stays(
    sets: SetsOfRun,
    moved: Movement,
    customers: tuple[np.ndarray, pa.Array],
    codes: Mapping[str, np.ndarray],
    plan: Plan,
) -> Iterator[pa.Table]:
    for group in sets.sets:
        yield from membership_tables(group, moved.found[group.name], moved.grid, *customers)
    for one in sets.scored:
        yield membership_rows(one, codes[one.name], customers[1], plan)


def _chances(ahead: Sequence[SetOutlook], ids: pa.Array) -> Iterator[pa.Table]:
    for outlook in ahead:
        yield from forecast_tables(outlook, ids)
