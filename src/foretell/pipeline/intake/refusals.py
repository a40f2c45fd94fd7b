"""Refusals: why there is nobody to score."""

from __future__ import annotations

import pyarrow as pa

from foretell.answers.intake import most_common_reasons
from foretell.project.errors import ShortHistory
from foretell.project.intervals import from_microseconds
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Survey
from foretell.words.wording import counted


def nobody_to_score(engine: Engine, rejected: pa.Table, as_of: int, survey: Survey) -> ShortHistory:
    """The error for a log without an order before the as-of date: no row could be read, or all of them are refunds,
    or all orders come later."""
    if not engine.buckets:
        return ShortHistory(
            "No row could be used.",
            found=f"{counted(len(rejected), 'row')}, all of them refused: {most_common_reasons(rejected)}",
            expected="at least one order",
            hint="check which column is what: --columns customer=...,time=...,amount=...",
        )
    day = from_microseconds(as_of, survey.timezone).date()
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


def _refunds(batch: Timelines) -> int:
    return len(batch.adjustments)
