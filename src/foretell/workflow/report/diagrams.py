"""The drawings of the proof: calibration, gains, thresholds, and the same metric at each past cutoff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from foretell.backtest.curves import CalibrationTable, GainsCurve, ThresholdCurve
from foretell.workflow.report import charts
from foretell.workflow.report.charts import Axis, Series
from foretell.workflow.wording import decimal, percent


@dataclass(frozen=True)
class AtCutoff:
    """A metric of ours and of the best baseline at one past cutoff, each with its interval; None: not computable."""

    day: str
    ours: tuple[float | None, float | None, float | None]
    baseline: tuple[float | None, float | None, float | None]


def calibration_diagram(table: CalibrationTable, label: str) -> Markup:
    """What was forecast against what happened, a dot a group of customers; on the diagonal a forecast is honest."""
    top = _round_share(max(float(table.predicted.max(initial=0)), float(table.high.max(initial=0))))
    x = Axis(0, top, _quarters(top), f"forecast {label}", _as_percent)
    y = Axis(0, top, _quarters(top), "", _as_percent)
    dots = [
        charts.whisker(x.share(p), y.share(low), y.share(a), y.share(high), "ours")
        for p, a, low, high in zip(table.predicted, table.actual, table.low, table.high, strict=True)
    ]
    pairs = "; ".join(f"{percent(p)} became {percent(a)}" for p, a in zip(table.predicted, table.actual, strict=True))
    diagonal = Series(np.array([0, top]), np.array([0, top]), "ideal")
    return charts.lines(
        [diagonal], x, y, "Calibration: forecast against outcome", f"Groups of customers: {pairs}.", dots
    )


def gains_chart(ours: GainsCurve, baseline: GainsCurve | None, outcome: str) -> Markup:
    """The share of the outcome that the customers ranked highest hold, beside the best baseline and the best order."""
    x, y = charts.share_axis("customers, highest forecast first"), charts.share_axis("")
    drawn = [Series(ours.share_of_customers, ours.best, "ideal")]
    if baseline is not None:
        drawn.append(Series(baseline.share_of_customers, baseline.share_of_outcome, "other"))
    drawn.append(Series(ours.share_of_customers, ours.share_of_outcome, "ours"))
    at = [float(np.interp(share, ours.share_of_customers, ours.share_of_outcome)) for share in (0.1, 0.2, 0.5)]
    told = f"The highest 10 %, 20 % and 50 % of customers hold {', '.join(percent(a) for a in at)} of {outcome}."
    return charts.lines(drawn, x, y, f"Gains: share of {outcome} found", told)


def threshold_chart(curve: ThresholdCurve, chosen: float | None) -> Markup:
    """Precision, recall and F1 by the probability from which on customers are selected."""
    x, y = charts.share_axis("select from this probability on"), charts.share_axis("")
    order = np.argsort(curve.threshold, kind="stable")
    threshold = curve.threshold[order]
    drawn = [
        Series(threshold, values[order], style)
        for values, style in ((curve.precision, "ours"), (curve.recall, "other"), (curve.f1, "ideal"))
    ]
    marks = [] if chosen is None else [charts.upright(x.share(chosen), f"chosen: {percent(chosen)}")]
    told = "Precision rises and recall falls as the threshold rises."
    return charts.lines(drawn, x, y, "Precision, recall and F1 by threshold", told, marks)


def cutoff_chart(points: Sequence[AtCutoff], title: str, as_share: bool = False) -> Markup | None:
    """Ours beside the best baseline at each past cutoff, oldest first, with 90 % intervals; None without a number."""
    numbers = [v for point in points for v in (*point.ours, *point.baseline) if v is not None and np.isfinite(v)]
    if not numbers:
        return None
    ticks = charts.round_ticks(min(numbers), max(numbers), most=4)
    write = _signed_share if as_share else _plain
    y = Axis(ticks[0], ticks[-1], ticks, "", write)
    positions = [(number + 0.5) / len(points) for number in range(len(points))]
    x = Axis(0, 1, positions, "", lambda position: points[positions.index(position)].day)
    marks = []
    for position, point in zip(positions, points, strict=True):
        for shift, found, style in ((0.022, point.ours, "ours"), (-0.022, point.baseline, "other")):
            value, low, high = found
            if value is not None and np.isfinite(value):
                low, high = value if low is None else low, value if high is None else high
                marks.append(charts.whisker(position + shift, y.share(low), y.share(value), y.share(high), style))
    told = "; ".join(f"{p.day}: {_told(p.ours[0], as_share)} against {_told(p.baseline[0], as_share)}" for p in points)
    return charts.lines([], x, y, title, f"Ours against the best baseline. {told}.", marks)


def _told(value: float | None, as_share: bool) -> str:
    return percent(value) if as_share else decimal(value)


def _plain(value: float) -> str:
    return f"{value:.3g}"


def _as_percent(value: float) -> str:
    return f"{100 * value:.3g} %"


def _signed_share(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(100 * value):.3g} %"


def _round_share(highest: float) -> float:
    return next((top for top in (0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8) if highest <= top), 1.0)


def _quarters(top: float) -> tuple[float, ...]:
    return tuple(top * part / 4 for part in range(5))
