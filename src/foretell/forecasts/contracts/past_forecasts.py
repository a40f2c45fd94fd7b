"""Contracts at past cutoffs: what was forecast from what was known then, beside what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import CustomerWeights, Figure
from foretell.backtest.metrics.amount_metrics import AmountPanel
from foretell.backtest.metrics.probability_metrics import ProbabilityPanel
from foretell.backtest.metrics.proper_scores import log_loss_of_rows
from foretell.backtest.panels import Panel, value_of
from foretell.forecasts.contracts.baselines import BASELINES, fitted
from foretell.forecasts.contracts.contracts import LATE, Contracts
from foretell.forecasts.contracts.hazard import OURS, EndModel, learned
from foretell.forecasts.contracts.history import renewal_history
from foretell.forecasts.contracts.projection import outlook, paid_since
from foretell.models.contract import CannotFit
from foretell.project.intervals import days

FEWEST_ENDS = 20
CONTENDERS = (OURS, *BASELINES)
IN_HORIZON, AT_RENEWAL, REVENUE = "contract_ends", "contract_ends_at_renewal", "contract_revenue"
METRICS = {
    IN_HORIZON: ("log_loss", "brier", "auroc"),
    AT_RENEWAL: ("log_loss", "brier", "auroc"),
    REVENUE: ("relative_bias", "mae"),
}


@dataclass(frozen=True)
class Asked:
    """One question of the contracts of all tests: forecasts by contender, what came, whose it is and of which test;
    float64, uint64 and int64 [rows]."""

    predicted: Mapping[str, np.ndarray]
    actual: np.ndarray
    customer_key: np.ndarray
    cutoff: np.ndarray


@dataclass(frozen=True)
class MeasuredContracts:
    """A metric of one contender for one question over all tests; `lead` is how much lower ours has the log loss, None
    for ours and for other metrics."""

    question: str
    contender: str
    metric: str
    figure: Figure
    contracts: int
    positives: int
    lead: Figure | None


def taught(known: Contracts, cutoff: int) -> dict[str, EndModel]:
    """Every contender by name, taught by contracts as known at a cutoff; `CannotFit` under `FEWEST_ENDS` ends."""
    history = renewal_history(known, cutoff)
    if (ends := int(history.ended.sum())) < FEWEST_ENDS:
        raise CannotFit(f"{ends} contracts ended, and fewer than {FEWEST_ENDS} teach nothing")
    by_interval = renewal_history(known, cutoff, known.interval)
    return {OURS: learned(history), **{name: fitted(name, by_interval) for name in BASELINES}}


def asked_at(everything: Contracts, cutoff: int, horizon_days: int, known_by: int) -> dict[str, Asked]:
    """The questions at one past cutoff: what is known by `known_by` judges what was forecast from what was known."""
    until, began = cutoff + days(horizon_days), everything.started_seen < cutoff
    known, truth = everything.as_of(cutoff), everything.as_of(known_by).take(began[everything.started_seen < known_by])
    models = taught(known, cutoff)
    running = known.is_running
    known, truth = known.take(running), truth.take(running)
    said = {name: outlook(model, known, cutoff, horizon_days) for name, model in models.items()}
    renewal = np.floor(known.intervals_until(cutoff)) + 1
    ripe = known.intervals_until(known_by) >= renewal + LATE
    actual = {
        IN_HORIZON: (truth.ended_at < until).astype(np.float64),
        AT_RENEWAL: (truth.end_renewal <= renewal).astype(np.float64),
        REVENUE: paid_since(truth, cutoff, until),
    }
    rows = {
        IN_HORIZON: np.ones(len(known), bool),
        AT_RENEWAL: ripe,
        REVENUE: known.is_billed & np.isfinite(known.amount),
    }
    told = {
        IN_HORIZON: {name: one.ends for name, one in said.items()},
        AT_RENEWAL: {name: one.ends_at_renewal for name, one in said.items()},
        REVENUE: {name: one.revenue for name, one in said.items()},
    }
    return {
        question: Asked(
            {name: values[kept] for name, values in told[question].items()},
            actual[question][kept],
            known.customer_key[kept],
            np.full(int(kept.sum()), cutoff),
        )
        for question, kept in rows.items()
    }


def together(parts: Sequence[Asked]) -> Asked:
    """The rows of several tests; at least one."""
    return Asked(
        {name: np.concatenate([part.predicted[name] for part in parts]) for name in parts[0].predicted},
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("actual", "customer_key", "cutoff")),
    )


def judged(question: str, asked: Asked, seed: int) -> list[MeasuredContracts]:
    """Every contender by every metric of a question, with 90 % intervals over customers, who weigh the same at every
    test; nothing without rows."""
    if not len(asked.actual):
        return []
    weights = CustomerWeights.drawn([asked.customer_key], seed)
    sampled = weights.sampled(asked.customer_key)
    shrink = math.sqrt(float(sampled.mean()))
    positives = int((asked.actual > 0).sum())
    loss = {name: log_loss_of_rows(one, asked.actual) for name, one in asked.predicted.items()}
    found = []
    for name, predicted in asked.predicted.items():
        value = value_of(_panel(question, predicted, asked.actual), METRICS[question])
        sample = _panel(question, predicted[sampled], asked.actual[sampled])
        centre = value_of(sample, METRICS[question])
        draws = weights.replicate(sample, asked.customer_key[sampled], METRICS[question])
        for metric in METRICS[question]:
            figure = Figure.drawn(value[metric], centre[metric], draws[metric], shrink)
            lead = None
            if metric == "log_loss" and name != OURS:
                behind = loss[name] - loss[OURS]
                drawn = weights.means(asked.customer_key, behind)
                lead = Figure.drawn(float(behind.mean()), float(behind[sampled].mean()), drawn, shrink)
            found.append(MeasuredContracts(question, name, metric, figure, len(predicted), positives, lead))
    return found


def _panel(question: str, predicted: np.ndarray, actual: np.ndarray) -> Panel:
    return AmountPanel("amount", predicted, actual) if question == REVENUE else ProbabilityPanel(predicted, actual)
