"""The part of the report on future high-value customers: what could be told 1, 7 and 30 days after the first order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from foretell.forecasts.early_value.indicators import NOT_IN_THE_LOG
from foretell.forecasts.early_value.metrics import Figure as Measure
from foretell.forecasts.early_value.past_forecasts import BASELINES, OURS
from foretell.forecasts.early_value.proof import AtAge, EarlyValue, Ranked
from foretell.forecasts.early_value.words import RANKINGS, basis, headline, indicator_line, ordered_by, verdict
from foretell.report.markup import Markup
from foretell.report.pictures.charts import Axis, Plot
from foretell.report.pictures.figures import ProofFigure
from foretell.words.wording import amount, days, decimal, percent

APART = 0.18
STYLES = {OURS: "ours", "first_order_amount": "other", "spend_so_far": "other"}


@dataclass(frozen=True)
class RankingRow:
    """A way of ordering customers at one age, every figure as text with its interval; `best` leads by precision."""

    name: str
    best: bool
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AgeCard:
    """One age: its headline, who does better, the figures, the facts that go with it, and the cuts of its tiers."""

    title: str
    headline: str
    verdict: str
    rows: tuple[RankingRow, ...]
    indicators: tuple[str, ...]
    cuts: str


@dataclass(frozen=True)
class EarlyPart:
    """The whole part; without `cards` only `intro`, which says why."""

    intro: str
    figure: ProofFigure | None
    cards: tuple[AgeCard, ...]
    note: str


COLUMNS = ("Average precision", "Lift at 10\xa0%", "Share of the tier's revenue")


def early_part(found: EarlyValue, currency: str) -> EarlyPart:
    """What the report says of a proof by age."""
    cards = tuple(_card(at, currency) for at in found.ages)
    note = " ".join([*([found.cannot] if found.cannot else []), NOT_IN_THE_LOG]) if cards else ""
    return EarlyPart(basis(found), _figure(found) if cards else None, cards, note)


def _card(at: AtAge, currency: str) -> AgeCard:
    best = max(at.rankings, key=lambda one: one.average_precision.value).name
    cuts = "; ".join(f"{one.name}: {amount(one.cut, currency)}" for one in at.cohorts)
    return AgeCard(
        f"{days(at.age_days)} after the first order",
        headline(at),
        verdict(at),
        tuple(_row(one, one.name == best, at.model) for one in at.rankings),
        tuple(indicator_line(one, currency) for one in at.indicators),
        f"The least that the top tier of each cohort then spent: {cuts}.",
    )


def _row(one: Ranked, best: bool, model: str) -> RankingRow:
    named = f"Ours: {ordered_by(model)}" if one.name == OURS else RANKINGS[one.name].capitalize()
    cells = (
        _cell(one.average_precision, decimal),
        _cell(one.lift_at_10_percent, lambda value: decimal(value, 1)),
        _cell(one.revenue_caught, percent),
    )
    return RankingRow(named, best, cells)


def _cell(measure: Measure, write: Callable[[float], str]) -> tuple[str, str]:
    bounded = measure.low is not None and measure.high is not None
    between = f"{write(measure.low or 0.0)} to {write(measure.high or 0.0)}" if bounded else ""
    return write(measure.value), between


def _figure(found: EarlyValue) -> ProofFigure:
    text = "Share of the later top tier's revenue with the 10\xa0% that are pointed at, with its 90\xa0% interval."
    legend = (("dot ours", "ours"), ("dot other", "first-order amount, then spend so far"))
    return ProofFigure("How much of the later revenue is told early", text, _drawing(found), legend)


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
