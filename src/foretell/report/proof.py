"""The part of the report that says how far to trust it: grades, what the proof rests on, and every model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.answers.kinds_of_customers import KindsTable, kinds_table
from foretell.answers.model import MODEL_CARD
from foretell.answers.published import RunOverHorizon
from foretell.backtest.bootstrap import MOST_CUSTOMERS
from foretell.backtest.forecast import Measured
from foretell.backtest.grade import Grade
from foretell.backtest.measures import Measures
from foretell.backtest.proof import Proof
from foretell.forecasts.orders.proving import JUDGED_DRAWS
from foretell.models.registry import MODELS
from foretell.project.objectives import target_of
from foretell.words.metrics import IN_MONEY, METRICS, OF_EVERYBODY, QUESTIONS, best_of, happened, written
from foretell.words.wording import count, counted, days, model_name, percent, signed_percent

GRADED = ("purchase", "orders", "spend", "becomes_high_value")


def graded(proof: Proof) -> list[Grade]:
    """The grades that a reader needs first."""
    return [proof.grades[target] for target in GRADED if target in proof.grades]


def formulas(proof: Proof) -> list[tuple[str, str, bool]]:
    """Each judged model's name, formula, and whether it is a baseline; baselines first."""
    judged = {measured.model for measured in proof.measured}
    known = sorted((MODELS[name] for name in MODELS if name in judged), key=lambda model: not model.is_baseline)
    return [(model_name(model.name), model.formula, model.is_baseline) for model in known]


def evidence(run: RunOverHorizon) -> list[tuple[str, str]]:
    """What the proof rests on: cutoffs, windows, customers, training rows."""
    proof, card = run.proof, run.read(MODEL_CARD)
    told = []
    if card.test_horizon_days is not None:
        cutoffs = sorted({measured.cutoff for measured in proof.measured})
        customers = len(np.unique(np.concatenate([f.customer_key for f in proof.forecasts])))
        drawn = f"{count(min(customers, MOST_CUSTOMERS))} of {count(customers)}, drawn {JUDGED_DRAWS} times"
        apart = f"{card.disjoint_tests} of {len(cutoffs)}, of {days(card.test_horizon_days)} each"
        told = [
            ("Tested at", f"{counted(len(cutoffs), 'past cutoff')}: {', '.join(cutoffs)}"),
            ("Windows that do not overlap", apart),
            ("Customers in the bootstrap", drawn),
        ]
    if card.training_rows:
        at = counted(len(card.training_cutoffs), "cutoff")
        told.append(("Training rows", f"{count(card.training_rows)}, a row a customer at each of {at}"))
    return told


def levels(proof: Proof) -> list[str]:
    """How far totals were missed, and how often the interval of spend held what was spent; a sentence each."""
    told = []
    serving = proof.serving("spend")
    missed = [
        row.value
        for row in proof.measured
        if (row.objective, row.slice, row.metric, row.model) == ("spend", "all", "relative_bias", serving)
        and row.value is not None
    ]
    if missed:
        span = f"{signed_percent(min(missed))} to {signed_percent(max(missed))}"
        whole = "by " + (span if len(missed) > 1 else signed_percent(missed[0]))
        told.append(f"The total spend of all customers was missed {whole} at {counted(len(missed), 'past cutoff')}.")
    held, of_buyers, above = (
        proof.mean("spend", serving, metric)
        for metric in ("interval_coverage", "interval_coverage_of_buyers", "share_above_high")
    )
    if held is not None:
        told.append(
            f"The 80 % interval of spend held what {percent(held)} of all customers spent, {percent(of_buyers)} of "
            f"those who bought; {percent(above)} spent more than its upper end."
        )
    return told


@dataclass(frozen=True)
class Cell:
    """A metric's mean over cutoffs, its 90 % interval at one cutoff on average, and whether it is the best here."""

    value: str
    interval: str
    best: bool


@dataclass(frozen=True)
class ModelRow:
    """A model in a table; `role` is `serves`, `baseline` or empty."""

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


def metric_tables(proof: Proof, currency: str) -> list[MetricTable]:
    """A table for each question and kind of customers: all, and those active at the cutoff."""
    tables = []
    for objective in QUESTIONS:
        for slice_name in ("all", "active") if objective in OF_EVERYBODY else ("all",):
            found = [m for m in proof.measured if (m.objective, m.slice) == (objective, slice_name)]
            if found:
                tables.append(_table(proof, objective, slice_name, found, currency))
    return tables


def kinds_tables(proof: Proof) -> list[tuple[str, KindsTable]]:
    """For each question that was proved: who serves and the best baseline on each kind of customers."""
    measures = Measures(proof.measured)
    tables = []
    for objective in measures.objectives():
        choice = proof.choices.get(target_of(objective))
        if choice is None:
            continue
        table = kinds_table(measures, objective, choice.model, choice.best_baseline)
        if table.rows:
            tables.append((f"{QUESTIONS[objective]} · {model_name(choice.model)}", table))
    return tables


def _table(proof: Proof, objective: str, slice_name: str, found: list[Measured], currency: str) -> MetricTable:
    present = {m.metric for m in found}
    metrics = [metric for metric in METRICS if metric in present]
    choice = proof.choices.get("purchase" if objective == "churn" else objective)
    ranked = list(choice.scores) if choice else []
    place = {name: ranked.index(name) if name in ranked else len(ranked) for name in {m.model for m in found}}
    judged = sorted(place, key=lambda name: (place[name], name))
    means = {(name, metric): proof.mean(objective, name, metric, slice_name) for name in judged for metric in metrics}
    best = {metric: best_of(metric, [means[name, metric] for name in judged]) for metric in metrics}
    rows = []
    for name in judged:
        is_baseline = name in MODELS and MODELS[name].is_baseline
        cells = tuple(
            Cell(
                written(objective, metric, means[name, metric]),
                _interval(found, objective, name, metric),
                means[name, metric] is not None and means[name, metric] == best[metric],
            )
            for metric in metrics
        )
        role = "serves" if choice and choice.model == name else "baseline" if is_baseline else ""
        rows.append(ModelRow(model_name(name), role, cells))
    columns = tuple(
        f"{METRICS[metric]}, {currency}"
        if metric in IN_MONEY and objective == "spend" and currency
        else METRICS[metric]
        for metric in metrics
    )
    return MetricTable(_title(objective, slice_name), _note(objective, found), columns, tuple(rows))


def _title(objective: str, slice_name: str) -> str:
    if objective not in OF_EVERYBODY:
        return QUESTIONS[objective]
    return f"{QUESTIONS[objective]} · {'active' if slice_name == 'active' else 'all'} customers"


def _note(objective: str, found: Sequence[Measured]) -> str:
    at_cutoff = {m.cutoff: m for m in found}
    total = sum(m.n for m in at_cutoff.values())
    if not total:
        return ""
    share = percent(sum(m.positives or 0 for m in at_cutoff.values()) / total)
    return f"{counted(total, 'forecast')} at {counted(len(at_cutoff), 'cutoff')}; {happened(objective, share)}."


def _interval(found: Sequence[Measured], objective: str, model: str, metric: str) -> str:
    own = [m for m in found if m.model == model and m.metric == metric and m.low is not None and m.high is not None]
    if not own:
        return ""
    low, high = float(np.mean([m.low for m in own])), float(np.mean([m.high for m in own]))
    return f"{written(objective, metric, low)} to {written(objective, metric, high)}"
