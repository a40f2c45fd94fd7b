"""Taking in a flat table: label, customers, typed columns, and what the audit keeps out of learning."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.identifiers import canonical_ids, distinct, ids_are_integers
from foretell.customer_log.files.source_files import source_files
from foretell.examples.flat.audit import Audit, AuditFinding, audit, customer_among
from foretell.examples.flat.columns import common_sign, flat_column
from foretell.examples.flat.label import Label, label_of, require_column
from foretell.examples.flat.table import FlatRows, FlatTable, flat_table, read_rows
from foretell.flat.request import FlatRequest
from foretell.project.errors import InputError

MOST_COLUMNS = 500
"""More are no table that anybody made by hand; their audit and their models would not end."""


@dataclass(frozen=True)
class FlatIntake:
    """`table` holds what may be learned from, in the file's order of rows; `customer` is the id column (None: rows are
    numbered), `ids` its values as they came in, `customer_code` int64 [rows], -1 without an id."""

    rows: FlatRows
    label: Label
    customer: str | None
    ids: pa.Array
    customer_code: np.ndarray
    audit: Audit
    table: FlatTable


def take_in(request: FlatRequest) -> FlatIntake:
    """Read, type and audit; InputError where there is no label that can be predicted."""
    files = source_files([str(path) for path in request.files])
    read = read_rows([replace(file, sheet=request.sheet) for file in files])
    names = read.rows.column_names
    require_column(request.label, names, "--label")
    for option, wanted in (("--id", request.customer), *(("--keep", k) for k in request.keep)):
        if wanted is not None:
            require_column(wanted, names, option)
    for wanted in request.drop:
        require_column(wanted, names, "--drop")
    if len(names) - len(request.drop) > MOST_COLUMNS:
        raise InputError(
            "The table has too many columns to learn from.",
            file=str(files[0].path),
            found=f"{len(names):,} columns",
            expected=f"at most {MOST_COLUMNS:,}",
            hint="keep the columns that mean something, or leave some out with --drop",
        )
    label = label_of(request.label, read.rows[request.label])
    decimal = request.decimal or common_sign(read.rows)
    columns = [
        flat_column(name, read.rows[name], decimal, request.now, request.date_order)
        for name in names
        if name != request.label
    ]
    customer = request.customer or customer_among(columns)
    asked = [AuditFinding(name, "asked", "left out as asked") for name in sorted(set(request.drop) - {customer})]
    offered = [column for column in columns if column.name not in {customer, *request.drop}]
    found = audit(offered, label.outcome, f"{label.name} = {label.positive}", request.keep)
    if customer is not None:
        asked.append(AuditFinding(customer, "id", "it names the customer"))
    found = Audit(found.kept, tuple(sorted((*found.left_out, *asked), key=lambda f: f.column)), found.doubtful)
    ids, codes = _ids(read.rows, customer)
    return FlatIntake(read, label, customer, ids, codes, found, flat_table(found.kept, read.rows.num_rows))


def _ids(rows: pa.Table, customer: str | None) -> tuple[pa.Array, np.ndarray]:
    """Ids as they came in (row numbers from 1 without a column), and a code for each that is there."""
    if customer is None:
        return pa.array(np.arange(1, rows.num_rows + 1)), np.full(rows.num_rows, -1)
    column = rows[customer]
    ids = canonical_ids(column)
    came_as_integers = pa.types.is_integer(column.type)
    codes = distinct(ids).positions.astype(np.int64)
    return (ids.cast(pa.int64()) if came_as_integers and ids_are_integers(ids) else ids), codes
