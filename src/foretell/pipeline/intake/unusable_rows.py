"""Where most rows cannot be used the run stops before anything is learned, and says what would have helped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.answers.intake import empty_of_customers, most_common_reasons
from foretell.customer_log.cells import dates
from foretell.customer_log.cells.dates import readable_dates
from foretell.customer_log.cells.identifiers import canonical_ids
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import within
from foretell.customer_log.intake import Intake
from foretell.customer_log.recognition.conventions import SPOKEN, TOLERATED
from foretell.customer_log.recognition.helpful_columns import helpful_columns
from foretell.customer_log.row_problems import NO_CUSTOMER
from foretell.customer_log.schema import REJECTED
from foretell.customer_log.tables.registry import ORDERS
from foretell.project.errors import InputError, ShortHistory
from foretell.project.request import Request
from foretell.words.wording import counted, joined

SHOWN = 3
LONGEST_SHOWN = 40
MOST = 0.5
"""A larger share of the rows than this is most of them."""


def refuse_unusable(intake: Intake, files: Sequence[SourceFile], request: Request) -> None:
    """InputError where most rows of the orders could not be used, or name nobody, or where their dates change the order
    of day and month."""
    read = sum(load.rows_read for load in intake.loads if load.table == ORDERS)
    refused = sum(load.rejected for load in intake.loads if load.table == ORDERS)
    names = {file.name for file in files}
    rejected = pa.concat_tables(
        [REJECTED.empty_table(), *(intake.rejected.filter(within(intake.rejected["file"], name)) for name in names)]
    ).sort_by([("file", "ascending"), ("line", "ascending")])
    _refuse_turned_dates(rejected, read, intake, request)
    refused += empty_of_customers(intake)
    if refused <= MOST * read:
        return
    rejected = pa.concat_tables([rejected, *(_nameless_rows(file, intake, rejected) for file in files)])
    told, line = helpful_columns(files, intake.columns, rejected, request)
    error = ShortHistory if refused == read else InputError
    raise error(
        "No row could be used."
        if refused == read
        else f"Most rows cannot be used: {refused:,} of {read:,} are refused.",
        file=joined(sorted(names)) if len(names) <= SHOWN else None,
        found=f"{counted(refused, 'row')}{', all of them' if refused == read else ''} refused: "
        f"{most_common_reasons(rejected)}; {shown_rows(rejected)}",
        expected="rows with a customer, a date and an amount" if refused < read else "at least one order",
        hint=f"{told}: {line}" if told else "check which column is what: --columns customer=...,time=...,amount=...",
    )


def _nameless_rows(file: SourceFile, intake: Intake, rejected: pa.Table) -> pa.Table:
    """The rows of a file, as `REJECTED`, in which nothing stands where the customer should, besides those rejected."""
    columns = [column for role, column in intake.columns.items() if role in ("customer", "customer_2", "customer_3")]
    others = rejected.filter(within(rejected["file"], file.name))
    parts = [REJECTED.empty_table()]
    for block in open_table(file).batches(columns):
        empty = [canonical_ids(block.rows[column]).is_null().to_numpy(zero_copy_only=False) for column in columns]
        place = block.place(file.name)
        known = others["line"].filter(pc.equal(others["file"], place)).to_numpy()
        lines = np.setdiff1d(block.lines[np.logical_and.reduce(empty)], known)
        told = {"file": place, "column": columns[0], "value": None, "reason": NO_CUSTOMER}
        cells = {name: pa.array([told[name]] * len(lines), pa.string()) for name in told}
        parts.append(pa.table({**cells, "line": lines}).select(REJECTED.names).cast(REJECTED))
    return pa.concat_tables(parts)


def shown_rows(rejected: pa.Table) -> str:
    """Three refused rows and what stood there, one of each reason first."""
    reasons = rejected["reason"].to_pylist()
    first = [reasons.index(reason) for reason in dict.fromkeys(reasons)]
    rows = sorted([*first, *(at for at in range(len(reasons)) if at not in set(first))][:SHOWN])
    told = []
    for row in rejected.take(pa.array(rows)).to_pylist():
        value = row["value"] or ""
        stood = repr(value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…") if value else "nothing"
        where = f" in {row['column']}" if row["column"] else ""
        told.append(f"line {row['line']:,}: {stood}{where}")
    return ", ".join(told)


def _refuse_turned_dates(rejected: pa.Table, read: int, intake: Intake, request: Request) -> None:
    """InputError where the dates that could not be read are dates in another order of day, month and year: then those
    that could be read are not to be believed either."""
    if intake.date_order is None or request.orders.date_order is not None:
        return
    column = intake.columns["time"]
    unread = rejected.filter(
        pc.and_(pc.equal(rejected["column"], column), pc.equal(rejected["reason"], dates.REASONS[dates.NOT_A_DATE]))
    )
    if len(unread) <= TOLERATED * read:
        return
    otherwise = np.flatnonzero(readable_dates(unread["value"], request.settings.timezone, request.now))
    if len(otherwise) <= TOLERATED * read:
        return
    row = unread.slice(int(otherwise[0]), 1).to_pylist()[0]
    raise InputError(
        "The dates are written in more than one order.",
        file=row["file"],
        line=row["line"],
        column=column,
        found=f"{row['value']!r}, and {len(otherwise) - 1:,} more of {read:,} rows, among dates that are written "
        f"{SPOKEN[intake.date_order]}",
        expected="one order of day, month and year; where it turns, dates such as 3/4 are read wrongly without a trace",
        hint='write the dates anew, such as 2026-03-14; or set date_order = "dmy", "mdy" or "ymd" in foretell.toml: '
        "what does not fit is then rejected row by row",
    )
