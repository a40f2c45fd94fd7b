"""The figures of the proof: each drawing with its title, its legend, and what to see in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.answers.published import RunOverHorizon
from foretell.backtest.curves import calibration_table, gains_curve, threshold_curve
from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.proof import Proof
from foretell.report.markup import Markup
from foretell.report.pictures.diagrams import (
    AtCutoff,
    Measure,
    calibration_diagram,
    cutoff_chart,
    gains_chart,
    threshold_chart,
)
from foretell.words.wording import decimal, model_name, percent

NO_VALUE: Measure = (None, None, None)
AT_CUTOFFS = (
    ("purchase", "auroc", "Who orders: AUROC", "Higher is better.", False),
    ("purchase", "log_loss", "Who orders: log loss", "Lower is better.", False),
    ("spend", "normalised_gini", "How much is spent: Gini", "Higher is better.", False),
    ("spend", "relative_bias", "How much is spent: the total", "How far the total was missed; 0 is best.", True),
)


@dataclass(frozen=True)
class ProofFigure:
    """A drawing with its title and what to see in it; `legend` pairs a class with a name."""

    title: str
    text: str
    drawing: Markup
    legend: tuple[tuple[str, str], ...] = ()


def figures(run: RunOverHorizon) -> list[ProofFigure]:
    """Calibration, gains of orders and of spend, and thresholds, of the models that serve, over all test cutoffs."""
    proof = run.proof
    ours = _pooled(proof, "purchase", proof.serving("purchase"))
    drawn = [
        _calibration(*ours) if ours is not None else None,
        _gains(proof, "purchase"),
        _gains(proof, "spend"),
        _thresholds(run, *ours) if ours is not None else None,
    ]
    return [figure for figure in drawn if figure is not None]


def cutoff_figures(proof: Proof) -> list[ProofFigure]:
    """How steady the forecasts are: a metric at each past cutoff, ours beside the best baseline."""
    drawn = []
    for target, metric, title, text, as_share in AT_CUTOFFS:
        choice = proof.choices.get(target)
        if choice is None:
            continue
        beside = choice.best_baseline if choice.best_baseline != choice.model else None
        drawing = cutoff_chart(_at_cutoffs(proof.measured, target, metric, choice.model, beside), title, as_share)
        if drawing is not None:
            legend = [("dot ours", model_name(choice.model))]
            legend += [("dot other", f"{model_name(beside)}, the best baseline")] if beside else []
            drawn.append(ProofFigure(title, text, drawing, tuple(legend)))
    return drawn


def _calibration(predicted: np.ndarray, actual: np.ndarray) -> ProofFigure:
    table = calibration_table(predicted, actual)
    return ProofFigure(
        "Do the chances come true?",
        "Each dot is an equally large group of customers, by forecast: the chance that was forecast, and the share who "
        "then ordered, with a 90 % interval. Below the dotted line too much was promised, above it too little.",
        calibration_diagram(table, "chance of an order"),
        (("dot ours", "customers"), ("ideal", "exactly as forecast")),
    )


def _thresholds(run: RunOverHorizon, predicted: np.ndarray, actual: np.ndarray) -> ProofFigure | None:
    if not 0 < actual.sum() < len(actual):
        return None
    proof = run.proof
    found = {
        metric: proof.mean("purchase", proof.serving("purchase"), metric) for metric in ("precision", "recall", "f1")
    }
    tested = (
        f" At thresholds chosen on earlier customers: precision {percent(found['precision'])}, "
        f"recall {percent(found['recall'])}, F1 {decimal(found['f1'], 2)}."
        if found["f1"] is not None
        else ""
    )
    return ProofFigure(
        "From which chance on?",
        "Precision: the share of the selected who ordered. Recall: the share of those who ordered that was selected."
        f"{tested}",
        threshold_chart(threshold_curve(predicted, actual), run.models.thresholds.get("purchase")),
        (("ours", "precision"), ("other", "recall"), ("ideal", "F1")),
    )


def _gains(proof: Proof, target: str) -> ProofFigure | None:
    choice = proof.choices.get(target)
    found = _pooled(proof, target, choice.model if choice else None)
    if choice is None or found is None or (curve := gains_curve(*found)) is None:
        return None
    of_customers = target == "purchase"
    other = _pooled(proof, target, choice.best_baseline) if choice.best_baseline != choice.model else None
    beside = gains_curve(*other) if other is not None else None
    legend = [("ours", model_name(choice.model))]
    legend += [("other", model_name(choice.best_baseline))] if beside is not None else []
    tenth = float(np.interp(0.1, curve.share_of_customers, curve.share_of_outcome))
    reached = "those who ordered" if of_customers else "what was spent"
    return ProofFigure(
        "How many buyers are found?" if of_customers else "How much of the spend is found?",
        f"The tenth of customers ranked highest held {percent(tenth)} of {reached}.",
        gains_chart(curve, beside, reached),
        (*legend, ("ideal", "perfect order")),
    )


def _pooled(proof: Proof, objective: str, model: str | None) -> tuple[np.ndarray, np.ndarray] | None:
    own: list[Forecast] = [f for f in proof.forecasts if f.objective == objective and f.model == model]
    if not own or not all(np.isfinite(f.predicted).all() for f in own):
        return None
    return np.concatenate([f.predicted for f in own]), np.concatenate([f.actual for f in own])


def _at_cutoffs(
    measured: Sequence[Measured], objective: str, metric: str, model: str, baseline: str | None
) -> list[AtCutoff]:
    own = [m for m in measured if (m.objective, m.metric, m.slice) == (objective, metric, "all")]
    at = {(m.cutoff, m.model): (m.value, m.low, m.high) for m in own}
    cutoffs = sorted({m.cutoff for m in own})
    return [AtCutoff(day, at.get((day, model), NO_VALUE), at.get((day, baseline or ""), NO_VALUE)) for day in cutoffs]
