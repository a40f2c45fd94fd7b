"""Taking in the file of an experiment: arms, outcome, and the columns that were known before the draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.identifiers import canonical_ids, ids_are_integers
from foretell.customer_log.files.source_files import source_files
from foretell.examples.flat.audit import AuditFinding, audit
from foretell.examples.flat.columns import FlatColumn, common_sign, flat_column
from foretell.examples.flat.label import require_column
from foretell.examples.flat.table import FlatTable, flat_table, read_rows
from foretell.flat.arms import arms_of
from foretell.flat.uplift.arms import FEWEST_ROWS, costs_of, outcome_of
from foretell.flat.uplift.balance import imbalances
from foretell.flat.uplift.request import UpliftRequest
from foretell.flat.uplift.strangers import recoded
from foretell.project.errors import InputError
from foretell.project.request import DecimalSign
from foretell.uplift.trial import Trial, Worth

MOST_COLUMNS = 500
UNFAIR_SHARE, UNFAIR_COLUMNS = 0.3, 3
"""From so many columns that differ between arms on, the arms were not drawn."""


@dataclass(frozen=True)
class UpliftIntake:
    """`trial` has the rows with an arm and an outcome, in the file's order, `rows` int64 their numbers from 1, `ids`
    what names them. `left_out` are columns that nothing is learned from, `warnings` sentences; `columns` are those
    that something is learned from."""

    trial: Trial
    worth: Worth
    ids: pa.Array
    columns: tuple[FlatColumn, ...]
    left_out: tuple[AuditFinding, ...]
    warnings: tuple[str, ...]
    rows_read: int
    without_arm: int
    without_outcome: int
    rejected: pa.Table
    decimal: DecimalSign


def take_in(request: UpliftRequest) -> UpliftIntake:
    """Read, type and audit; InputError where there is no experiment to learn from."""
    files = source_files([str(path) for path in request.files])
    read = read_rows([replace(file, sheet=request.sheet) for file in files])
    names = read.rows.column_names
    for option, column in (
        ("--arm", request.arm),
        ("--outcome", request.outcome),
        ("--id", request.customer),
        *(("--keep", one) for one in request.keep),
        *(("--drop", one) for one in request.drop),
    ):
        if column is not None:
            require_column(column, names, option)
    if len(names) - len(request.drop) > MOST_COLUMNS:
        raise InputError(
            "The table has too many columns.",
            file=str(files[0].path),
            found=f"{len(names):,} columns",
            expected=f"at most {MOST_COLUMNS}",
            hint="leave some out with --drop",
        )
    decimal = request.decimal or common_sign(read.rows)
    arms = arms_of(request.arm, read.rows[request.arm], request.control)
    worth = Worth(request.value, costs_of(arms.names, request.cost or {}))
    outcome, positive = outcome_of(read.rows[request.outcome], request, decimal)
    used = (arms.position >= 0) & np.isfinite(outcome)
    counts = np.bincount(arms.position[used], minlength=len(arms.names))
    if counts.min() < FEWEST_ROWS:
        raise InputError(
            "An arm has too few rows with an outcome.",
            column=request.arm,
            found=", ".join(f"{name}: {count:,}" for name, count in zip(arms.names, counts.tolist(), strict=True)),
            expected=f"{FEWEST_ROWS} rows or more in each arm",
        )
    _refuse_constant(outcome[used], request)
    special = {request.arm, request.outcome, request.customer, *request.drop}
    typed = [
        _at(flat_column(name, read.rows[name], decimal, request.now, request.date_order), used)
        for name in names
        if name not in special
    ]
    kept, left_out, warnings = _audited(typed, outcome[used], arms.position[used], arms.names, request)
    left_out += [AuditFinding(name, "asked", "left out as asked") for name in sorted(set(request.drop))]
    if positive:
        warnings.insert(0, f"{request.outcome} counts as 1 where it is {positive!r}")
    table = flat_table(kept, int(used.sum()))
    trial = Trial(table, arms.position[used], outcome[used], arms.names, counts / counts.sum())
    return UpliftIntake(
        trial,
        worth,
        _ids(read.rows, request.customer, used),
        tuple(kept),
        tuple(sorted(left_out, key=lambda finding: finding.column)),
        tuple(warnings),
        read.rows.num_rows,
        int((arms.position < 0).sum()),
        int(((arms.position >= 0) & ~np.isfinite(outcome)).sum()),
        read.rejected,
        decimal,
    )


def strangers(path: Path, intake: UpliftIntake, request: UpliftRequest) -> tuple[FlatTable, pa.Array]:
    """People without an arm: their columns as those that something was learned from, and what names them."""
    files = source_files([str(path)])
    rows = read_rows([replace(file, sheet=request.sheet) for file in files]).rows
    needed = [column.name for column in intake.columns] + ([request.customer] if request.customer else [])
    if missing := [name for name in needed if name not in rows.column_names]:
        raise InputError(
            "The file to score lacks columns that effects were learned from.",
            file=str(path),
            found=", ".join(rows.column_names),
            expected=", ".join(missing),
            hint="give the same columns, or leave them out of learning with --drop",
        )
    order = request.date_order
    found = [
        recoded(flat_column(like.name, rows[like.name], intake.decimal, request.now, order), rows[like.name], like)
        for like in intake.columns
    ]
    table = flat_table(found, rows.num_rows)
    return table, _ids(rows, request.customer, np.ones(rows.num_rows, bool))


def _audited(
    typed: Sequence[FlatColumn], outcome: np.ndarray, arm: np.ndarray, arms: tuple[str, ...], request: UpliftRequest
) -> tuple[list[FlatColumn], list[AuditFinding], list[str]]:
    """The columns to learn from, those left out, and what to warn of."""
    happened = (outcome > np.median(outcome)) if (outcome != 0).all() else (outcome != 0)
    found = audit(typed, happened.astype(np.float64), f"an outcome in {request.outcome}", request.keep)
    uneven = imbalances(found.kept, arm, arms)
    out = {one.column: one for one in uneven if one.column not in request.keep}
    left_out = list(found.left_out)
    warnings = [f"{f.column}: {f.reason}; was it known before the draw? --drop {f.column}" for f in found.doubtful]
    for one in uneven:
        if one.column in out:
            said = f"{one.reason}, as nothing can that was known before a fair draw"
            left_out.append(AuditFinding(one.column, "answer", said))
            warnings.append(f"{one.column} is left out: {said}. To learn from it all the same: --keep {one.column}")
        else:
            warnings.append(f"{one.column} is kept as asked, although {one.reason}")
    if len(uneven) >= max(UNFAIR_COLUMNS, UNFAIR_SHARE * len(found.kept)):
        warnings.insert(
            0,
            f"{len(uneven)} of {len(found.kept)} columns differ between the arms: they do not look drawn by chance, "
            "and without a fair draw no figure here can be believed",
        )
    warnings += [
        f"{f.column} is left out: {f.reason}; --keep {f.column} if it was known before the draw"
        for f in found.left_out
        if f.why == "answer"
    ]
    kept = [column for column in found.kept if column.name not in out]
    if not kept:
        warnings.append("no column is left to tell customers apart by: only the arms can be compared")
    return kept, left_out, warnings


def _refuse_constant(outcome: np.ndarray, request: UpliftRequest) -> None:
    if outcome.min() == outcome.max():
        raise InputError(
            "The outcome is the same in all rows that have an arm.",
            column=request.outcome,
            found=f"{outcome[0]:,.6g}",
            expected="an outcome that differs between customers",
        )


def _ids(rows: pa.Table, customer: str | None, used: np.ndarray) -> pa.Array:
    """What names the rows that are used: their ids as they came in, or their numbers from 1."""
    if customer is None:
        return pa.array(np.flatnonzero(used) + 1)
    ids = canonical_ids(rows[customer])
    came_as_integers = pa.types.is_integer(rows[customer].type) and ids_are_integers(ids)
    return (ids.cast(pa.int64()) if came_as_integers else ids).filter(pa.array(used))


def _at(column: FlatColumn, rows: np.ndarray) -> FlatColumn:
    return replace(column, values=column.values[rows])
