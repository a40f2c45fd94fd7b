"""What became of the forecasts, on the screen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from foretell.backtest.forecast import ALL
from foretell.cli.screen.progress import Listener
from foretell.outcomes.grading.grade import HITS, STAYED, Figure, Grade, Total
from foretell.outcomes.grading.promise import TOP_TENTH
from foretell.pipeline.loop.outcomes import Outcome, newest_graded, outcomes
from foretell.project.place import place_of
from foretell.words.metrics import metric_name, question, written
from foretell.words.wording import amount, count, counted, decimal, percent, signed_percent

SEGMENT = "segment: "
HEAD = ("run", "as of", "over", "AUROC", "spend", "intervals held", "as promised")


def show_outcomes(out: Path | None, run: str | None, as_json: bool) -> None:
    """Print what became of the kept forecasts."""
    with Listener(quiet=as_json) as listener:
        found = outcomes(place_of(out), run, listener)
    if as_json:
        print(json.dumps({"outcomes": [one.as_json() for one in found]}, ensure_ascii=False))
    else:
        print("\n".join(outcome_lines(found)).replace("\xa0", " "))


def outcome_lines(found: Sequence[Outcome]) -> Iterator[str]:
    """A line a forecast, and the newest one that is graded in plain words."""
    rows = [HEAD, *(_row(one) for one in found)]
    widths = [max(len(row[place]) for row in rows if len(row) > 4) for place in range(len(HEAD))]
    widths[:3] = [max(len(row[place]) for row in rows) for place in range(3)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
    yield ""
    newest = newest_graded(found)
    if newest is None or newest.grade is None:
        yield "No forecast can be graded yet: each waits until the log is complete to the end of its horizon."
        return
    yield from in_plain_words(newest, newest.grade)


def in_plain_words(outcome: Outcome, grade: Grade) -> Iterator[str]:
    """A graded forecast as one would tell it to somebody."""
    until = f"graded by the log up to {grade.known_until}"
    yield f"As of {outcome.as_of}, over {counted(outcome.horizon_days, 'day')}, {until}:"
    yield from filter(None, (_top(grade), _threshold(grade)))
    yield from (_total(total, outcome.currency) for total in grade.totals if total.slice == ALL)
    held = grade.figure("spend", "interval_coverage")
    if held is not None:
        yield f"  The 80 % intervals of spend held for {percent(held.value)} of customers{_promised(held)}."
    yield from _moves(grade)
    segments = [one for one in grade.totals if one.slice.startswith(SEGMENT) and one.what == "buyers"]
    if segments:
        yield "  By segment, customers who ordered:"
    for one in segments:
        name = one.slice.removeprefix(SEGMENT)
        yield f"    {name:<24} {count(one.forecast):>8} forecast, {count(one.came):>8} came, of {count(one.customers)}"
    yield from _verdicts(outcome, grade)
    for restated in outcome.restated:
        yield f"  {restated.sentence}"
    if grade.left_out:
        yield f"  {counted(grade.left_out, 'customer')} could not be graded: joined with another since."


def _row(one: Outcome) -> tuple[str, ...]:
    row = (one.run, one.as_of, counted(one.horizon_days, "day"))
    if one.damaged:
        return (*row, f"cannot be read: {one.damaged}")
    if one.ripe_from:
        return (*row, f"can be graded once the log reaches {one.ripe_from}")
    if one.grade is None:
        return (*row, "a later run of that day is graded in its place")
    grade, verdicts = one.grade, _counted(one.grade)
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


def _top(grade: Grade) -> str:
    top = grade.figure("purchase", TOP_TENTH)
    if top is None:
        return ""
    came, of = count(top.value * top.customers), count(top.customers)
    line = f"  Of the {of} it called most likely to order, {came} did"
    if top.promised_low is None or top.promised_high is None:
        return f"{line}."
    ends = [count(end * top.customers) for end in (top.promised_low, top.promised_high)]
    return f"{line}; the tests had promised {ends[0]} to {ends[1]}."


def _threshold(grade: Grade) -> str:
    precision, recall = (grade.figure("purchase", name) for name in ("precision", "recall"))
    if precision is None or recall is None:
        return ""
    return (
        f"  Of those above the threshold chosen before, {percent(precision.value)} ordered{_promised(precision)}; that "
        f"found {percent(recall.value)} of all who did{_promised(recall)}."
    )


def _moves(grade: Grade) -> Iterator[str]:
    hits, stayed = (next((one for one in grade.figures if one.metric == name), None) for name in (HITS, STAYED))
    if hits is not None and stayed is not None:
        yield (
            f"  {percent(hits.value)} of customers are in the segment that was called likeliest; had all stayed where "
            f"they were, that would be {percent(stayed.value)}."
        )


def _total(total: Total, currency: str) -> str:
    if total.what == "buyers":
        return f"  {count(total.forecast)} customers were forecast to order; {count(total.came)} did."
    if total.what == "orders":
        return f"  {count(total.forecast)} orders were forecast; {count(total.came)} came."
    return f"  {amount(total.forecast, currency)} of spend was forecast; {amount(total.came, currency)} came."


def _promised(figure: Figure) -> str:
    if figure.promised_low is None or figure.promised_high is None:
        return ""
    return f" (promised {_written(figure, figure.promised_low)} to {_written(figure, figure.promised_high)})"


def _written(figure: Figure, value: float) -> str:
    is_share = "coverage" in figure.metric or figure.metric in (TOP_TENTH, "share_above_high")
    return percent(value) if is_share else written(figure.objective, figure.metric, value)


def _counted(grade: Grade) -> tuple[int, int]:
    verdicts = [one.verdict for one in grade.figures if one.slice == ALL and one.verdict]
    return sum(one in ("as promised", "better") for one in verdicts), len(verdicts)


def _verdicts(outcome: Outcome, grade: Grade) -> Iterator[str]:
    kept, asked = _counted(grade)
    if not asked:
        missing = outcome.forecast.promise.missing if outcome.forecast else ""
        yield f"  The tests had promised nothing{f': {missing}' if missing else ''}."
        return
    yield f"  {kept} of {counted(asked, 'measure')} of all customers came out as the tests had promised, or better."
    for one in grade.figures:
        if one.slice == ALL and one.verdict in ("worse", "outside"):
            name = f"{question(one.objective)} {metric_name(one.metric)}"
            yield f"  {'! ' if one.verdict == 'worse' else '  '}{name} {_written(one, one.value)}{_promised(one)}"
