"""Small SVG charts: each builder takes numbers and gives one drawing that names itself to a screen reader.

Colours come from the page's style by class, so that a drawing follows light, dark and print.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

WIDTH, HEIGHT = 340, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 38


@dataclass(frozen=True)
class Series:
    """A line: its points and the class that colours it (`ours`, `other` or `ideal`)."""

    x: np.ndarray
    y: np.ndarray
    style: str


@dataclass(frozen=True)
class Axis:
    """From low to high, with the places that get a label."""

    low: float
    high: float
    ticks: Sequence[float]
    label: str
    write: Callable[[float], str]

    def share(self, value: float) -> float:
        """Where a value lies, 0 to 1."""
        return min(max((value - self.low) / ((self.high - self.low) or 1.0), 0.0), 1.0)


def drawing(title: str, description: str, body: Sequence[str], width: float = WIDTH, height: float = HEIGHT) -> Markup:
    """An SVG of the given marks, with its title and a sentence that says what it shows."""
    return Markup(
        f'<svg class="chart" role="img" viewBox="0 0 {width:g} {height:g}" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(body)}</svg>"
    )


def bar(share: float | None, style: str = "ours") -> Markup:
    """A bar across a cell, filled by a share from 0 to 1; the number stands beside it, so it is hidden from readers."""
    filled = 0.0 if share is None or not np.isfinite(share) else min(max(share, 0.0), 1.0)
    return Markup(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="6" rx="1"/>'
        f'<rect class="fill {escape(style)}" width="{100 * filled:.1f}" height="6" rx="1"/></svg>'
    )


def area(values: np.ndarray, title: str, description: str) -> Markup:
    """An area under equally spaced values from 0 up, stretched to the width it gets; labels stand outside."""
    top = float(values.max(initial=0)) or 1.0
    step = 100 / max(len(values) - 1, 1)
    heights = 30 - 29 * np.append(values, values[-1:] if len(values) == 1 else [])[: max(len(values), 2)] / top
    points = " ".join(f"{position * step:.2f},{height:.2f}" for position, height in enumerate(heights))
    return Markup(
        f'<svg class="area" role="img" viewBox="0 0 100 30" preserveAspectRatio="none" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<polygon class="under" points="0,30 {points} 100,30"/><polyline class="line ours" points="{points}"/></svg>'
    )


def histogram(counts: np.ndarray, x: Axis, title: str, description: str) -> Markup:
    """Bars of equal width over the axis, each with its count above it where there is room."""
    y = axis_from_zero(float(counts.max(initial=0)), "customers")
    width = (WIDTH - LEFT - RIGHT) / max(len(counts), 1)
    marks = []
    for position, value in enumerate(counts):
        top = _down(y.share(float(value)))
        left = LEFT + position * width
        height = HEIGHT - BOTTOM - top
        marks.append(
            f'<rect class="fill ours" x="{left + 1:.1f}" y="{top:.1f}" width="{width - 2:.1f}" height="{height:.1f}"/>'
        )
    return drawing(title, description, [*frame(x, y), *marks])


def lines(
    series: Sequence[Series], x: Axis, y: Axis, title: str, description: str, marks: Sequence[str] = ()
) -> Markup:
    """Lines over two axes, and whatever marks stand on top of them."""
    drawn = [line(one, x, y) for one in series]
    return drawing(title, description, [*frame(x, y), *drawn, *marks])


def line(series: Series, x: Axis, y: Axis) -> str:
    """A line through all points that are numbers."""
    finite = np.isfinite(series.x) & np.isfinite(series.y)
    points = " ".join(
        f"{_across(x.share(float(a))):.1f},{_down(y.share(float(b))):.1f}"
        for a, b in zip(series.x[finite], series.y[finite], strict=True)
    )
    return f'<polyline class="line {escape(series.style)}" points="{points}"/>'


def whisker(x: float, low: float, value: float, high: float, style: str) -> str:
    """A dot with its interval; x, low, value and high are shares of the drawing's axes."""
    across = _across(x)
    return (
        f'<line class="whisker {escape(style)}" x1="{across:.1f}" x2="{across:.1f}" y1="{_down(low):.1f}" '
        f'y2="{_down(high):.1f}"/><circle class="dot {escape(style)}" cx="{across:.1f}" cy="{_down(value):.1f}" r="3.5"/>'
    )


def upright(x: float, text: str, style: str = "other") -> str:
    """A vertical line at a share of the axis, with its name on the side that has room."""
    across = _across(x)
    anchor, shift = ("end", -5) if x > 0.55 else ("start", 5)
    return (
        f'<line class="line {escape(style)}" x1="{across:.1f}" x2="{across:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        f'<text class="label" x="{across + shift:.1f}" y="{TOP + 9}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def frame(x: Axis, y: Axis) -> list[str]:
    """The grid and labels of two axes."""
    marks = []
    for tick in y.ticks:
        down = _down(y.share(tick))
        marks.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{down:.1f}" y2="{down:.1f}"/>')
        marks.append(f'<text x="{LEFT - 6}" y="{down + 4:.1f}" text-anchor="end">{escape(y.write(tick))}</text>')
    for tick in x.ticks:
        across = _across(x.share(tick))
        marks.append(
            f'<text x="{across:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">{escape(x.write(tick))}</text>'
        )
    base = HEIGHT - BOTTOM
    marks.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>')
    marks.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end" class="label">{escape(x.label)}</text>')
    return marks


def share_axis(label: str) -> Axis:
    """0 to 100 %."""
    return Axis(0, 1, (0, 0.25, 0.5, 0.75, 1), label, lambda value: f"{100 * value:.0f} %")


def axis_from_zero(highest: float, label: str, write: Callable[[float], str] = lambda value: f"{value:,.0f}") -> Axis:
    """From 0 to a round number at or above the highest value, in at most five steps.

    >>> axis_from_zero(37, "customers").ticks
    (0.0, 10.0, 20.0, 30.0, 40.0)
    """
    ticks = round_ticks(0.0, highest if highest > 0 else 1.0)
    return Axis(0.0, ticks[-1], ticks, label, write)


def round_ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round numbers that enclose low and high, at most `most` steps apart.

    >>> round_ticks(0.62, 0.78)
    (0.6, 0.65, 0.7, 0.75, 0.8)
    """
    span = (high - low) or abs(high) or 1.0
    size = 10.0 ** np.floor(np.log10(span / most))
    step = next(
        size * factor
        for factor in (1, 2, 2.5, 5, 10, 20)
        if np.ceil(high / (size * factor)) - np.floor(low / (size * factor)) <= most
    )
    first, last = int(np.floor(round(low / step, 9))), int(np.ceil(round(high / step, 9)))
    return tuple(float(round(number * step, 12)) for number in range(first, max(last, first + 1) + 1))


def _across(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _down(share: float) -> float:
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)
