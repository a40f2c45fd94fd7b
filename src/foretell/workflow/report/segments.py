"""The part of the report on segments and migration: how large each was, is and will be, who moves where, the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from foretell.segments.migration import landing_mixture
from foretell.segments.migration.transition_tables import BASELINES
from foretell.workflow.report import charts
from foretell.workflow.report.markup import Markup
from foretell.workflow.report.migration_matrix import (
    CAME,
    DOWN,
    FEWEST_SHOWN,
    STAY,
    UP,
    Matrix,
    Moves,
    directions_of,
    matrix,
    moves_of,
    name_shown,
)
from foretell.workflow.report.sankey import largest, sankey
from foretell.workflow.run import Outcome
from foretell.workflow.segmentation.outlook import UNLEARNED, UNLEARNED_FORMULA
from foretell.workflow.segmentation.summary import SegmentLine, SetSummary
from foretell.workflow.wording import amount, count, counted, days, decimal, joined, known, percent, shown

FORMULAS = {
    landing_mixture.NAME: landing_mixture.FORMULA,
    UNLEARNED: UNLEARNED_FORMULA,
    **{one.name: one.formula for one in BASELINES},
}
TOLD_METRICS = ("log_loss", "macro_f1", "flow_error")
LEVEL = 0.8
FAR_FROM_LEVEL = 0.1
TITLES = {"rfm": "RFM segments", "lifecycle": "Lifecycle stages", "value": "Value tiers"}


@dataclass(frozen=True)
class Line:
    """A segment in the table, every figure as text; `newcomers` besides are empty where nobody is expected."""

    name: str
    rule: str
    before: str
    today: str
    share: str
    bar: Markup
    ahead: str
    interval: str
    newcomers: str
    change: str
    way: str
    revenue: str
    revenue_bar: Markup
    ordered: str
    spend: str
    sentence: str


@dataclass(frozen=True)
class View:
    """The moves between two dates: `told` and `largest` in sentences, `legend` of classes and names, a drawing where
    one is made, and the matrix."""

    id: str
    name: str
    told: str
    largest: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    drawing: Markup | None
    matrix: Matrix


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


@dataclass(frozen=True)
class SetPart:
    """One segment set."""

    name: str
    title: str
    lines: tuple[Line, ...]
    views: tuple[View, ...]
    proved: str
    notes: tuple[str, ...]
    models: tuple[ProofRow, ...]


def set_parts(outcome: Outcome) -> list[SetPart]:
    """The set that the scores show, with drawings, and after it the others; empty without segments."""
    shown_set = outcome.request.segment_set
    found = sorted(outcome.segmentation.summaries, key=lambda one: one.segment_set != shown_set)
    return [_part(outcome, one, one.segment_set == shown_set) for one in found]


def levels_of(outcome: Outcome, summary: SetSummary) -> dict[str, float]:
    """What up and down is told by: the mean chance of an order of the members of today; where nobody is in a segment,
    the share of its members of the past who ordered next, if that is known."""
    here = outcome.segmentation.memberships.filter(
        (pc.field("segment_set") == summary.segment_set) & pc.field("valid_to").is_null()
    )
    chance = here.join(outcome.scores.select(["customer_id", "p_purchase"]), "customer_id")
    means = chance.group_by("segment").aggregate([("p_purchase", "mean")]).to_pylist()
    level = {line.segment: line.share_ordered_next for line in summary.segments if line.share_ordered_next is not None}
    return {**level, **{row["segment"]: row["p_purchase_mean"] for row in means if known(row["p_purchase_mean"])}}


def _part(outcome: Outcome, summary: SetSummary, with_drawing: bool) -> SetPart:
    currency = outcome.request.currency
    level = levels_of(outcome, summary)
    names = tuple(sorted((line.segment for line in summary.segments), key=lambda name: -level.get(name, -1.0)))
    views = []
    for kind in ("forecast", "actual"):
        moves = moves_of(outcome.segmentation.migration, summary.segment_set, kind, names)
        if moves is not None:
            views.append(_view(moves, directions_of(names, level), summary, currency, with_drawing))
    models = _models(outcome, summary)
    return SetPart(
        summary.segment_set,
        TITLES.get(summary.segment_set, shown(summary.segment_set)),
        tuple(_line(summary.segment_set, line, currency) for line in summary.segments if _has_anybody(line)),
        tuple(views),
        _proved(summary, models),
        _notes(summary),
        models,
    )


def _has_anybody(line: SegmentLine) -> bool:
    return bool(line.customers or line.customers_before or (line.expected or 0) + (line.newcomers or 0) >= 1)


def _line(segment_set: str, line: SegmentLine, currency: str) -> Line:
    new = line.newcomers or 0.0
    is_forecast = line.expected is not None
    return Line(
        name_shown(segment_set, line.segment),
        shown(line.rule),
        count(line.customers_before),
        count(line.customers),
        percent(line.share_of_customers),
        charts.bar(line.share_of_customers, "other"),
        count(line.expected),
        f"[{count(line.low)}, {count(line.high)}]" if is_forecast else "",
        f"+ {count(new)} new" if new >= FEWEST_SHOWN else "",
        _signed((line.expected or 0.0) + new - line.customers) if is_forecast else "",
        _way(line),
        percent(line.share_of_spend),
        charts.bar(line.share_of_spend, "other"),
        f"{percent(line.share_ordered_next)} ordered" if known(line.share_ordered_next) else "not known",
        f"mean spend {amount(line.mean_spend_next, currency)}" if known(line.mean_spend_next) else "",
        shown_sentence(line),
    )


def _way(line: SegmentLine) -> str:
    """Where the number goes, if even the ends of the intervals, together, say so."""
    if line.low is None or line.high is None:
        return ""
    low, high = line.low + (line.newcomers_low or 0.0), line.high + (line.newcomers_high or 0.0)
    return "more" if low > line.customers else "fewer" if high < line.customers else ""


def shown_sentence(line: SegmentLine) -> str:
    """What the segment is like, without its name before it."""
    told = line.sentence.removeprefix(f"{line.segment}: ")
    return told[:1].upper() + told[1:]


def _signed(value: float) -> str:
    rounded = round(value)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else '±'}{abs(rounded):,}"


def _view(moves: Moves, directions: np.ndarray, summary: SetSummary, currency: str, with_drawing: bool) -> View:
    horizon = days(summary.horizon_days)
    new = moves.total(directions, CAME)
    total = moves.customers[:-1].sum()
    up, down, stay = (moves.total(directions, way) for way in (UP, DOWN, STAY))
    stay_to = "are expected to stay" if moves.is_forecast else "stayed"
    told = (
        f"Of {counted(total, 'customer')} on {moves.begin.isoformat()}, {count(stay)} ({percent(_of(stay, total))}) "
        f"{stay_to} where they {'are' if moves.is_forecast else 'were'}, {count(up)} ({percent(_of(up, total))}) "
        f"{'to move' if moves.is_forecast else 'moved'} up and {count(down)} ({percent(_of(down, total))}) down, until "
        f"{moves.end.isoformat()}. {count(new)} {'newcomers are expected' if moves.is_forecast else 'came newly'}."
    )
    moved = [
        f"Largest moves {way}: {joined(found)}." for way in (UP, DOWN) if (found := largest(moves, directions, way))
    ]
    legend = (
        (STAY, "stay"),
        (UP, "up: to a segment likelier to order"),
        (DOWN, "down: to one less likely"),
        *(((CAME, "newcomers"),) if new > 0 else ()),
    )
    return View(
        "ahead" if moves.is_forecast else "past",
        f"Next {horizon}, forecast" if moves.is_forecast else f"Last {horizon}, as it came",
        told,
        tuple(moved),
        legend,
        sankey(moves, directions, horizon, currency) if with_drawing else None,
        matrix(moves, directions, currency),
    )


def _of(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def _models(outcome: Outcome, summary: SetSummary) -> tuple[ProofRow, ...]:
    """The models by their mean log loss over the cutoffs."""
    means = _means(outcome, summary)
    found = []
    for name in sorted(means, key=lambda name: means[name].get("log_loss", np.inf)):
        behind = summary.behind.get(name)
        role = "serves" if name == summary.served else "baseline" if name != landing_mixture.NAME else ""
        told = f"{decimal(behind[0])} [{decimal(behind[1])}, {decimal(behind[2])}]" if behind else ""
        values = [decimal(means[name].get(metric)) for metric in TOLD_METRICS]
        found.append(ProofRow(spaced(name), FORMULAS.get(name, ""), role, values[0], told, *values[1:]))
    return tuple(found)


def _means(outcome: Outcome, summary: SetSummary) -> Mapping[str, Mapping[str, float]]:
    """By model and metric, the mean over the cutoffs."""
    values: dict[str, dict[str, list[float]]] = {}
    for row in outcome.segmentation.measured:
        if row.objective == f"next_segment: {summary.segment_set}" and row.value is not None:
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


def _proved(summary: SetSummary, models: tuple[ProofRow, ...]) -> str:
    """The line on the proof."""
    if not models:
        return f"Not tested: {summary.reason[:1].lower()}{summary.reason[1:]} Take every number as a guess."
    serving = next((row for row in models if row.role == "serves"), models[0])
    best = next((row for row in models if row.role == "baseline"), None)
    told = f"Forecasts of segments were tested at {counted(summary.tests, 'past cutoff')}: log loss {serving.log_loss}"
    return (
        f"{told}; best baseline ({best.name}) {best.log_loss}." if best else f"{told}, by a baseline, {serving.name}."
    )


def _notes(summary: SetSummary) -> tuple[str, ...]:
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
