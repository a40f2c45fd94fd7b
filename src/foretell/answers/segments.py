"""Who is in which segment, what the segments are like, and how many each will hold."""

from __future__ import annotations

from foretell.answers.published import PublishedRun
from foretell.project.errors import InputError
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
