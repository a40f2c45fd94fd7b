"""What a reader wants to see first of a flat table: who, how good, what was kept out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from foretell.backtest.forecast import Measured
from foretell.examples.flat.audit import AuditFinding
from foretell.flat.proof import BASE_RATE, DEFAULT, PLAIN, metric_of
from foretell.flat.run import FlatOutcome
from foretell.scores.flat_reasons import FlatReason
from foretell.words.wording import count, counted, decimal, joined, percent, shown

SPOKEN = {
    BASE_RATE: "the base rate",
    PLAIN: "plain logistic regression",
    DEFAULT: "default LightGBM",
    "spline_logistic": "spline logistic regression",
    "regularised_boosting": "LightGBM of 8 leaves",
    "moderate_boosting": "LightGBM of 15 leaves",
    "bagged_boosting": "bagged LightGBM",
    "flat_blend": "the blend",
}


@dataclass(frozen=True)
class FlatLine:
    """A row on one line."""

    customer: str
    chance: float
    label: str
    reasons: tuple[FlatReason, ...]


def model_spoken(name: str) -> str:
    """A model of the flat blend as people say it."""
    return SPOKEN.get(name, name.replace("_", " "))


def headline(outcome: FlatOutcome) -> str:
    """How many, of whom how many with the outcome, and how many are still open."""
    intake = outcome.intake
    known = intake.label.known
    happened = int((intake.label.outcome == 1).sum())
    open_rows = int((~known).sum())
    told = (
        f"{counted(len(known), 'row')}, {counted(int(known.sum()), 'label')}: {shown(intake.label.name)} is "
        f"{shown(intake.label.positive)!r} for {percent(happened / max(int(known.sum()), 1), 1)}."
    )
    expected = float(outcome.scores["p_label"].to_numpy()[~known].sum()) if open_rows else 0.0
    return told + (
        f" {counted(open_rows, 'row')} without a label, {expected:,.0f} of them expected." if open_rows else ""
    )


def likeliest(outcome: FlatOutcome, most: int) -> list[FlatLine]:
    """The rows most likely to have the outcome: those without a label where there are any, else those that do not have
    it yet."""
    intake, scores = outcome.intake, outcome.scores
    rows = np.flatnonzero(~intake.label.known)
    if not len(rows):
        rows = np.flatnonzero(intake.label.outcome == 0)
    p = scores["p_label"].to_numpy()
    chosen = rows[np.argsort(-p[rows], kind="stable")[:most]]
    taken = scores.take(chosen)
    first = taken.column_names[0]
    return [
        FlatLine(shown(row[first]), row["p_label"], row["label"] or "", tuple(outcome.reasons[at]))
        for at, row in zip(chosen.tolist(), taken.to_pylist(), strict=True)
    ]


def whom(outcome: FlatOutcome) -> str:
    """Who is listed by `likeliest`, as a title."""
    label = outcome.intake.label
    likeliest_of = f"Likeliest {shown(label.name)} = {shown(label.positive)}"
    if (~label.known).any():
        return f"{likeliest_of} among rows without a label"
    return f"{likeliest_of} among those with {shown(label.negative)}"


def proof_line(outcome: FlatOutcome) -> str:
    """How good the scores were on rows kept aside, beside the baselines."""
    proof = outcome.proof

    def said(model: str, metric: str) -> str:
        row = metric_of(proof.measured, model, metric)
        return decimal(row.value if row else None)

    def between(row: Measured | None) -> str:
        return f" [{decimal(row.low)}, {decimal(row.high)}]" if row and row.low is not None else ""

    others = ", ".join(f"{model_spoken(name)} {said(name, 'log_loss')}" for name in (PLAIN, DEFAULT, BASE_RATE))
    ours = between(metric_of(proof.measured, proof.serving, "auroc"))
    line = (
        f"On rows kept aside (5 folds): AUROC {said(proof.serving, 'auroc')}{ours}, log loss "
        f"{said(proof.serving, 'log_loss')} ({others}); {model_spoken(proof.serving)} serves."
    )
    return f"{line} {proof.grade.advice}"


def findings_lines(outcome: FlatOutcome) -> list[str]:
    """What is kept out and what is doubtful, a sentence each; columns of one plain reason together."""
    audit = outcome.intake.audit
    told = []
    for why, words in (
        ("empty", "empty"),
        ("constant", "the same in all labelled rows"),
        ("id", "an id"),
        ("text", "free text"),
        ("asked", "left out as asked"),
    ):
        names = [shown(finding.column) for finding in audit.left_out if finding.why == why]
        if names:
            told.append(f"Kept out, {words}: {joined(names)}.")
    for finding in audit.left_out:
        if finding.why == "answer":
            told.append(f"Kept out, gives the answer away: {sentence(finding)}. To keep it: --keep {finding.column}")
    told += [f"Doubtful: {sentence(finding)} To leave it out: --drop {finding.column}" for finding in audit.doubtful]
    return told


def sentence(finding: AuditFinding) -> str:
    """A finding as `column: reason`."""
    return f"{shown(finding.column)}: {finding.reason}"


def warnings(outcome: FlatOutcome) -> list[str]:
    """What must be known before the first number."""
    told = []
    known = outcome.intake.label.outcome[outcome.intake.label.known]
    fewer = int(min(known.sum(), len(known) - known.sum()))
    if fewer < 30:
        told.append(f"Only {counted(fewer, 'row')} of the rarer label: take every number as a guess.")
    codes = outcome.intake.customer_code[outcome.intake.customer_code >= 0]
    customers = len(np.unique(codes))
    if customers < len(codes):
        most = int(np.bincount(codes).max())
        told.append(
            f"This is not one row a customer: {counted(len(codes), 'row')} are of {counted(customers, 'customer')}, up "
            f"to {count(most)} of one. Rows of one customer are tested together, but each counts as a case of its "
            "own, and what a row says may have been known only after its label."
        )
    if not outcome.intake.audit.kept:
        told.append("No column is left to learn from: every row gets the base rate.")
    unread = [c for c in outcome.intake.audit.kept if c.unread]
    told += [
        f"{shown(c.name)}: {counted(c.unread, 'cell')} could not be read as a {c.kind} and count as empty."
        for c in unread
    ]
    if rejected := outcome.rejected.num_rows:
        told.append(f"{counted(rejected, 'row')} could not be used: see rejected.parquet.")
    return told


def as_json(outcome: FlatOutcome, paths: Mapping[str, Path]) -> dict[str, object]:
    """The answer as plain data."""
    label, proof = outcome.intake.label, outcome.proof
    return {
        "rows": outcome.scores.num_rows,
        "labelled": int(label.known.sum()),
        "positives": int((label.outcome == 1).sum()),
        "label": {"column": label.name, "positive": label.positive, "negative": label.negative},
        "customer": outcome.intake.customer,
        "columns": [{"column": c.name, "kind": c.kind} for c in outcome.intake.audit.kept],
        "left_out": [asdict(finding) for finding in outcome.intake.audit.left_out],
        "doubtful": [asdict(finding) for finding in outcome.intake.audit.doubtful],
        "serving": proof.serving,
        "grade": asdict(proof.grade),
        "measured": [
            {"model": m.model, "metric": m.metric, "value": m.value, "low": m.low, "high": m.high}
            for m in proof.measured
        ],
        "likeliest": [
            asdict(line) | {"reasons": [one.in_words() for one in line.reasons]} for line in likeliest(outcome, 5)
        ],
        "warnings": warnings(outcome),
        "files": {name: str(path) for name, path in paths.items()},
    }
