"""Who is in which segment, what the segments are like and what sets one apart, and how many each will hold."""

from __future__ import annotations

from dataclasses import dataclass

from foretell.answers.published import PublishedRun
from foretell.project.errors import InputError
from foretell.scores.segment_reasons import segment_reasons
from foretell.segments.movement.summary import SetSummary


def summaries(run: PublishedRun, segment_set: str | None = None) -> tuple[SetSummary, ...]:
    """The summaries of a run, the set that the scores show first; of one set where it is named."""
    found = run.main.segmentation.summaries
    one_of(segment_set, tuple(one.segment_set for one in found))
    shown = segment_set or run.request.asked.segment_set
    first = sorted(found, key=lambda one: one.segment_set != shown)
    return tuple(first[:1] if segment_set else first)


def one_of(name: str | None, names: tuple[str, ...]) -> str | None:
    """The name of a set that is there, None where none was asked for; InputError for one that is not."""
    if name is not None and name not in names:
        raise InputError("There is no such segment set.", found=name, expected=f"one of {', '.join(names)}")
    return name


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
