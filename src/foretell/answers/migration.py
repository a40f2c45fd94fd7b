"""Who went from which segment to which between two days, and who is expected to go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.answers.published import PublishedRun, published
from foretell.answers.segments import one_of, summaries
from foretell.customer_log.store import Store
from foretell.examples.plan import Plan
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day
from foretell.project.place import Place
from foretell.segments.movement.cut_points import CUTS
from foretell.segments.movement.history import flows_between
from foretell.segments.movement.sets import sets_of
from foretell.segments.movement.tables import past_rows
from foretell.timelines.engine import engine_over


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


def migrations(
    place: Place, segment_set: str | None = None, begin: str | None = None, end: str | None = None
) -> tuple[Migration, ...]:
    """The flows of one set: between two days where they are given, else those of the last run, past and expected."""
    run = published(place)
    if begin is None and end is None:
        return _of_run(run, segment_set)
    if begin is None or end is None:
        raise InputError("A migration needs two days.", expected="--from DAY and --to DAY", hint="--from 2024-01-01")
    return (_between(run, segment_set, begin, end),)


def _of_run(run: PublishedRun, segment_set: str | None) -> tuple[Migration, ...]:
    summary, table = summaries(run, segment_set)[0], run.main.segmentation.migration
    own = table.filter(pc.equal(table["segment_set"].cast(pa.string()), summary.segment_set))
    found = []
    for kind in ("actual", "forecast"):
        rows = own.filter(pc.equal(own["kind"].cast(pa.string()), kind))
        if len(rows):
            begin, end = (rows[name][0].as_py().isoformat() for name in ("from_date", "to_date"))
            names = tuple(line.segment for line in summary.segments)
            found.append(Migration(summary.segment_set, begin, end, kind, names, run.main.currency, rows))
    return tuple(found)


def _between(run: PublishedRun, segment_set: str | None, begin: str, end: str) -> Migration:
    timezone, plan = run.request.settings.timezone, run.main.plan
    first, last = (parse_day(day, timezone) for day in (begin, end))
    if first >= last:
        raise InputError("The days are not in order.", found=f"--from {begin} --to {end}", expected="an earlier --from")
    _covered(plan, begin, end, first, last)
    asked = run.request.asked
    sets = sets_of(asked, run.main.read(CUTS), plan.survey.begun).sets
    name = one_of(segment_set, tuple(group.name for group in sets)) or asked.segment_set
    group = next(one for one in sets if one.name == name)
    engine = engine_over(Store.kept(run.request.place.state), run.request.settings.value)
    found = flows_between(engine, plan, [group], run.main.read(CUTS), (first, last))[group.name]
    rows = past_rows(group, found, plan, first, last)
    return Migration(group.name, begin, end, "actual", group.segments, run.main.currency, rows)


def _covered(plan: Plan, begin: str, end: str, first: int, last: int) -> None:
    """InputError where the log of the run does not hold both days."""
    if last > plan.as_of:
        raise InputError(
            "The log does not reach that far.",
            found=f"--to {end}",
            expected=f"a day up to {plan.as_of_day()}",
            hint="foretell migration without dates also shows the expected flows of the next horizon",
        )
    if first <= plan.survey.log_start:
        raise InputError("The log begins later.", found=f"--from {begin}", expected="a day after the first order")
