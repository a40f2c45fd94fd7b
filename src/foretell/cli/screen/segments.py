"""Segments and migration on the screen."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from foretell.answers.migration import Migration, migrations
from foretell.answers.published import published
from foretell.answers.segments import summaries
from foretell.project.place import place_of
from foretell.segments.movement.summary import SegmentLine, SetSummary
from foretell.segments.movement.tables import NEWCOMERS
from foretell.words.wording import count, days, percent

WIDTH = 79
FLOWS_SHOWN = 10


def show_segments(segment_set: str | None, out: Path | None, as_json: bool) -> None:
    """Print each set of the last run."""
    found = summaries(published(place_of(out)), segment_set)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    told = found if segment_set else found[:1]
    print("\n\n".join("\n".join(_set_lines(one)) for one in told).replace("\xa0", " "))
    others = [one.segment_set for one in found[len(told) :]]
    if others:
        print(f"\nOther sets: {', '.join(f'foretell segments --set {name}' for name in others)}")


def show_refit(out: Path | None, as_json: bool) -> None:
    """Let the next run cut anew."""
    from foretell.pipeline.run import refit

    told = refit(place_of(out))
    print(json.dumps({"refit": told}) if as_json else told)


def show_migration(
    begin: str | None, end: str | None, segment_set: str | None, out: Path | None, as_json: bool
) -> None:
    """Print the flows."""
    found = migrations(place_of(out), segment_set, begin, end)
    if as_json:
        print(json.dumps([one.as_json() for one in found], ensure_ascii=False))
        return
    print("\n\n".join("\n".join(_migration_lines(one)) for one in found).replace("\xa0", " "))


def _set_lines(one: SetSummary) -> Iterator[str]:
    yield f"{one.segment_set} as of {one.as_of}, the next {days(one.horizon_days)}; cut on {one.fitted_on}"
    yield ""
    yield f"{'segment':<19}{'customers':>9}{'revenue':>9}{'before':>8}   expected [80 % interval]    new"
    for line in one.segments:
        yield _segment_line(line)
    yield ""
    yield from textwrap.wrap(_proved(one), WIDTH)
    for line in one.segments:
        yield from textwrap.wrap(f"{line.sentence}", WIDTH, initial_indent="- ", subsequent_indent="  ")


def _segment_line(line: SegmentLine) -> str:
    before = "–" if line.customers_before is None else count(line.customers_before)
    expected = (
        f"{_whole(line.expected)} [{_whole(line.low)}, {_whole(line.high)}]" if line.expected is not None else "–"
    )
    new = "" if line.newcomers is None or line.newcomers < 0.5 else f"+ {count(round(line.newcomers))}"
    share = percent(line.share_of_spend)
    return f"{line.segment:<19}{count(line.customers):>9}{share:>9}{before:>8}   {expected:<24} {new:>6}".rstrip()


def _whole(value: float | None) -> str:
    return count(None if value is None else round(value))


def _proved(one: SetSummary) -> str:
    if not one.tests:
        return one.reason
    covered = "" if one.coverage is None else f" {percent(one.coverage)} of past sizes lay inside the 80 % interval."
    aged = "" if one.ageing_share is None else f" {percent(one.ageing_share)} of the last moves came by silence alone."
    return f"Tested at {count(one.tests)} past cutoffs: {one.reason}{covered}{aged}"


def _migration_lines(one: Migration) -> Iterator[str]:
    verb = "went" if one.kind == "actual" else "are expected to go"
    yield f"{one.segment_set}: where customers {verb} from {one.begin} to {one.end}"
    yield ""
    numbers = range(1, len(one.segments) + 1)
    yield f"{'from / to':<22}" + "".join(f"{number:>5}" for number in numbers)
    for number, (name, row) in enumerate(zip((*one.segments, NEWCOMERS), one.matrix(), strict=True), start=1):
        cells = "".join(f"{_cell(value):>5}" for value in row)
        head = f"{number:>2} {name}" if number <= len(one.segments) else f"   {name}"
        yield f"{head:<22}{cells}".rstrip()
    yield ""
    moves = [row for row in one.rows.to_pylist() if row["from_segment"] not in (row["to_segment"], NEWCOMERS)]
    yield f"The largest moves, with what these customers spent on the way ({one.currency or 'money'}):"
    for row in sorted(moves, key=lambda row: -row["customers"])[:FLOWS_SHOWN]:
        yield _flow_line(row, one.kind)


def _cell(value: float) -> str:
    return count(round(value)) if value >= 0.5 else "·"


def _flow_line(row: dict[str, object], kind: str) -> str:
    customers, money = float(str(row["customers"])), float(str(row["money"] or 0))
    way = f"{row['from_segment']} → {row['to_segment']}"
    each = f"{money / customers:,.0f} each" if customers else ""
    if kind == "actual":
        more = f"{percent(float(str(row['ageing'] or 0)) / customers)} by silence alone"
    else:
        more = f"[{count(round(float(str(row['low']))))}, {count(round(float(str(row['high']))))}]"
    return f"{way:<36}{count(round(customers)):>7}  {money:>12,.0f}  {each:<12} {more}"
