"""Declared sets whose rules read scores: who is in which segment on the scored day."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from foretell.examples.plan import Plan
from foretell.features import FEATURES
from foretell.scores.table import scores_table
from foretell.segments.conditions import Columns
from foretell.segments.declared import DeclaredSet
from foretell.segments.movement.summary import OfDay, SegmentLine, SetSummary, mean_by_segment, told
from foretell.segments.movement.tables import MOMENT, named, repeated
from foretell.segments.profile import BEHAVIOUR, profiles
from foretell.segments.standing import Standing

WHY = "by the scores of the day"
REASON = "A rule of this set reads a score, so it is told from the first scored day on, and not forecast."


def codes_of(
    declared: DeclaredSet, today: Standing, customers: pa.Table, more: Mapping[str, pa.Array], plan: Plan
) -> np.ndarray:
    """int64: the segment of each customer by key, by features and scores of today; `more` are the score columns of
    the next order, and of the set that those rules may read."""
    scores = scores_table(customers, more, plan.as_of, plan.horizon_days, "")
    columns: Columns = {name: today.facts[name] if name in FEATURES else scores[name] for name in declared.names}
    return declared.assign(columns)


def membership_rows(declared: DeclaredSet, codes: np.ndarray, ids: pa.Array, plan: Plan) -> pa.Table:
    """A stay of everybody from the scored day on."""
    rows = len(codes)
    return pa.table(
        {
            "customer_id": ids,
            "segment_set": repeated(declared.name, rows),
            "segment": named(declared.segments, codes),
            "valid_from": pa.array(np.full(rows, plan.as_of)).cast(MOMENT),
            "valid_to": pa.nulls(rows, MOMENT),
            "why": repeated(WHY, rows),
        }
    )


def columns_of(declared: DeclaredSet, codes: np.ndarray, plan: Plan) -> dict[str, pa.Array]:
    """The score columns of the set: no past, no forecast."""
    rows = len(codes)
    return {
        "segment": pa.array(declared.segments).take(pa.array(codes)),
        "segment_since": pa.array(np.full(rows, plan.as_of)).cast(MOMENT),
        "previous_segment": pa.nulls(rows, pa.string()),
        "next_segment": pa.nulls(rows, pa.string()),
    }


def summary_of_scores(declared: DeclaredSet, codes: np.ndarray, today: OfDay) -> SetSummary:
    """Sizes and profiles of today."""
    standing, plan = today.standing, today.plan
    chance = mean_by_segment(codes, today.purchase, len(declared.segments))
    features = {name: standing.facts[name] for name in BEHAVIOUR}
    found = profiles(codes, declared.segments, features, standing.facts["spend"], today.currency)
    lines = tuple(
        SegmentLine(
            segment=one.segment,
            rule=rule,
            customers=one.customers,
            share_of_customers=told(one.share_of_customers) or 0.0,
            spend=one.spend,
            share_of_spend=told(one.share_of_spend) or 0.0,
            sentence=one.sentence,
            p_purchase=told(float(mean)),
        )
        for one, rule, mean in zip(found, declared.rules, chance, strict=True)
    )
    day = plan.as_of_day()
    return SetSummary(
        declared.name, day, plan.horizon_days, day, today.cuts.window_days, "", REASON, 0, {}, None, None, lines
    )
