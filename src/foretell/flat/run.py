"""The run on a flat table: from a file with a label to proved, explained scores, as a list of calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.flat.intake import FlatIntake, take_in
from foretell.flat.proof import BASE_RATE, FlatProof, explained, prove_flat
from foretell.flat.request import FlatRequest
from foretell.models.flat.blend import FlatBlend
from foretell.project.one_thread import on_one_thread
from foretell.project.progress import Progress, Silent
from foretell.scores.flat_reasons import FlatReason, likes, usual_values
from foretell.scores.table import REASONS

Reasons = list[list[FlatReason]]


@dataclass(frozen=True)
class FlatOutcome:
    """Everything that a run found. `scores` has one row for each row of the file, in its order, `reasons` one list."""

    request: FlatRequest
    intake: FlatIntake
    proof: FlatProof
    scores: pa.Table
    reasons: Reasons

    @property
    def rejected(self) -> pa.Table:
        """The rows that do not fit the table."""
        return self.intake.rows.rejected


@on_one_thread
def run_flat(request: FlatRequest, progress: Progress | None = None) -> FlatOutcome:
    """Take in, audit, prove on folds, score the rows without a label."""
    listener = progress or Silent()
    listener.step("Reading and auditing the table")
    intake = take_in(request)
    order = canonical_order(intake)
    table, outcome = intake.table.take(order), intake.label.outcome[order]
    proof = prove_flat(
        table,
        outcome,
        customer=intake.customer_code[order],
        objective=intake.label.name,
        seed=request.seed,
        progress=listener,
    )
    scores, reasons = _scores(intake, proof, order, request.seed, listener)
    return FlatOutcome(request, intake, proof, scores, reasons)


def canonical_order(intake: FlatIntake) -> np.ndarray:
    """Positions of the labelled rows in an order that only their content decides."""
    known = np.flatnonzero(intake.label.known)
    return known[np.lexsort((intake.label.outcome[known], intake.table.key[known]))]


def _scores(
    intake: FlatIntake, proof: FlatProof, order: np.ndarray, seed: int, progress: Progress
) -> tuple[pa.Table, Reasons]:
    rows = len(intake.table)
    p, fold = np.full(rows, np.nan), np.full(rows, -1, dtype=np.int64)
    reasons: Reasons = [[] for _ in range(rows)]
    p[order], fold[order] = proof.p, proof.fold
    for row, told in zip(order.tolist(), proof.reasons, strict=True):
        reasons[row] = told
    open_rows = np.flatnonzero(~intake.label.known)
    if len(open_rows):
        progress.step("Scoring the rows without a label")
        taught, outcome = intake.table.take(order), intake.label.outcome[order]
        asked = intake.table.take(open_rows)
        if proof.serving == BASE_RATE:
            p[open_rows] = (outcome.sum() + 1) / (len(outcome) + 2)
        else:
            fitted = FlatBlend().taught(taught, outcome, seed, proof.weights)
            p[open_rows] = fitted.predict(asked)
            told_of = explained(fitted, asked, usual_values(taught), likes(taught))
            for row, told in zip(open_rows.tolist(), told_of, strict=True):
                reasons[row] = told
    known = intake.label.known
    said = np.array([intake.label.negative, intake.label.positive])
    labels = pa.array(said[np.where(known, intake.label.outcome, 0).astype(np.int64)], mask=~known)
    table = pa.table(
        {
            "row" if intake.customer is None else "customer_id": intake.ids,
            "label": labels,
            "p_label": pa.array(p),
            "fold": pa.array(fold, mask=fold < 0),
            "reasons": pa.array([[one.in_words() for one in own] for own in reasons], REASONS),
        }
    )
    return table, reasons
