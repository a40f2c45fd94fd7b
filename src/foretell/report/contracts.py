"""The part of the report on contracts: how many outlived each renewal, beside the shifted-beta-geometric."""

from __future__ import annotations

import numpy as np

from foretell.forecasts.contracts.proof import ContractsToday
from foretell.report.pictures.charts import Axis, Plot, Series
from foretell.report.pictures.figures import ProofFigure
from foretell.words.wording import count, counted, decimal, percent

FEWEST_RENEWALS = 3
LABELS = 6


def figure(today: ContractsToday) -> ProofFigure | None:
    """The share that outlived so many renewals, for the interval that most contracts have; None with too few."""
    found = today.retention
    if len(found) < FEWEST_RENEWALS:
        return None
    renewal = np.array([0, *(one.renewal for one in found)], dtype=np.float64)
    observed, modelled = (
        np.array([1.0, *(getattr(one, name) for one in found)]) for name in ("survival", "modelled_survival")
    )
    last = found[-1]
    labels = sorted({round(place) for place in np.linspace(0, last.renewal, LABELS)})
    plot = Plot(
        Axis(0.0, float(last.renewal), labels, "renewals", count),
        Axis(0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0), "", percent),
    )
    told = (
        f"Of contracts paid every {decimal(found[0].interval_days, 0)} days, {percent(last.survival)} outlived "
        f"{counted(last.renewal, 'renewal')}; the shifted-beta-geometric expects {percent(last.modelled_survival)}."
    )
    title = "How many contracts outlive their renewals"
    marks = [plot.line(Series(renewal, modelled, "other")), plot.line(Series(renewal, observed, "ours"))]
    legend = (("ours", "observed (Kaplan-Meier)"), ("other", "shifted-beta-geometric"))
    return ProofFigure(title, told, plot.drawn(title, told, marks), legend)
