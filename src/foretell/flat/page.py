"""The report on a flat table, as one HTML file without network or script."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

import numpy as np

from foretell.backtest.curves import calibration_table, gains_curve, threshold_curve
from foretell.flat import summary
from foretell.flat.proof import BASE_RATE, BASELINES, metric_of
from foretell.flat.run import FlatOutcome
from foretell.models.flat.blend import FlatBlend
from foretell.project.version import __version__
from foretell.report.markup import Markup
from foretell.report.page import set_page
from foretell.report.pictures import charts
from foretell.report.pictures.diagrams import calibration_diagram, gains_chart, threshold_chart
from foretell.report.pictures.figures import ProofFigure
from foretell.words.wording import counted, decimal, percent, shown, signed_percent

METRICS = {
    "log_loss": "log loss",
    "auroc": "AUROC",
    "average_precision": "average precision",
    "brier": "Brier",
    "calibration_error": "calibration error",
    "lift_at_10_percent": "lift at 10 %",
}
ROWS_SHOWN = 25


@dataclass(frozen=True)
class ModelLine:
    """A model in the table of the proof: its name, its role and each metric with its interval."""

    name: str
    role: str
    cells: tuple[tuple[str, str], ...]


def flat_report(outcome: FlatOutcome) -> str:
    """The report; everything that came from outside is escaped."""
    return set_page("flat_report.html", page(outcome))


def page(outcome: FlatOutcome) -> dict[str, Any]:
    """What the template sets, by section."""
    intake, proof, request = outcome.intake, outcome.proof, outcome.request
    label = intake.label
    return {
        "version": __version__,
        "name": shown(request.name),
        "label": shown(label.name),
        "positive": shown(label.positive),
        "headline": summary.headline(outcome),
        "warnings": summary.warnings(outcome),
        "proof_line": summary.proof_line(outcome),
        "word": proof.grade.predictability_word,
        "whom": summary.whom(outcome),
        "people": [_person(line) for line in summary.likeliest(outcome, ROWS_SHOWN)],
        "figures": figures(outcome),
        "metrics": tuple(METRICS.values()),
        "models": model_lines(outcome),
        "answers": [f for f in intake.audit.left_out if f.why == "answer"],
        "doubtful": intake.audit.doubtful,
        "others": [f for f in intake.audit.left_out if f.why != "answer"],
        "columns": [(shown(c.name), c.kind) for c in intake.audit.kept],
        "making": making(outcome),
        "formulas": [(summary.model_spoken(m.name), m.formula) for m in FlatBlend().all_members],
        "command": command(outcome),
    }


def model_lines(outcome: FlatOutcome) -> list[ModelLine]:
    """Every model on the rows kept aside, lowest log loss first."""
    proof = outcome.proof
    lines = []
    for name in {forecast.model: None for forecast in proof.forecasts}:
        found = [metric_of(proof.measured, name, metric) for metric in METRICS]
        cells = tuple(
            (
                decimal(m.value if m else None),
                f"{decimal(m.low)} to {decimal(m.high)}" if m and m.low is not None else "",
            )
            for m in found
        )
        role = "serves" if name == proof.serving else "baseline" if name in BASELINES else "member"
        first = found[0].value if found[0] else None
        lines.append((np.inf if first is None else first, ModelLine(summary.model_spoken(name), role, cells)))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def figures(outcome: FlatOutcome) -> list[ProofFigure]:
    """Calibration, gains and thresholds of what serves, on rows kept aside."""
    proof, label = outcome.proof, outcome.intake.label
    by_name = {forecast.model: forecast for forecast in proof.forecasts}
    ours, plain = by_name[proof.serving], by_name["plain_logistic"]
    said = f"{shown(label.name)} = {shown(label.positive)}"
    gains = gains_curve(ours.predicted, ours.actual)
    drawn = [
        ProofFigure(
            "Do the chances come true?",
            "Each dot is an equally large group of rows, by score, with a 90 % interval. Below the dotted line too "
            "much was promised, above it too little.",
            calibration_diagram(calibration_table(ours.predicted, ours.actual), "chance"),
            (("dot ours", "rows"), ("ideal", "exactly as forecast")),
        ),
    ]
    if gains is not None and proof.serving != BASE_RATE:
        drawn.append(
            ProofFigure(
                "How many are found?",
                f"The share of those with {said} among the rows ranked highest.",
                gains_chart(gains, gains_curve(plain.predicted, plain.actual), f"rows with {said}"),
                (("ours", "served"), ("other", "plain logistic regression"), ("ideal", "the best order")),
            )
        )
        drawn.append(
            ProofFigure(
                "Where to draw the line?",
                "Precision, recall and F1 if rows are selected from this chance on.",
                threshold_chart(threshold_curve(ours.predicted, ours.actual), None),
                (("ours", "precision"), ("other", "recall"), ("ideal", "F1")),
            )
        )
    return drawn


def making(outcome: FlatOutcome) -> list[tuple[str, str]]:
    """How it was made."""
    proof, label = outcome.proof, outcome.intake.label
    weights = ", ".join(
        f"{summary.model_spoken(member.name)} {decimal(float(weight), 2)}"
        for member, weight in zip(FlatBlend().all_members, proof.weights, strict=True)
    )
    skill = proof.grade.skill
    beside = summary.model_spoken(proof.grade.best_baseline) if proof.grade.best_baseline else ""
    return [
        ("Predicted", f"{shown(label.name)} is {shown(label.positive)} (the other value is {shown(label.negative)})"),
        ("Rows with a label", counted(len(proof.fold), "row")),
        ("Folds", "5, outcomes spread evenly; identical rows and rows of one customer stay in one fold"),
        ("Serves", summary.model_spoken(proof.serving)),
        ("Skill", f"{signed_percent(skill)} log loss against {beside}" if skill is not None else "not computable"),
        ("Weights of the members", weights),
        ("Foretell", f"version {__version__}, seed {outcome.request.seed}"),
    ]


def command(outcome: FlatOutcome) -> str:
    """The command that repeats the run."""
    request = outcome.request
    words = ["foretell", "run", *(str(file) for file in request.files), "--label", request.label]
    words += ["--id", outcome.intake.customer] if outcome.intake.customer else []
    for option, names in (("--keep", request.keep), ("--drop", request.drop)):
        for name in names:
            words += [option, name]
    return shlex.join([*words, "--seed", str(request.seed), "--out", str(request.out)])


def _person(line: summary.FlatLine) -> dict[str, Any]:
    told = [{"way": "up" if one.way > 0 else "down", "text": one.fact} for one in line.reasons]
    bar: Markup = charts.bar(line.chance)
    return {"customer": line.customer, "chance": percent(line.chance), "bar": bar, "reasons": told}
