"""Refusals: why rows could not be used, and why there is nobody to score."""

from __future__ import annotations

import pyarrow as pa

from foretell.customer_log.store import Store
from foretell.project.errors import ShortHistory
from foretell.project.intervals import from_microseconds
from foretell.project.request import Request
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Survey
from foretell.words.wording import count, counted, joined


def nobody_to_score(engine: Engine, request: Request, as_of: int, survey: Survey) -> ShortHistory:
    """The error for a log without an order before the as-of date: no row could be read, or all of them are refunds,
    or all orders come later."""
    if not engine.buckets:
        rejected = Store(request.state, request.identity, request.timezone).rejected()
        return ShortHistory(
            "No row could be used.",
            found=f"{counted(len(rejected), 'row')}, all of them refused: {most_common_reasons(rejected)}",
            expected="at least one order",
            hint="check which column is what: --columns customer=...,time=...,amount=...",
        )
    day = from_microseconds(as_of, request.timezone).date()
    if survey.refund_only:
        refunds = sum(engine.over(_refunds, as_of))
        return ShortHistory(
            f"Only refunds were found before {day}.",
            found=f"{counted(refunds, 'refund')} of {counted(survey.refund_only, 'customer')}, no order",
            expected="at least one order: an amount of 0 or more that is not marked as a refund",
            hint="check the sign of the amounts (refunds are the negative ones) and the column that marks refunds",
        )
    return ShortHistory(
        "No customer has an order before the as-of date.",
        found=f"0 customers with an order before {day}",
        expected="at least one order",
        hint="give a later --as-of, or check the column that holds the time",
    )


def most_common_reasons(rejected: pa.Table) -> str:
    """The three most common reasons for which rows were refused, each with its count where there are several."""
    counts = rejected["reason"].combine_chunks().value_counts().to_pylist()
    counts.sort(key=lambda found: (-found["counts"], found["values"]))
    if len(counts) == 1:
        return str(counts[0]["values"])
    return joined([f"{found['values']} {count(found['counts'])}" for found in counts[:3]])


def _refunds(batch: Timelines) -> int:
    return len(batch.adjustments)
