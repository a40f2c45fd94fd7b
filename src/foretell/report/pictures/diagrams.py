"""The drawings of the proof: calibration, gains, thresholds, and the same metric at each past cutoff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.curves import CalibrationTable, GainsCurve, ThresholdCurve
from foretell.report.markup import Markup
from foretell.report.pictures import charts
from foretell.report.pictures.charts import Axis, Plot, Series
from foretell.words.wording import decimal, percent, signed_percent

Measure = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class AtCutoff:
    """A metric of ours and of the best baseline at one past cutoff, each value, low, high; None: not computable."""

    day: str
    ours: Measure
    baseline: Measure


def calibration_diagram(table: CalibrationTable, label: str) -> Markup:
    """What was forecast against what happened, a dot a group of customers; on the diagonal a forecast is honest."""
    top = _round_share(max(float(table.predicted.max(initial=0)), float(table.high.max(initial=0))))
    quarters = tuple(top * part / 4 for part in range(5))
    plot = Plot(Axis(0, top, quarters, f"forecast {label}", _as_percent), Axis(0, top, quarters, "", _as_percent))
    groups = list(zip(table.predicted, table.low, table.actual, table.high, strict=True))
    told = "; ".join(f"{percent(predicted)} became {percent(actual)}" for predicted, _, actual, _ in groups)
    diagonal = plot.line(Series(np.array([0, top]), np.array([0, top]), "ideal"))
    marks = [diagonal, *(plot.whisker(*group, "ours") for group in groups)]
    return plot.drawn("Calibration: forecast against outcome", f"Groups of customers: {told}.", marks)


def gains_chart(ours: GainsCurve, baseline: GainsCurve | None, outcome: str) -> Markup:
    """The share of the outcome that the customers ranked highest hold, beside the best baseline and the best order."""
    plot = Plot(charts.share_axis("customers, highest forecast first"), charts.share_axis(""))
    drawn = [Series(ours.share_of_customers, ours.best, "ideal")]
    if baseline is not None:
        drawn.append(Series(baseline.share_of_customers, baseline.share_of_outcome, "other"))
    drawn.append(Series(ours.share_of_customers, ours.share_of_outcome, "ours"))
    at = [float(np.interp(share, ours.share_of_customers, ours.share_of_outcome)) for share in (0.1, 0.2, 0.5)]
    told = f"The highest 10 %, 20 % and 50 % of customers hold {', '.join(percent(a) for a in at)} of {outcome}."
    return plot.drawn(f"Gains: share of {outcome} found", told, [plot.line(series) for series in drawn])


def threshold_chart(curve: ThresholdCurve, chosen: float | None) -> Markup:
    """Precision, recall and F1 by the probability from which on customers are selected."""
    plot = Plot(charts.share_axis("select from this probability on"), charts.share_axis(""))
    order = np.argsort(curve.threshold, kind="stable")
    marks = [
        plot.line(Series(curve.threshold[order], values[order], style))
        for values, style in ((curve.f1, "ideal"), (curve.recall, "other"), (curve.precision, "ours"))
    ]
    if chosen is not None:
        marks.append(plot.upright(chosen, f"chosen: {percent(chosen)}"))
    told = "Precision rises and recall falls as the threshold rises."
    return plot.drawn("Precision, recall and F1 by threshold", told, marks)


def cutoff_chart(points: Sequence[AtCutoff], title: str, as_share: bool = False) -> Markup | None:
    """Ours beside the best baseline at each past cutoff, oldest first, with 90 % intervals; None without a number."""
    numbers = [v for point in points for v in (*point.ours, *point.baseline) if v is not None and np.isfinite(v)]
    if not numbers:
        return None
    ticks = charts.round_ticks(min(numbers), max(numbers), most=4)
    positions = [(number + 0.5) / len(points) for number in range(len(points))]
    x = Axis(0, 1, positions, "", lambda position: points[positions.index(position)].day)
    plot = Plot(x, Axis(ticks[0], ticks[-1], ticks, "", signed_percent if as_share else _plain), charts.LOW_HEIGHT)
    marks = []
    for position, point in zip(positions, points, strict=True):
        for shift, (value, low, high), style in ((-0.022, point.baseline, "other"), (0.022, point.ours, "ours")):
            if value is not None and np.isfinite(value):
                ends = value if low is None else low, value, value if high is None else high
                marks.append(plot.whisker(position + shift, *ends, style))
    write = signed_percent if as_share else decimal
    told = "; ".join(f"{point.day}: {write(point.ours[0])} against {write(point.baseline[0])}" for point in points)
    return plot.drawn(title, f"Ours against the best baseline. {told}.", marks)


def _plain(value: float) -> str:
    return f"{value:.3g}"


def _as_percent(value: float) -> str:
    return f"{100 * value:.3g} %"


def _round_share(highest: float) -> float:
    return next((top for top in (0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8) if highest <= top), 1.0)
