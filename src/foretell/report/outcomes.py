"""The part of the report on what became of an earlier forecast: in sentences, and promise beside outcome in a chart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.answers.loop.estimate_words import estimate_lines
from foretell.answers.loop.outcome_words import estimate_headline, headline, misses, sentences
from foretell.answers.outcomes import estimated_before, graded_before
from foretell.answers.published import RunOverHorizon
from foretell.outcomes.grading.grade import Grade
from foretell.outcomes.grading.promise import Deciles
from foretell.report.pictures.charts import Plot, Series, share_axis
from foretell.report.pictures.figures import ProofFigure

FEWEST_POINTS = 3


@dataclass(frozen=True)
class OutcomeTold:
    """What the section says: a headline, sentences, the measures that came out worse, and the chart, where there is
    enough for one."""

    headline: str
    sentences: tuple[str, ...]
    misses: tuple[str, ...]
    figure: ProofFigure | None


def told(run: RunOverHorizon) -> OutcomeTold | None:
    """The newest graded forecast of an earlier day; None where none was graded yet."""
    found = graded_before(run)
    if found is None or found.grade is None:
        return None
    one = found.grade
    return OutcomeTold(headline(found, one), tuple(sentences(one, found.restated)), tuple(misses(one)), figure(one))


@dataclass(frozen=True)
class EstimateTold:
    """A forecast that is not ripe: a headline, and what can be said of it, in sentences."""

    headline: str
    sentences: tuple[str, ...]


def told_before(run: RunOverHorizon) -> EstimateTold | None:
    """The earlier forecast that was estimated before it was ripe; None without one."""
    found = estimated_before(run)
    if found is None or found.estimates is None:
        return None
    return EstimateTold(estimate_headline(found, found.estimates), tuple(estimate_lines(found.estimates)))


def figure(grade: Grade) -> ProofFigure | None:
    """Who was forecast to order beside who did, by tenths of the forecast, as the tests promised and as it came."""
    came = grade.deciles_of("purchase")
    promised = grade.promised_deciles_of("purchase")
    if came is None or len(came.predicted) < FEWEST_POINTS:
        return None
    plot = Plot(share_axis("chance of an order, as forecast"), share_axis(""))
    ends = np.array([0.0, 1.0])
    marks = [plot.line(Series(ends, ends, "ideal"))]
    legend = [("ours", "as it came")]
    if promised is not None and len(promised.predicted) >= FEWEST_POINTS:
        marks.append(plot.line(_line(promised, "other")))
        legend.append(("other", "as the tests promised"))
    marks.append(plot.line(_line(came, "ours")))
    points = zip(came.predicted, came.low, came.actual, came.high, strict=True)
    marks += [plot.whisker(x, low, value, high, "ours") for x, low, value, high in points]
    title = "Did the chances come true?"
    text = (
        "Each dot is a tenth of the customers, by forecast: the chance that was forecast, and the share who then "
        "ordered, with a 90 % interval. On the dotted line they are the same."
    )
    return ProofFigure(title, text, plot.drawn(title, text, marks), (*legend, ("ideal", "exactly as forecast")))


def _line(deciles: Deciles, style: str) -> Series:
    return Series(np.array(deciles.predicted), np.array(deciles.actual), style)
