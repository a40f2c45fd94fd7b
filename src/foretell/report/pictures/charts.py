"""Small SVG charts: each builder takes numbers and gives one drawing that names itself to a screen reader.

Colours come from the page's style by class, so that a drawing follows light, dark and print.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from foretell.report.markup import Markup

WIDTH, HEIGHT, LOW_HEIGHT = 340, 250, 170
LEFT, RIGHT, TOP, BOTTOM, LABEL = 46, 12, 12, 38, 16


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


@dataclass(frozen=True)
class Plot:
    """Two axes on a drawing of some height; marks are placed by values of the axes."""

    x: Axis
    y: Axis
    height: int = HEIGHT

    def across(self, value: float) -> float:
        """The horizontal place of a value."""
        return LEFT + self.x.share(value) * (WIDTH - LEFT - RIGHT)

    def down(self, value: float) -> float:
        """The vertical place of a value."""
        return TOP + (1 - self.y.share(value)) * (self.height - TOP - BOTTOM)

    def line(self, series: Series) -> str:
        """A line through all points that are numbers."""
        finite = np.isfinite(series.x) & np.isfinite(series.y)
        points = " ".join(
            f"{self.across(float(a)):.1f},{self.down(float(b)):.1f}"
            for a, b in zip(series.x[finite], series.y[finite], strict=True)
        )
        return f'<polyline class="line {escape(series.style)}" points="{points}"/>'

    def column(self, begin: float, end: float, value: float) -> str:
        """A column over a stretch of the horizontal axis."""
        left, right, top = self.across(begin) + 1, self.across(end) - 1, self.down(value)
        height = self.height - BOTTOM - top
        return (
            f'<rect class="fill ours" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{height:.1f}"/>'
        )

    def whisker(self, x: float, low: float, value: float, high: float, style: str) -> str:
        """A dot with its interval; ours is filled, every other one hollow, so that colour is not needed."""
        across = f"{self.across(x):.1f}"
        bottom, middle, top = (f"{self.down(place):.1f}" for place in (low, value, high))
        return (
            f'<line class="whisker {escape(style)}" x1="{across}" x2="{across}" y1="{bottom}" y2="{top}"/>'
            f'<circle class="dot {escape(style)}" cx="{across}" cy="{middle}" r="3.5"/>'
        )

    def upright(self, x: float, text: str) -> str:
        """A vertical line with its name, on the side that has room."""
        across = self.across(x)
        anchor, shift = ("end", -5) if self.x.share(x) > 0.55 else ("start", 5)
        return (
            f'<line class="line mark" x1="{across:.1f}" x2="{across:.1f}" y1="{TOP}" y2="{self.height - BOTTOM}"/>'
            f'<text x="{across + shift:.1f}" y="{TOP + 9}" text-anchor="{anchor}">{escape(text)}</text>'
        )

    def frame(self) -> list[str]:
        """The grid and the labels of both axes."""
        marks, base = [], self.height - BOTTOM
        for tick in self.y.ticks:
            down = self.down(tick)
            marks.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{down:.1f}" y2="{down:.1f}"/>')
            marks.append(
                f'<text x="{LEFT - 6}" y="{down + 4:.1f}" text-anchor="end">{escape(self.y.write(tick))}</text>'
            )
        for tick in self.x.ticks:
            anchor = "end" if self.x.share(tick) > 0.99 else "middle"
            place = f'x="{self.across(tick):.1f}" y="{base + 15}"'
            marks.append(f'<text {place} text-anchor="{anchor}">{escape(self.x.write(tick))}</text>')
        marks.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>')
        label = escape(self.x.label)
        return [*marks, f'<text x="{WIDTH - RIGHT}" y="{self.height - 6}" text-anchor="end">{label}</text>']

    def drawn(self, title: str, description: str, marks: Sequence[str]) -> Markup:
        """The axes with marks on them, as an SVG with its title and a sentence that says what it shows."""
        height = self.height - (0 if self.x.label else LABEL)
        return Markup(
            f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {height}" aria-label="{escape(title)}">'
            f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join([*self.frame(), *marks])}</svg>"
        )


def bar(share: float | None, style: str = "ours") -> Markup:
    """A bar across a cell, filled by a share from 0 to 1; the number stands beside it, so it is hidden from readers."""
    filled = 0.0 if share is None or not np.isfinite(share) else min(max(share, 0.0), 1.0)
    return Markup(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="6"/>'
        f'<rect class="fill {escape(style)}" width="{100 * filled:.1f}" height="6"/></svg>'
    )


def area(values: np.ndarray, title: str, description: str) -> Markup:
    """An area under equally spaced values from 0 up, stretched to the width it gets; labels stand outside."""
    top = float(values.max(initial=0)) or 1.0
    level = np.repeat(values, 2) if len(values) == 1 else values
    step = 100 / max(len(level) - 1, 1)
    points = " ".join(f"{place * step:.2f},{30 - 29 * value / top:.2f}" for place, value in enumerate(level))
    return Markup(
        f'<svg class="area" role="img" viewBox="0 0 100 30" preserveAspectRatio="none" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<polygon class="under" points="0,30 {points} 100,30"/><polyline class="line ours" points="{points}"/></svg>'
    )


def histogram(values: np.ndarray, x: Axis, write: Callable[[float], str], title: str, description: str) -> Markup:
    """Columns of equal width over the axis, as high as their values."""
    plot = Plot(x, axis_from_zero(float(values.max(initial=0)), write), LOW_HEIGHT)
    edges = np.linspace(x.low, x.high, len(values) + 1)
    marks = [plot.column(edges[n], edges[n + 1], float(value)) for n, value in enumerate(values)]
    return plot.drawn(title, description, marks)


def share_axis(label: str) -> Axis:
    """0 to 100 %."""
    return Axis(0, 1, (0, 0.25, 0.5, 0.75, 1), label, lambda value: f"{100 * value:.0f} %")


def axis_from_zero(highest: float, write: Callable[[float], str]) -> Axis:
    """From 0 to a round number at or above the highest value, in few steps.

    >>> axis_from_zero(37, str).ticks
    (0.0, 10.0, 20.0, 30.0, 40.0)
    """
    ticks = round_ticks(0.0, highest if highest > 0 else 1.0, most=4)
    return Axis(0.0, ticks[-1], ticks, "", write)


def round_ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round numbers that enclose low and high, at most `most` steps apart.

    >>> round_ticks(0.62, 0.78)
    (0.6, 0.65, 0.7, 0.75, 0.8)
    """
    span = (high - low) or abs(high) or 1.0
    size = 10.0 ** np.floor(np.log10(span / most))
    for step in size * np.array([1, 2, 2.5, 5, 10, 20, 25, 50]):
        first, last = np.floor(round(low / step, 9)), np.ceil(round(high / step, 9))
        if last - first <= most:
            break
    return tuple(float(round(number * step, 12)) for number in np.arange(first, max(last, first + 1) + 1))
