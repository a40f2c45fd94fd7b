"""The part of the report about the data: what was read, what was refused and why, how orders came week by week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath

import numpy as np

from foretell.answers.intake import left_out_lines
from foretell.answers.published import RunOverHorizon
from foretell.customer_log.tables.registry import ORDERS
from foretell.report.markup import Markup
from foretell.report.pictures import charts
from foretell.words.wording import count, counted, percent, sentence, shown

EXAMPLES_SHOWN = 3
REASONS_SHOWN = 12
FILES_NAMED = 5


@dataclass(frozen=True)
class Refusal:
    """A reason why rows were refused, how many, and where a few of them stand."""

    reason: str
    rows: str
    share: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class WeeksDrawn:
    """Orders a week as a drawing, with the words that stand around it."""

    drawing: Markup
    begin: str
    end: str
    highest: str
    mean: str


def facts(run: RunOverHorizon) -> list[tuple[str, str]]:
    """What was read and kept, one line a fact."""
    loads, survey = run.intake.loads, run.plan.survey
    read, lines = sum(load.rows_read for load in loads), sum(load.lines for load in loads if load.table == ORDERS)
    beside = sum(load.lines for load in loads if load.table != ORDERS)
    names = [shown(PurePath(load.source).name) for load in loads]
    more = f" and {count(len(names) - FILES_NAMED)} more" if len(names) > FILES_NAMED else ""
    rejected, equal = sum(load.rejected for load in loads), sum(load.equal_lines for load in loads)
    left_out = [line.partition(": ") for line in left_out_lines(run.intake, run.currency)]
    told = [
        ("Files", f"{counted(len(loads), 'file')}: {', '.join(names[:FILES_NAMED])}{more}"),
        ("Rows read", count(read)),
        ("Order lines kept", count(lines)),
        *([("Facts beside orders kept", count(beside))] if beside else []),
        ("Rows refused", f"{count(rejected)} ({percent(rejected / read)})" if read else count(rejected)),
        ("Lines that repeat another", f"{count(equal)}, kept, since such lines are often real"),
        *((head, rest.rstrip(".")) for head, _, rest in left_out),
        ("Orders before the date", count(int(survey.orders.counts.sum()))),
        ("Customers with refunds only", f"{count(survey.refund_only)}, not scored"),
    ]
    if survey.objecting:
        told.append(("Customers who object to profiling", f"{count(survey.objecting)}, not scored"))
    told += [("Assumed", sentence(note)) for note in run.request.orders.assumed]
    return told


def refusals(run: RunOverHorizon) -> list[Refusal]:
    """Refused rows by reason, the most common first, each with examples."""
    rejected = run.intake.rejected
    if not len(rejected):
        return []
    reasons = rejected["reason"].to_pylist()
    counts = Counter(reasons)
    where: dict[str, list[int]] = {}
    for row, reason in enumerate(reasons):
        if len(own := where.setdefault(reason, [])) < EXAMPLES_SHOWN:
            own.append(row)
    common = sorted(counts.items(), key=lambda found: (-found[1], str(found[0])))[:REASONS_SHOWN]
    told = []
    for reason, rows in common:
        examples = tuple(_example(rejected.slice(row, 1).to_pylist()[0]) for row in where[reason])
        told.append(Refusal(shown(reason), count(rows), percent(rows / len(reasons)), examples))
    return told


def orders_by_week(run: RunOverHorizon) -> WeeksDrawn | None:
    """Orders in each of the seven-day stretches that end at the as-of date; None where they fill less than two."""
    orders = run.plan.survey.orders
    end = (date.fromisoformat(run.plan.as_of_day()) - date(1970, 1, 1)).days
    ago = (end - 1 - orders.codes) // 7
    visible = ago >= 0
    if not visible.any() or (end - orders.codes.min()) // 7 < 2:
        return None
    weeks = int((end - orders.codes.min()) // 7)
    whole = visible & (ago < weeks)
    by_week = np.bincount(weeks - 1 - ago[whole], orders.counts[whole], minlength=weeks)
    begin = date(1970, 1, 1) + timedelta(days=int(end - 7 * weeks))
    title = "Orders a week"
    told = f"{counted(weeks, 'week')} from {begin.isoformat()}: {', '.join(count(value) for value in by_week[-104:])}."
    return WeeksDrawn(
        charts.area(by_week, title, told),
        begin.isoformat(),
        run.plan.as_of_day(),
        count(float(by_week.max())),
        count(float(by_week.mean())),
    )


def _example(row: dict[str, object]) -> str:
    value = "empty" if row["value"] is None else f"“{shown(row['value'])}”"
    return f"{shown(row['file'])}, line {row['line']}: {shown(row['column'])} is {value}"
