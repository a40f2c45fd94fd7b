"""The proof of the forecast of segments, told: the line, what stands beside it, and every model with its formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foretell.answers.published import RunOverHorizon
from foretell.segments.migration import landing_mixture
from foretell.segments.migration.transition_tables import BASELINES
from foretell.segments.movement.proof import SEGMENT_PROOF
from foretell.segments.movement.summary import SetSummary
from foretell.words.wording import counted, days, decimal, known, percent

FORMULAS = {
    landing_mixture.NAME: landing_mixture.FORMULA,
    **{one.name: one.formula for one in BASELINES},
}
TOLD_METRICS = ("log_loss", "macro_f1", "flow_error")
LEVEL = 0.8
FAR_FROM_LEVEL = 0.1


@dataclass(frozen=True)
class ProofRow:
    """A model of the forecast: its formula and what it scored at past cutoffs, best first."""

    name: str
    formula: str
    role: str
    log_loss: str
    behind: str
    macro_f1: str
    flow_error: str


def proof_rows(run: RunOverHorizon, summary: SetSummary) -> tuple[ProofRow, ...]:
    """The models by their mean log loss over the cutoffs."""
    means = _means(run, summary)
    found = []
    for name in sorted(means, key=lambda name: means[name].get("log_loss", np.inf)):
        behind = summary.behind.get(name)
        role = "serves" if name == summary.served else "baseline" if name != landing_mixture.NAME else ""
        told = f"{decimal(behind[0])} [{decimal(behind[1])}, {decimal(behind[2])}]" if behind else ""
        values = [decimal(means[name].get(metric)) for metric in TOLD_METRICS]
        found.append(ProofRow(spaced(name), FORMULAS.get(name, ""), role, values[0], told, *values[1:]))
    return tuple(found)


def _means(run: RunOverHorizon, summary: SetSummary) -> Mapping[str, Mapping[str, float]]:
    """By model and metric, the mean over the cutoffs."""
    values: dict[str, dict[str, list[float]]] = {}
    proof = run.read(SEGMENT_PROOF).get(summary.segment_set)
    for row in proof.measured if proof else ():
        if row.value is not None:
            values.setdefault(row.model, {}).setdefault(row.metric, []).append(row.value)
    return {model: {name: float(np.mean(found)) for name, found in own.items()} for model, own in values.items()}


def spaced(text: str) -> str:
    """Names of models as people say them.

    >>> spaced("ageing_mixture serves")
    'ageing mixture serves'
    """
    for name in sorted(FORMULAS, key=len, reverse=True):
        text = text.replace(name, name.replace("_", " "))
    return text


def proof_line(summary: SetSummary, models: tuple[ProofRow, ...]) -> str:
    """The line on the proof."""
    if not models:
        return f"Not tested: {summary.reason[:1].lower()}{summary.reason[1:]} Take every number as a guess."
    serving = next((row for row in models if row.role == "serves"), models[0])
    best = next((row for row in models if row.role == "baseline"), None)
    told = f"Forecasts of segments were tested at {counted(summary.tests, 'past cutoff')}: log loss {serving.log_loss}"
    return (
        f"{told}; best baseline ({best.name}) {best.log_loss}." if best else f"{told}, by a baseline, {serving.name}."
    )


def proof_notes(summary: SetSummary) -> tuple[str, ...]:
    """Why this model, what intervals are worth, how many moves were mere ageing, since when cut points hold."""
    notes = []
    if summary.tests:
        reason = spaced(summary.reason).replace(" 0.", " .")
        notes.append(f"{reason[:1].upper()}{reason[1:]}")
    if known(summary.coverage):
        narrow = summary.coverage is not None and summary.coverage < LEVEL - FAR_FROM_LEVEL
        beside = ": they are too narrow, so allow for more" if narrow else ""
        notes.append(f"{percent(summary.coverage)} of the numbers came to lie in their 80 % intervals{beside}.")
    if known(summary.ageing_share):
        notes.append(
            f"{percent(summary.ageing_share)} of the moves of the last {days(summary.horizon_days)} were mere ageing: "
            "no order, time passed."
        )
    notes.append(
        f"Cut points hold since {summary.fitted_on}, fitted over a window of {days(summary.window_days)}; segments are "
        "comparable as long as they are not fitted anew."
    )
    return tuple(notes)
