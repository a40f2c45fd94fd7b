"""Further proofs: what forecasts of the next order and of what is bought next were worth at past cutoffs, as tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from foretell.forecasts.next_categories.past_forecasts import SIDES
from foretell.forecasts.next_categories.proof import CategoryProof
from foretell.forecasts.next_order.proof import NextOrderProof
from foretell.pipeline.exports import all_written
from foretell.words.wording import decimal, percent

FILE_NAME = "further_proofs.json"
NEXT_ORDER = {
    "log_score": "log score",
    "integrated_brier": "Brier",
    "concordance": "concordance",
    "coverage_50": "50 % covers",
    "coverage_80": "80 % covers",
}
NEXT_CATEGORIES = {"mean_reciprocal_rank": "reciprocal rank", "hit_rate": "hit rate at 3", "recall": "recall at 3"}


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
        (_words(model), *(_figure(metric, proof.value(metric, model)) for metric in NEXT_ORDER)) for model in models
    ]
    return ProofTable("When is the next order?", proof.reason, ("", *NEXT_ORDER.values()), tuple(rows))


def category_tables(proof: CategoryProof) -> list[ProofTable]:
    """What is bought again, and what for the first time."""
    tables = []
    for side in SIDES:
        own = [row for row in proof.measured if row.side == side]
        metrics = list(dict.fromkeys(row.metric for row in own))
        value = {(row.contender, row.metric): row.value for row in own}
        rows = tuple(
            (_words(name), *(decimal(value[name, metric], 3) for metric in metrics))
            for name in dict.fromkeys(row.contender for row in own)
        )
        what = "again" if side == "repeat" else "for the first time"
        named = tuple(NEXT_CATEGORIES.get(metric, _words(metric)) for metric in metrics)
        tables.append(ProofTable(f"What is bought {what}?", proof.why[side], ("", *named), rows))
    return tables


def further_proofs(next_order: NextOrderProof, categories: CategoryProof | None) -> list[ProofTable]:
    """All of them."""
    return [next_order_table(next_order), *(category_tables(categories) if categories else [])]


def keep_further_proofs(found: Sequence[Sequence[ProofTable]], state: Path) -> None:
    """Write those of a run, in the order of its model cards, into the folder of its state."""
    text = json.dumps([[asdict(table) for table in own] for own in found])

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    all_written(state, {FILE_NAME: write})


def kept_further_proofs(state: Path, cards: int) -> list[list[ProofTable]]:
    """What `keep_further_proofs` left, one list for each of so many cards; empty where nothing fits them."""
    try:
        kept: list[list[dict[str, Any]]] = json.loads((state / FILE_NAME).read_text(encoding="utf-8"))
        found = [[_table(one) for one in own] for own in kept]
    except (OSError, ValueError, KeyError, TypeError):
        found = []
    return found if len(found) == cards else [[] for _ in range(cards)]


def _table(kept: dict[str, Any]) -> ProofTable:
    rows = tuple(tuple(str(cell) for cell in row) for row in kept["rows"])
    return ProofTable(kept["question"], kept["reason"], tuple(kept["columns"]), rows)


def _words(name: str) -> str:
    return {"bg_nbd": "BG/NBD"}.get(name, name.replace("_", " "))


def _figure(metric: str, value: float | None) -> str:
    return percent(value) if metric.startswith("coverage") else decimal(value, 3)
