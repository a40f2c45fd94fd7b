"""The part of the report on segments and migration: how large each was, is and will be, who moves where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.answers.published import RunOverHorizon
from foretell.report.markup import Markup
from foretell.report.pictures.migration_matrix import (
    CAME,
    DOWN,
    EVEN,
    FEWEST_SHOWN,
    SAME_LEVEL,
    STAY,
    UP,
    DrawnMoves,
    Matrix,
    directions_of,
    matrix,
    moves_of,
)
from foretell.report.pictures.sankey import largest, sankey
from foretell.report.segment_proof import ProofRow, proof_line, proof_notes, proof_rows
from foretell.segments.movement.summary import SegmentLine, SetSummary
from foretell.words.wording import count, counted, days, joined, percent, shown

KINDS = ("forecast", "actual")
TITLES = {"rfm": "RFM segments", "lifecycle": "Lifecycle stages", "value": "Value tiers"}


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
class SetPart:
    """One segment set."""

    name: str
    title: str
    lines: tuple[SegmentLine, ...]
    views: tuple[View, ...]
    proved: str
    notes: tuple[str, ...]
    models: tuple[ProofRow, ...]


def set_parts(run: RunOverHorizon) -> list[SetPart]:
    """The set that the scores show, with drawings, and after it the others; empty without segments."""
    shown_set = run.request.asked.segment_set
    found = sorted(run.segmentation.summaries, key=lambda one: one.segment_set != shown_set)
    return [_part(run, one, one.segment_set == shown_set) for one in found]


def levels_of(summary: SetSummary) -> dict[str, float]:
    """What up and down is told by: the mean chance of an order of the members of today; where nobody is in a segment,
    the share of its members of the past who ordered next, if that is known."""
    level = {line.segment: line.share_ordered_next for line in summary.segments if line.share_ordered_next is not None}
    return level | {line.segment: line.p_purchase for line in summary.segments if line.p_purchase is not None}


def change_of(line: SegmentLine) -> str:
    """How many more or fewer there will be, newcomers among them; empty where nothing is forecast."""
    if line.expected is None:
        return ""
    rounded = round(line.expected + (line.newcomers or 0.0) - line.customers)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else '±'}{abs(rounded):,}"


def way_of(line: SegmentLine) -> str:
    """Where the number goes, if even the ends of the intervals, together, say so."""
    if line.low is None or line.high is None:
        return ""
    low, high = line.low + (line.newcomers_low or 0.0), line.high + (line.newcomers_high or 0.0)
    return "more" if low > line.customers else "fewer" if high < line.customers else ""


def shown_sentence(line: SegmentLine) -> str:
    """What the segment is like, without its name before it."""
    told = line.sentence.removeprefix(f"{line.segment}: ")
    return told[:1].upper() + told[1:]


def _view(moves: DrawnMoves, directions: np.ndarray, summary: SetSummary, currency: str, with_drawing: bool) -> View:
    horizon = days(summary.horizon_days)
    new = moves.total(directions, CAME)
    total = moves.customers[:-1].sum()
    up, down, stay, even = (moves.total(directions, way) for way in (UP, DOWN, STAY, EVEN))
    ways = [
        (up, f"{'go' if moves.is_forecast else 'went'} up"),
        (down, "down"),
        *([(even, "sideways")] if even >= FEWEST_SHOWN else []),
    ]
    went = joined([f"{_with_share(customers, total)} {way}" for customers, way in ways])
    begin, end, whole = moves.begin.isoformat(), moves.end.isoformat(), counted(total, "customer")
    if moves.is_forecast:
        told = f"Expected of {whole} of {begin} until {end}: {_with_share(stay, total)} stay where they are, {went}"
    else:
        told = f"Of {whole} of {begin}, until {end}: {_with_share(stay, total)} stayed where they were, {went}"
    told += f"; {counted(new, 'newcomer')} {'come' if moves.is_forecast else 'came'} besides."
    moved = [
        f"Largest moves {way}: {joined(found)}." for way in (UP, DOWN) if (found := largest(moves, directions, way))
    ]
    legend = (
        (STAY, "stay"),
        (UP, "up: to a segment likelier to order"),
        (DOWN, "down: to one less likely, or by silence alone"),
        *(((EVEN, f"sideways: within {percent(SAME_LEVEL)} of it"),) if even >= FEWEST_SHOWN else ()),
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


def _with_share(part: float, whole: float) -> str:
    return f"{count(part)} ({percent(part / whole if whole > 0 else float('nan'))})"


def _part(run: RunOverHorizon, summary: SetSummary, with_drawing: bool) -> SetPart:
    currency = run.currency
    level = levels_of(summary)
    names = tuple(line.segment for line in summary.segments)
    if with_drawing:
        names = tuple(sorted(names, key=lambda name: -level.get(name, -1.0)))
    found = [moves_of(run.segmentation.migration, summary.segment_set, kind, names) for kind in KINDS]
    directions = directions_of(names, level, found[-1])
    views = [_view(moves, directions, summary, currency, with_drawing) for moves in found if moves is not None]
    models = proof_rows(run, summary)
    return SetPart(
        summary.segment_set,
        TITLES.get(summary.segment_set, shown(summary.segment_set)),
        tuple(line for line in summary.segments if _has_anybody(line)),
        tuple(views),
        proof_line(summary, models),
        proof_notes(summary),
        models,
    )


def _has_anybody(line: SegmentLine) -> bool:
    return bool(line.customers or line.customers_before or (line.expected or 0) + (line.newcomers or 0) >= 1)
