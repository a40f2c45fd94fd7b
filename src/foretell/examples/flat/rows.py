"""The rows of a flat table as they stand in its files: one a customer, with the line of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.customer_log.files.formats import plain_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.schema import REJECTED
from foretell.project.errors import InputError


@dataclass(frozen=True)
class FlatRows:
    """`rows` with every column of the files, text where the format has no types. `lines` is int64, the line in its
    file (the header is line 1); `rejected` are rows that do not fit the table, as `REJECTED`."""

    rows: pa.Table
    lines: np.ndarray
    rejected: pa.Table
    notes: tuple[str, ...]


def read_rows(files: Sequence[SourceFile]) -> FlatRows:
    """All rows of the files, one after the other; InputError where a file has other columns than the first, or where
    there are no rows at all."""
    parts, lines, rejected, notes = [], [], [], list[str]()
    names: list[str] | None = None
    for file in files:
        table = plain_table(file)
        names = names or table.column_names
        if sorted(names) != sorted(table.column_names):
            raise InputError(
                "The files have different columns.",
                file=str(file.path),
                found=", ".join(table.column_names),
                expected=", ".join(names),
                hint="give one file, or files with the same header",
            )
        notes += table.notes
        for block in table.batches(names):
            parts.append(block.rows)
            lines.append(block.lines)
            rejected.append(block.rejected)
    filled = [part for part in parts if part.num_rows]
    if not filled:
        raise InputError(
            "There are no rows.", file=", ".join(str(f.path) for f in files), expected="a header and at least one row"
        )
    try:
        rows = pa.concat_tables(filled, promote_options="permissive").combine_chunks()
    except pa.ArrowException as error:
        raise InputError("The files hold different types.", found=str(error).splitlines()[0]) from None
    whole = pa.concat_tables(rejected, promote_options="default") if rejected else REJECTED.empty_table()
    return FlatRows(rows, np.concatenate(lines), whole, tuple(notes))
