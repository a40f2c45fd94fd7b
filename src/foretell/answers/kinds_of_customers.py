"""Kinds of customers: how good the forecasts are by depth of history, by age and by what the first order tells, beside
the best baseline."""

from __future__ import annotations

from dataclasses import dataclass

from foretell.backtest.measures import Measures
from foretell.examples.slices import SLICES, measured_slices
from foretell.words.metrics import best_of, metric_name, written
from foretell.words.wording import count, model_name, percent


@dataclass(frozen=True)
class KindsTable:
    """A row for each kind of customers: forecasts, how many came true, then two metrics of who serves and of the best
    baseline; every figure as text, `–` where it could not be computed. `better` marks the better one of a pair."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    better: tuple[tuple[bool, ...], ...]


def kinds_table(measures: Measures, objective: str, serving: str, baseline: str | None) -> KindsTable:
    """The table of one question; without rows where no kind has customers."""
    measured = measures.metrics(objective)
    metrics = ("auroc", "log_loss") if "auroc" in measured else ("normalised_gini", "rmse")
    models = list(dict.fromkeys([serving, *([baseline] if baseline else [])]))
    beside = [model_name(model) for model in models[1:]]
    titles = [title for metric in metrics for title in (metric_name(metric), *beside)]
    rows, better = [], []
    for name in measured_slices(measures.slices(objective)):
        forecasts, positive, _ = measures.customers(objective, name)
        if not forecasts:
            continue
        found = {metric: [_mean(measures, objective, name, model, metric) for model in models] for metric in metrics}
        told = [written(objective, metric, value) for metric in metrics for value in found[metric]]
        rows.append((name, count(forecasts), percent(positive / forecasts), *told))
        marks = [
            value is not None and value == best_of(metric, found[metric])
            for metric in metrics
            for value in found[metric]
        ]
        better.append((False, False, False, *marks))
    by_value = dict.fromkeys(row[0].partition(": ")[0] for row in rows if row[0] not in SLICES)
    by = f"by {', '.join(['history', 'age', *by_value])}" if by_value else "by history and age"
    return KindsTable((by, "forecasts", "came true", *titles), tuple(rows), tuple(better))


def _mean(measures: Measures, objective: str, slice_name: str, model: str, metric: str) -> float | None:
    found = measures.over_cutoffs(objective, slice_name, model, metric)
    return found.mean if found else None
