"""The part of the report on future high-value customers: what could be told 1, 7 and 30 days after the first order."""

from __future__ import annotations

from collections.abc import Callable

from foretell.backtest.bootstrap import Figure as Measure
from foretell.forecasts.early_value.past_forecasts import BASELINES, OURS
from foretell.forecasts.early_value.proof import EarlyValue, Ranked
from foretell.forecasts.early_value.words import headline
from foretell.report.markup import Markup
from foretell.report.pictures.charts import Axis, Plot
from foretell.report.pictures.figures import ProofFigure
from foretell.words.wording import days, decimal, percent

APART = 0.18
STYLES = {OURS: "ours", "first_order_amount": "other", "spend_so_far": "other"}


COLUMNS = ("Average precision", "Lift at 10\xa0%", "Share of the tier's revenue")


def cells(one: Ranked) -> tuple[tuple[str, str], ...]:
    """The figures of a ranking under `COLUMNS` as text, each with its interval."""
    return (
        _cell(one.average_precision, decimal),
        _cell(one.lift_at_10_percent, lambda value: decimal(value, 1)),
        _cell(one.revenue_caught, percent),
    )


def figure(found: EarlyValue) -> ProofFigure:
    """How much of the tier's revenue is told at each age."""
    text = "Share of the later top tier's revenue with the 10\xa0% that are pointed at, with its 90\xa0% interval."
    legend = (("dot ours", "ours"), ("dot other", "first-order amount, then spend so far"))
    return ProofFigure("How much of the later revenue is told early", text, _drawing(found), legend)


def _cell(measure: Measure, write: Callable[[float], str]) -> tuple[str, str]:
    bounded = measure.low is not None and measure.high is not None
    between = f"{write(measure.low or 0.0)} to {write(measure.high or 0.0)}" if bounded else ""
    return write(measure.value), between


def _drawing(found: EarlyValue) -> Markup:
    places = list(range(len(found.ages)))

    def age_at(place: float) -> str:
        return days(found.ages[round(place)].age_days)

    plot = Plot(
        Axis(-0.5, len(places) - 0.5, places, "after the first order", age_at),
        Axis(0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0), "", percent),
    )
    marks, told = [], []
    for place, at in zip(places, found.ages, strict=True):
        for step, name in enumerate((OURS, *BASELINES)):
            measure = at.ranked(name).revenue_caught
            low, high = (measure.value if end is None else end for end in (measure.low, measure.high))
            marks.append(plot.whisker(place + (step - 1) * APART, low, measure.value, high, STYLES[name]))
        told.append(headline(at))
    return plot.drawn("Share of the later top tier's revenue, by age", " ".join(told), marks)
