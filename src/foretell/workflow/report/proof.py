"""The part of the report that proves: grades, the drawings' data, and every model beside every other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from foretell.backtest.bootstrap import MOST_CUSTOMERS, REPLICATES
from foretell.backtest.curves import calibration_table, gains_curve, threshold_curve
from foretell.backtest.forecast import Forecast, Measured
from foretell.models.registry import MODELS
from foretell.workflow.proof import Proof
from foretell.workflow.report.diagrams import AtCutoff, calibration_diagram, cutoff_chart, gains_chart, threshold_chart
from foretell.workflow.report.tables import QUESTIONS
from foretell.workflow.run import Outcome
from foretell.workflow.summary import mean_over_cutoffs
from foretell.workflow.wording import count, counted, decimal, model_name, percent, signed_percent

GRADED = ("purchase", "orders", "spend", "becomes_high_value")


@dataclass(frozen=True)
class GradeCard:
    """The grade of one question in words and figures."""

    question: str
    model: str
    predictability: str
    metric: str
    word: str
    skill: str
    interval: str
    skill_word: str
    baseline: str
    advice: str


@dataclass(frozen=True)
class Figure:
    """A drawing with its title and what to see in it; `legend` pairs a class with a name."""

    title: str
    text: str
    drawing: Markup
    legend: tuple[tuple[str, str], ...] = ()


def grade_cards(proof: Proof) -> list[GradeCard]:
    """The grades that a reader needs first."""
    cards = []
    for target in GRADED:
        grade = proof.grades.get(target)
        if grade is None:
            continue
        is_auroc = grade.predictability_metric == "auroc"
        interval = (
            "" if grade.skill is None else f"{signed_percent(grade.skill_low)} to {signed_percent(grade.skill_high)}"
        )
        cards.append(
            GradeCard(
                QUESTIONS[target],
                model_name(grade.model),
                decimal(grade.predictability, 2),
                "AUROC" if is_auroc else "Gini",
                grade.predictability_word,
                signed_percent(grade.skill),
                interval,
                grade.skill_word,
                model_name(grade.best_baseline),
                grade.advice,
            )
        )
    return cards


def figures(outcome: Outcome) -> list[Figure]:
    """Calibration, gains of orders and of spend, and thresholds, of the models that serve, over all test cutoffs."""
    proof = outcome.proof
    drawn = []
    ours = _pooled(proof, "purchase", proof.serving("purchase"))
    if ours is not None:
        predicted, actual = ours
        drawn.append(
            Figure(
                "Do the chances come true?",
                "Each dot is a fifteenth of the customers: the chance that was forecast, and the share who then "
                "ordered, with a 90 % interval. On the dashed line a forecast is honest.",
                calibration_diagram(calibration_table(predicted, actual), "chance of an order"),
                (("ours", "customers"), ("ideal", "exactly as forecast")),
            )
        )
    drawn += [figure for target in ("purchase", "spend") if (figure := _gains(proof, target))]
    if ours is not None and 0 < ours[1].sum() < len(ours[1]):
        drawn.append(
            Figure(
                "From which chance on?",
                "Precision: the share of the selected who ordered. Recall: the share of those who ordered that was "
                "selected. The chosen threshold had the best F1 on earlier customers.",
                threshold_chart(threshold_curve(*ours), outcome.serving.thresholds.get("purchase")),
                (("ours", "precision"), ("other", "recall"), ("ideal", "F1")),
            )
        )
    return drawn


def cutoff_figures(proof: Proof) -> list[Figure]:
    """How steady the forecasts are: a metric at each past cutoff, ours beside the best baseline."""
    wanted = (
        ("purchase", "auroc", "Who orders: AUROC", "higher is better", False),
        ("purchase", "log_loss", "Who orders: log loss", "lower is better", False),
        ("spend", "normalised_gini", "How much: Gini", "higher is better", False),
        ("spend", "relative_bias", "How much: bias of the total", "0 is best", True),
    )
    drawn = []
    for target, metric, title, text, as_share in wanted:
        choice = proof.choices.get(target)
        if choice is None:
            continue
        points = _at_cutoffs(proof.measured, target, metric, choice.model, choice.best_baseline)
        drawing = cutoff_chart(points, title, as_share)
        if drawing is not None:
            legend = (("ours", model_name(choice.model)), ("other", model_name(choice.best_baseline)))
            drawn.append(Figure(title, text, drawing, legend if choice.best_baseline != choice.model else legend[:1]))
    return drawn


def formulas(proof: Proof) -> list[tuple[str, str, bool]]:
    """Each judged model's name, formula, and whether it is a baseline; baselines first."""
    judged = {measured.model for measured in proof.measured}
    known = [MODELS[name] for name in MODELS if name in judged]
    return [(model_name(m.name), m.formula, m.is_baseline) for m in sorted(known, key=lambda m: not m.is_baseline)]


def evidence(outcome: Outcome) -> list[tuple[str, str]]:
    """What the proof rests on: cutoffs, windows, customers, training rows."""
    proof, plan = outcome.proof, outcome.plan
    told = []
    if plan.proving is not None and proof.forecasts:
        cutoffs = sorted({measured.cutoff for measured in proof.measured})
        customers = len(np.unique(np.concatenate([f.customer_key for f in proof.forecasts])))
        told = [
            ("tested at", f"{counted(len(cutoffs), 'past cutoff')}: {', '.join(cutoffs)}"),
            (
                "windows that do not overlap",
                f"{plan.proving.disjoint_tests} of {len(cutoffs)}, {plan.proving.horizon_days} days each",
            ),
            (
                "customers in the bootstrap",
                f"{count(min(customers, MOST_CUSTOMERS))} of {count(customers)}, drawn {REPLICATES} times",
            ),
        ]
    if plan.serving is not None and outcome.serving.models:
        share = plan.largest_key / (2**64 - 1)
        rows = share * sum(plan.survey.customers_before(cutoff) for cutoff in plan.serving.training)
        told.append(
            (
                "training rows",
                f"{'' if share == 1 else 'about '}{count(rows)}, from {counted(len(plan.serving.training), 'cutoff')}",
            )
        )
    return told


def intervals_held(proof: Proof) -> str:
    """How often the 80 % interval of spend held what was spent, among all and among buyers; empty without any."""
    serving = proof.serving("spend")
    held = {
        metric: mean_over_cutoffs(proof, "spend", serving, metric)
        for metric in ("interval_coverage", "interval_coverage_of_buyers", "share_above_high")
    }
    if held["interval_coverage"] is None:
        return ""
    return (
        f"The 80 % interval of spend held {percent(held['interval_coverage'])} of all customers and "
        f"{percent(held['interval_coverage_of_buyers'])} of those who bought; {percent(held['share_above_high'])} "
        "spent more than its upper end."
    )


def _gains(proof: Proof, target: str) -> Figure | None:
    choice = proof.choices.get(target)
    found = _pooled(proof, target, choice.model if choice else None)
    if choice is None or found is None or (curve := gains_curve(*found)) is None:
        return None
    outcome = "customers who order" if target == "purchase" else "spend"
    other = _pooled(proof, target, choice.best_baseline) if choice.best_baseline != choice.model else None
    beside = gains_curve(*other) if other is not None else None
    legend = [
        ("ours", model_name(choice.model)),
        ("other", model_name(choice.best_baseline)),
        ("ideal", "perfect order"),
    ]
    tenth = float(np.interp(0.1, curve.share_of_customers, curve.share_of_outcome))
    title = "How many buyers are found?" if target == "purchase" else "How much of the spend is found?"
    return Figure(
        title,
        f"Writing to the tenth of customers ranked highest reaches {percent(tenth)} of {outcome}.",
        gains_chart(curve, beside, outcome),
        tuple(legend if beside is not None else (legend[0], legend[2])),
    )


def _pooled(proof: Proof, objective: str, model: str | None) -> tuple[np.ndarray, np.ndarray] | None:
    own: list[Forecast] = [f for f in proof.forecasts if f.objective == objective and f.model == model]
    if not own or not all(np.isfinite(f.predicted).all() for f in own):
        return None
    return np.concatenate([f.predicted for f in own]), np.concatenate([f.actual for f in own])


def _at_cutoffs(
    measured: Sequence[Measured], objective: str, metric: str, model: str, baseline: str | None
) -> list[AtCutoff]:
    own = [m for m in measured if m.objective == objective and m.metric == metric and m.slice == "all"]

    def at(cutoff: str, name: str | None) -> tuple[float | None, float | None, float | None]:
        row = next((m for m in own if m.cutoff == cutoff and m.model == name), None)
        return (None, None, None) if row is None or name is None else (row.value, row.low, row.high)

    beside = baseline if baseline != model else None
    return [AtCutoff(cutoff, at(cutoff, model), at(cutoff, beside)) for cutoff in sorted({m.cutoff for m in own})]
