"""Questions about the segments of the last run: who is where, and who went where between any two dates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.manifest import Manifest
from foretell.customer_log.store import Store
from foretell.examples.plan import plan_run
from foretell.pipeline.log_engine import last_day
from foretell.pipeline.requests import request_of_last_run
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day
from foretell.project.progress import Silent
from foretell.project.request import Request
from foretell.segments.movement.cut_points import forget_cuts
from foretell.segments.movement.history import flows_between
from foretell.segments.movement.sets import settled_sets
from foretell.segments.movement.summary import SetSummary, from_json
from foretell.segments.movement.tables import past_rows
from foretell.timelines.bucket import buckets_of
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class Migration:
    """Flows of one set between two dates, rows of migration.parquet; `segments` in the order of the set."""

    segment_set: str
    begin: str
    end: str
    kind: str
    segments: tuple[str, ...]
    currency: str
    rows: pa.Table

    def matrix(self) -> np.ndarray:
        """float64 [segments + 1, segments]: customers, those who came in the last row."""
        found = np.zeros((len(self.segments) + 1, len(self.segments)))
        place = {name: number for number, name in enumerate(self.segments)}
        for row in self.rows.to_pylist():
            found[place.get(row["from_segment"], len(place)), place[row["to_segment"]]] += row["customers"]
        return found

    def as_json(self) -> dict[str, object]:
        """The flows in plain values."""
        rows = [{**row, "from_date": self.begin, "to_date": self.end} for row in self.rows.to_pylist()]
        return {"segment_set": self.segment_set, "from": self.begin, "to": self.end, "kind": self.kind, "flows": rows}


def segments_of_last_run(out: Path | None, segment_set: str | None = None) -> tuple[SetSummary, ...]:
    """The summaries of the last run, the set that the scores show first; of one set where it is named."""
    return summaries(request_of_last_run(out), segment_set)


def summaries(request: Request, segment_set: str | None = None) -> tuple[SetSummary, ...]:
    """The summaries that a run left in its folder, the set that the scores show first; of one set where it is named."""
    path = request.out / "segments.json"
    try:
        found = from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            "The segments of the last run cannot be read.", file=str(path), found=str(error), hint="foretell run"
        ) from None
    known(segment_set, tuple(one.segment_set for one in found))
    shown = segment_set or request.segment_set
    first = sorted(found, key=lambda one: one.segment_set != shown)
    return tuple(first[:1] if segment_set else first)


def refit(out: Path | None) -> str:
    """Let the next run cut segments anew; says what was recorded."""
    request = request_of_last_run(out)
    forget_cuts(request.state, "refit")
    return "The next run cuts all segments anew; that is recorded beside the cut points."


def migrations(out: Path | None, segment_set: str | None, begin: str | None, end: str | None) -> tuple[Migration, ...]:
    """The flows of one set: between two days where they are given, else those of the last run, past and expected."""
    request = request_of_last_run(out)
    if begin is None and end is None:
        return _of_last_run(request, segment_set)
    if begin is None or end is None:
        raise InputError("A migration needs two days.", expected="--from DAY and --to DAY", hint="--from 2024-01-01")
    return (_between(request, segment_set, begin, end),)


def known(name: str | None, names: tuple[str, ...]) -> None:
    """InputError where a set is asked for that is not there."""
    if name is not None and name not in names:
        raise InputError("There is no such segment set.", found=name, expected=f"one of {', '.join(names)}")


def _of_last_run(request: Request, segment_set: str | None) -> tuple[Migration, ...]:
    summary = summaries(request, segment_set)[0]
    path = request.out / "migration.parquet"
    try:
        table = pq.read_table(path)
    except (OSError, ValueError) as error:
        raise InputError(
            "The migration of the last run cannot be read.", file=str(path), found=str(error), hint="foretell run"
        ) from None
    own = table.filter(pc.equal(table["segment_set"], summary.segment_set))
    found = []
    for kind in ("actual", "forecast"):
        rows = own.filter(pc.equal(own["kind"], kind))
        if len(rows):
            begin, end = (rows[name][0].as_py().isoformat() for name in ("from_date", "to_date"))
            names = tuple(line.segment for line in summary.segments)
            found.append(Migration(summary.segment_set, begin, end, kind, names, request.currency, rows))
    return tuple(found)


def _between(request: Request, segment_set: str | None, begin: str, end: str) -> Migration:
    first, last = (parse_day(day, request.timezone) for day in (begin, end))
    if first >= last:
        raise InputError("The days are not in order.", found=f"--from {begin} --to {end}", expected="an earlier --from")
    identity = Manifest(request.state / "manifest.sqlite").setting("identity", request.identity)
    engine = Engine(buckets_of(Store(request.state, identity, request.timezone), request.value), 1)
    plan = plan_run(engine, request, last_day(engine), Silent())
    if last > plan.as_of:
        raise InputError(
            "The log does not reach that far.",
            found=f"--to {end}",
            expected=f"a day up to {plan.as_of_day()}",
            hint="foretell migration without dates also shows the expected flows of the next horizon",
        )
    if first <= plan.survey.log_start:
        raise InputError("The log begins later.", found=f"--from {begin}", expected="a day after the first order")
    sets, cuts = settled_sets(engine, plan, request)
    known(segment_set, tuple(group.name for group in sets))
    group = next(one for one in sets if one.name == (segment_set or request.segment_set))
    found = flows_between(engine, plan, [group], cuts, first, last)[group.name]
    rows = past_rows(group, found, plan, first, last)
    return Migration(group.name, begin, end, "actual", group.segments, request.currency, rows)
