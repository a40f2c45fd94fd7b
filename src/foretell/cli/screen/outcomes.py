"""What became of the forecasts, on the screen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from foretell.answers.loop.estimate_words import estimate_lines
from foretell.answers.loop.outcome_words import (
    SEGMENT,
    by_segment,
    estimate_headline,
    headline,
    kept_promises,
    misses,
    sentences,
)
from foretell.answers.outcomes import Outcome, estimated, newest_graded
from foretell.cli.screen.folded import folded
from foretell.cli.screen.progress import Listener
from foretell.outcomes.estimates.estimate import Estimates
from foretell.outcomes.grading.grade import Grade, Total
from foretell.pipeline.loop.outcomes import outcomes
from foretell.project.place import place_of
from foretell.words.wording import count, counted, decimal, percent, signed_percent

HEAD = ("run", "as of", "over", "AUROC", "spend", "intervals held", "as promised")
BACK_DATED = "Back-dated: made when the log held those days already, and never counted above."


def show_outcomes(out: Path | None, run: str | None, as_json: bool) -> None:
    """Print what became of the kept forecasts."""
    with Listener(quiet=as_json) as listener:
        found = outcomes(place_of(out), run, listener)
    if as_json:
        print(json.dumps({"outcomes": [one.as_json() for one in found]}, ensure_ascii=False))
    else:
        print("\n".join(outcome_lines(found)).replace("\xa0", " "))


def outcome_lines(found: Sequence[Outcome]) -> Iterator[str]:
    """A line a forecast, those made ahead apart from those that are back-dated; then the newest one that is graded, and
    the one that is estimated, in plain words."""
    rows = [HEAD, *(_row(one) for one in found)]
    widths = [max(len(row[place]) for row in rows if len(row) > 4) for place in range(len(HEAD))]
    widths[:3] = [max(len(row[place]) for row in rows) for place in range(3)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows]
    ahead = sum(not one.back_dated for one in found)
    yield from lines[: ahead + 1]
    if lines[ahead + 1 :]:
        yield BACK_DATED
        yield from lines[ahead + 1 :]
    yield ""
    newest, next_one = newest_graded(found), estimated(found)
    if newest is not None and newest.grade is not None:
        yield from in_plain_words(newest, newest.grade)
    else:
        yield "No forecast can be graded yet: each waits for the end of its horizon."
    if next_one is not None and next_one.estimates is not None:
        yield ""
        yield from before_the_truth(next_one, next_one.estimates)


def before_the_truth(outcome: Outcome, estimates: Estimates) -> Iterator[str]:
    """What is estimated of a forecast that is not ripe, in lines."""
    yield from folded([estimate_headline(outcome, estimates)]).splitlines()
    yield from folded(f"  {one}" for one in estimate_lines(estimates)).splitlines()


def in_plain_words(outcome: Outcome, grade: Grade) -> Iterator[str]:
    """A graded forecast in lines: sentences, segments, and what came out worse than promised."""
    yield from folded([headline(outcome, grade)]).splitlines()
    yield from folded(f"  {one}" for one in (*sentences(grade, outcome.restated), *misses(grade))).splitlines()
    segments = by_segment(grade)
    if segments:
        yield "  By segment, customers who ordered:"
    for one in segments:
        name = one.slice.removeprefix(SEGMENT)
        yield f"    {name:<24} {count(one.forecast):>8} forecast, {count(one.came):>8} came, of {count(one.customers)}"


def _row(one: Outcome) -> tuple[str, ...]:
    row = (one.run, one.as_of, counted(one.horizon_days, "day"))
    if one.damaged:
        return (*row, f"cannot be read: {one.damaged}")
    if one.ripe_from:
        return (*row, f"can be graded once the log reaches {one.ripe_from}")
    if one.grade is None:
        return (*row, "a later run of that day is graded in its place")
    grade, verdicts = one.grade, kept_promises(one.grade)
    spend, ranked = grade.total("spend"), grade.figure("purchase", "auroc")
    held = grade.figure("spend", "interval_coverage")
    return (
        *row,
        decimal(ranked.value if ranked else None),
        _off(spend) if spend else "",
        percent(held.value if held else None),
        f"{verdicts[0]} of {verdicts[1]}" if verdicts[1] else "nothing was promised",
    )


def _off(total: Total) -> str:
    return signed_percent(total.forecast / total.came - 1) if total.came > 0 else "none came"
