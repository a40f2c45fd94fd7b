"""Every model beside every other on each question, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.forecast import Measured
from foretell.models.registry import MODELS
from foretell.workflow.proof import Proof
from foretell.workflow.summary import mean_over_cutoffs
from foretell.workflow.wording import counted, decimal, model_name, percent, signed_percent

QUESTIONS = {
    "purchase": "Who orders?",
    "churn": "Who leaves?",
    "orders": "How many orders?",
    "spend": "How much is spent?",
    "high_value": "Who is in the top tier?",
    "becomes_high_value": "Who rises into the top tier?",
    "decline": "Who spends much less?",
}
COLUMNS_OF_PROBABILITIES = (
    ("auroc", "AUROC"),
    ("average_precision", "average precision"),
    ("log_loss", "log loss"),
    ("brier", "Brier"),
    ("calibration_error", "calibration error"),
    ("lift_at_10_percent", "lift at 10 %"),
    ("precision", "precision"),
    ("recall", "recall"),
    ("f1", "F1"),
)
COLUMNS_OF_AMOUNTS = (
    ("mae", "MAE"),
    ("normalised_gini", "Gini"),
    ("decile_error", "decile error"),
    ("relative_bias", "bias"),
    ("poisson_deviance", "Poisson deviance"),
    ("tweedie_deviance", "Tweedie deviance"),
)
AS_PERCENT = {"precision", "recall", "decile_error"}
LOWER_IS_BETTER = {
    "log_loss",
    "brier",
    "calibration_error",
    "mae",
    "decile_error",
    "poisson_deviance",
    "tweedie_deviance",
}


@dataclass(frozen=True)
class Cell:
    """A metric's mean over cutoffs, and its 90 % interval at one cutoff on average; `best` marks the best of a column."""

    value: str
    interval: str
    best: bool


@dataclass(frozen=True)
class ModelRow:
    """A model in a table."""

    name: str
    role: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class MetricTable:
    """Every model on one question, best first."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[ModelRow, ...]


def metric_tables(proof: Proof) -> list[MetricTable]:
    """A table for each question and kind of customers that was judged."""
    tables = []
    for objective, question in QUESTIONS.items():
        for slice_name in ("all", "active"):
            found = [m for m in proof.measured if m.objective == objective and m.slice == slice_name]
            if found:
                tables.append(_table(proof, question, objective, slice_name, found))
    return tables


def _table(proof: Proof, question: str, objective: str, slice_name: str, found: list[Measured]) -> MetricTable:
    present = {m.metric for m in found}
    wanted = [c for c in (*COLUMNS_OF_PROBABILITIES, *COLUMNS_OF_AMOUNTS) if c[0] in present]
    choice = proof.choices.get("purchase" if objective == "churn" else objective)
    ranked = list(choice.scores) if choice else []
    judged = sorted(
        {m.model for m in found}, key=lambda name: (ranked.index(name) if name in ranked else len(ranked), name)
    )
    means = {
        (name, key): mean_over_cutoffs(proof, objective, name, key, slice_name) for name in judged for key, _ in wanted
    }
    best = {key: _best(key, [means[name, key] for name in judged]) for key, _ in wanted}
    rows = []
    for name in judged:
        role = "serves" if choice and choice.model == name else "baseline" if _is_baseline(name) else ""
        cells = tuple(
            Cell(
                _written(key, means[name, key]),
                _interval(found, name, key),
                means[name, key] is not None and means[name, key] == best[key],
            )
            for key, _ in wanted
        )
        rows.append(ModelRow(model_name(name), role, cells))
    one = [m for m in found if m.model == judged[0] and m.metric == wanted[0][0]] if wanted else []
    total, positives = sum(m.n for m in one), sum(m.positives or 0 for m in one)
    who = (
        "active customers"
        if slice_name == "active"
        else "customers of whom it is asked"
        if objective in ("becomes_high_value", "decline")
        else "all customers"
    )
    note = (
        f"{counted(total, 'forecast')} at {counted(len(one), 'cutoff')}; it came true for {percent(positives / total)}"
        if total
        else ""
    )
    return MetricTable(f"{question} · {who}", note, tuple(label for _, label in wanted), tuple(rows))


def _interval(found: Sequence[Measured], model: str, metric: str) -> str:
    own = [m for m in found if m.model == model and m.metric == metric and m.low is not None and m.high is not None]
    if not own:
        return ""
    low, high = (float(np.mean([getattr(m, end) for m in own])) for end in ("low", "high"))
    return f"{_written(metric, low)} – {_written(metric, high)}"


def _best(metric: str, values: Sequence[float | None]) -> float | None:
    finite = [value for value in values if value is not None]
    if not finite:
        return None
    if metric == "relative_bias":
        return min(finite, key=abs)
    return min(finite) if metric in LOWER_IS_BETTER else max(finite)


def _written(metric: str, value: float | None) -> str:
    if metric in AS_PERCENT:
        return percent(value)
    if metric == "relative_bias":
        return signed_percent(value)
    if value is None:
        return decimal(None)
    return decimal(value, 3 if abs(value) < 1 else 2 if abs(value) < 100 else 0)


def _is_baseline(name: str) -> bool:
    return name in MODELS and MODELS[name].is_baseline
