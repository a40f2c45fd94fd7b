"""What sets one segment apart from everybody, by what the model saw."""

from __future__ import annotations

from dataclasses import dataclass

from foretell.answers.published import PublishedRun
from foretell.project.errors import InputError
from foretell.scores.segment_reasons import segment_reasons


@dataclass(frozen=True)
class SegmentAnswer:
    """A segment, how many customers it has, and what multiplies their odds of an order, strongest first."""

    segment: str
    customers: int
    reasons: tuple[str, ...]
    as_of: str
    horizon_days: int


def segment_named(name: str, run: PublishedRun) -> SegmentAnswer:
    """The segment of that name, of the set that the scores show; InputError, with the names there are, without it."""
    main = run.main
    found = segment_reasons(main.customers, main.scores["segment"].to_pylist())
    wanted = name.strip().casefold()
    for one in found:
        if one.segment.casefold() == wanted:
            told = tuple(reason.in_words(main.currency) for reason in one.reasons)
            return SegmentAnswer(one.segment, one.customers, told, main.plan.as_of_day(), main.horizon_days)
    names = ", ".join(one.segment for one in found)
    raise InputError("No customer is in that segment.", found=name, expected=f"one of {names}")
