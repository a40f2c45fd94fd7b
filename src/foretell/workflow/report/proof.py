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
from foretell.workflow.report.wording import count, counted, decimal, model_name, percent, signed_percent
from foretell.workflow.run import Outcome

QUESTIONS = {
    "purchase": "Who orders?",
    "churn": "Who leaves?",
    "orders": "How many orders?",
    "spend": "How much is spent?",
    "high_value": "Who is in the top tier?",
    "becomes_high_value": "Who rises into the top tier?",
    "decline": "Who spends much less?",
}
GRADED = ("purchase", "orders", "spend", "becomes_high_value")
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
LOWER_IS_BETTER = {"log_loss", "brier", "calibration_error", "mae", "decile_error", "poisson_deviance", "tweedie_deviance"}


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
        interval = "" if grade.skill is None else f"{signed_percent(grade.skill_low)} to {signed_percent(grade.skill_high)}"
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


def metric_tables(proof: Proof) -> list[MetricTable]:
    """A table for each question and kind of customers that was judged."""
    tables = []
    for objective, question in QUESTIONS.items():
        for slice_name in ("all", "active"):
            found = [m for m in proof.measured if m.objective == objective and m.slice == slice_name]
            if found:
                tables.append(_table(proof, question, objective, slice_name, found))
    return tables


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
            ("windows that do not overlap", f"{plan.proving.disjoint_tests} of {len(cutoffs)}, {plan.proving.horizon_days} days each"),
            ("customers in the bootstrap", f"{count(min(customers, MOST_CUSTOMERS))} of {count(customers)}, drawn {REPLICATES} times"),
        ]
    if plan.serving is not None and outcome.serving.models:
        share = plan.largest_key / (2**64 - 1)
        rows = share * sum(plan.survey.customers_before(cutoff) for cutoff in plan.serving.training)
        told.append(("training rows", f"{'' if share == 1 else 'about '}{count(rows)}, from {counted(len(plan.serving.training), 'cutoff')}"))
    return told


def intervals_held(proof: Proof) -> str:
    """How often the 80 % interval of spend held what was spent, among all and among buyers; empty without any."""
    serving = proof.serving("spend")
    held = {
        metric: _mean(proof.measured, "spend", "all", serving, metric)
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
    legend = [("ours", model_name(choice.model)), ("other", model_name(choice.best_baseline)), ("ideal", "perfect order")]
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


def _table(proof: Proof, question: str, objective: str, slice_name: str, found: list[Measured]) -> MetricTable:
    present = {m.metric for m in found}
    wanted = [c for c in (*COLUMNS_OF_PROBABILITIES, *COLUMNS_OF_AMOUNTS) if c[0] in present]
    choice = proof.choices.get("purchase" if objective == "churn" else objective)
    ranked = list(choice.scores) if choice else []
    judged = sorted({m.model for m in found}, key=lambda name: (ranked.index(name) if name in ranked else len(ranked), name))
    means = {(name, key): _mean(found, objective, slice_name, name, key) for name in judged for key, _ in wanted}
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
    who = "active customers" if slice_name == "active" else "customers of whom it is asked" if objective in ("becomes_high_value", "decline") else "all customers"
    note = f"{counted(total, 'forecast')} at {counted(len(one), 'cutoff')}; it came true for {percent(positives / total)}" if total else ""
    return MetricTable(f"{question} · {who}", note, tuple(label for _, label in wanted), tuple(rows))


def _mean(measured: Sequence[Measured], objective: str, slice_name: str, model: str | None, metric: str) -> float | None:
    values = [
        m.value
        for m in measured
        if m.objective == objective and m.slice == slice_name and m.model == model and m.metric == metric
    ]
    finite = [value for value in values if value is not None]
    return float(np.mean(finite)) if finite else None


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
