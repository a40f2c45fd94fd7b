"""Further proofs: what forecasts of the next order and of what is bought next were worth at past cutoffs, as tables."""

from __future__ import annotations

from dataclasses import dataclass

from foretell.answers.published import RunOverHorizon
from foretell.forecasts.next_categories.candidates import AGAIN, EITHER, NEW, SIDES
from foretell.forecasts.next_categories.proof import NEXT_CATEGORIES, CategoryProof
from foretell.forecasts.next_order.proof import NEXT_ORDER_MODEL, NextOrderProof
from foretell.words.wording import decimal, percent

NEXT_ORDER_METRICS = {
    "log_score": "log score",
    "integrated_brier": "Brier",
    "concordance": "concordance",
    "coverage_50": "50 % covers",
    "coverage_80": "80 % covers",
}
BOUGHT = {EITHER: "next", AGAIN: "again", NEW: "for the first time"}
CATEGORY_METRICS = {"mean_reciprocal_rank": "reciprocal rank", "hit_rate": "hit rate at 3", "recall": "recall at 3"}


@dataclass(frozen=True)
class ProofTable:
    """A question with who serves and why, and a row a model; every figure as text. Without rows nothing was tested."""

    question: str
    reason: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def next_order_table(proof: NextOrderProof) -> ProofTable:
    """Means over cutoffs, with censoring: who has not ordered yet counts."""
    models = dict.fromkeys(row.model for row in proof.rows if not row.day and " - " not in row.model)
    rows = [
        (_words(model), *(_figure(metric, proof.value(metric, model)) for metric in NEXT_ORDER_METRICS))
        for model in models
    ]
    return ProofTable("When is the next order?", proof.reason, ("", *NEXT_ORDER_METRICS.values()), tuple(rows))


def category_tables(proof: CategoryProof) -> list[ProofTable]:
    """What is bought next, again, and for the first time."""
    tables = []
    for side in SIDES:
        own = [row for row in proof.measured if row.side == side]
        metrics = list(dict.fromkeys(row.metric for row in own))
        value = {(row.contender, row.metric): row.value for row in own}
        rows = tuple(
            (_words(name), *(decimal(value[name, metric], 3) for metric in metrics))
            for name in dict.fromkeys(row.contender for row in own)
        )
        named = tuple(CATEGORY_METRICS.get(metric, _words(metric)) for metric in metrics)
        tables.append(ProofTable(f"What is bought {BOUGHT[side]}?", proof.why[side], ("", *named), rows))
    return tables


def other_proofs(run: RunOverHorizon) -> tuple[ProofTable, ...]:
    """The proof of the next order, and of what is bought next."""
    categories = run.read(NEXT_CATEGORIES).proof
    tables = [next_order_table(run.read(NEXT_ORDER_MODEL).proof)]
    return (*tables, *(category_tables(categories) if categories else ()))


def _words(name: str) -> str:
    return {"bg_nbd": "BG/NBD"}.get(name, name.replace("_", " "))


def _figure(metric: str, value: float | None) -> str:
    return percent(value) if metric.startswith("coverage") else decimal(value, 3)
