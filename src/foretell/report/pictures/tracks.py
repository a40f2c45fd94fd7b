"""The tracking plot: orders as they came through the test windows, beside those expected, for all and by cohort."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from foretell.forecasts.orders.tracking import TrackedGroup, Tracking, totals
from foretell.report.markup import Markup
from foretell.report.pictures.charts import Axis, Plot, Series, axis_from_zero
from foretell.report.pictures.figures import ProofFigure
from foretell.words.wording import count, counted, days, expected, model_name, short, signed_percent

LEGEND = (("came", "came"), ("ours foreseen", "expected"), ("band", "80 % interval"))


def intro(tracking: Tracking) -> str:
    """What the plot follows, and what its interval holds."""
    windows = len(tracking.begins)
    anew = "" if windows == 1 else "; at each upright line the forecast is made anew, and newer customers join"
    spread = "as BG/NBD expects them" if tracking.by_process else "evenly, as no buying process could be fitted"
    has_interval = tracking.groups[0].low is not None
    held = (
        "The interval holds chance among customers and how far the totals of the other tests missed, not more."
        if has_interval
        else "An interval needs three tests, so there is none."
    )
    return (
        f"Orders of the customers known when a test began, added up through {counted(windows, 'window')} of "
        f"{days(tracking.horizon_days)}{anew}. Expected by the model that serves ({model_name(tracking.model)}), "
        f"spread {spread}. {held}"
    )


def figures(tracking: Tracking) -> list[ProofFigure]:
    """A drawing of everybody, then one of each cohort."""
    return [
        ProofFigure(_title(group.name), _told(group), _drawing(tracking, group), _legend(group))
        for group in tracking.groups
    ]


def _told(group: TrackedGroup) -> str:
    missed = signed_percent(group.expected[-1] / group.came[-1] - 1) if group.came[-1] > 0 else ""
    beside = f" ({missed})" if missed else ""
    return f"{counted(group.customers, 'customer')}: {totals(group)}{beside}."


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]


def _legend(group: TrackedGroup) -> tuple[tuple[str, str], ...]:
    return LEGEND if group.low is not None else LEGEND[:2]


def _drawing(tracking: Tracking, group: TrackedGroup) -> Markup:
    day = np.array([date.fromisoformat(one).toordinal() for one in tracking.ends], dtype=np.float64)
    begins = np.array([date.fromisoformat(one).toordinal() for one in tracking.begins], dtype=np.float64)
    steps = len(day) // len(begins)
    x = np.concatenate([np.append(begin, own) for begin, own in zip(begins, day.reshape(-1, steps), strict=True)])
    plot = Plot(
        Axis(begins[0], day[-1], _ticks(begins, day[-1]), "", lambda place: date.fromordinal(int(place)).isoformat()),
        axis_from_zero(max(max(one) for one in (group.came, group.expected, group.high or (0.0,))), short),
    )
    marks = []
    if group.low is not None and group.high is not None:
        marks.append(_band(plot, x, *(_from_begins(one, len(begins)) for one in (group.low, group.high))))
    marks += [_upright(plot, begin) for begin in begins[1:]]
    marks.append(plot.line(Series(x, _from_begins(group.expected, len(begins)), "ours foreseen")))
    marks.append(plot.line(Series(x, _from_begins(group.came, len(begins)), "came")))
    told = "; ".join(
        f"by {tracking.ends[at]} {count(group.came[at])} came, {expected(group.expected[at])} expected"
        for at in _read_out(len(day))
    )
    return plot.drawn(f"Orders through the test windows: {group.name}", f"Added up: {told}.", marks)


def _from_begins(values: Sequence[float], windows: int) -> np.ndarray:
    """Cumulated values with the one at which each window begins set before its steps."""
    by_window = np.array(values, dtype=np.float64).reshape(windows, -1)
    begin = np.append(0.0, by_window[:-1, -1])
    return np.column_stack([begin, by_window]).ravel()


def _band(plot: Plot, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    """The area between two lines."""
    there = [f"{plot.across(float(a)):.1f},{plot.down(float(b)):.1f}" for a, b in zip(x, high, strict=True)]
    back = [f"{plot.across(float(a)):.1f},{plot.down(float(b)):.1f}" for a, b in zip(x, low, strict=True)]
    return f'<polygon class="band" points="{" ".join([*there, *reversed(back)])}"/>'


def _upright(plot: Plot, place: float) -> str:
    across, bottom, top = plot.across(place), plot.down(plot.y.low), plot.down(plot.y.high)
    return f'<line class="grid" x1="{across:.1f}" x2="{across:.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>'


def _ticks(begins: np.ndarray, end: float) -> list[float]:
    """The begins of the windows that have room for their date, and the end."""
    span = end - begins[0]
    found = [float(begins[0])]
    found += [float(one) for one in begins[1:] if 0.3 * span < one - begins[0] < 0.72 * span][:1]
    return [*found, float(end)]


def _read_out(steps: int) -> list[int]:
    """At most eight steps to read aloud, the last among them."""
    apart = -(-steps // 8)
    return sorted(set(range(steps - 1, -1, -apart)))
