"""What every format is turned into first: a table that is read in blocks, with the line of each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.schema import REJECTED
from foretell.project.errors import InputError


class Block(NamedTuple):
    """Some rows as they stand in the file: `lines` is the int64 line of each row of `rows` (the header is
    line 1), `rejected` the rows that do not even fit the table, as `REJECTED`. `continued` (bool [rows]) are those that
    go on with the order of a row above, whose money in the columns `once` stands on its first line only. `part` is what
    of the file the lines are counted in, such as one of several sheets."""

    rows: pa.Table
    lines: np.ndarray
    rejected: pa.Table
    continued: np.ndarray | None = None
    once: tuple[str, ...] = ()
    part: str = ""

    def place(self, file: str) -> str:
        """Where the rows stand, in words: the file, and the part of it where there are several.

        >>> Block(None, None, None, part="Orders 2024").place("orders.xlsx")
        'orders.xlsx, Orders 2024'
        """
        return f"{file}, {self.part}" if self.part else file


def within(places: pa.ChunkedArray, file: str) -> pa.ChunkedArray:
    """bool [rows]: which places are in a file, or in a part of it."""
    return pc.or_(pc.equal(places, file), pc.starts_with(places, f"{file}, "))


class SourceTable(Protocol):
    """A file as a table; `typed` says whether the format carries types, or every cell is text."""

    file: SourceFile
    column_names: list[str]
    typed: bool

    @property
    def notes(self) -> list[str]:
        """What people should know of how the file is read; figures are those of the rows read so far."""
        ...

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns only, in the file's order; `skip` bytes are left unread."""
        ...


def rejected_rows(file: str, lines: Sequence[int], values: Sequence[str], reasons: Sequence[str]) -> pa.Table:
    """Rows that do not fit the table, as `REJECTED`; no single column is to blame."""
    return pa.table(
        {
            "file": pa.array([file] * len(lines), pa.string()),
            "line": pa.array(lines, pa.int64()),
            "column": pa.nulls(len(lines), pa.string()),
            "value": pa.array([value[:200] for value in values], pa.string()),
            "reason": pa.array(reasons, pa.string()),
        },
        schema=REJECTED,
    )


def refuse_twice_named(names: Sequence[str], file: SourceFile, line: int | None = 1) -> None:
    """InputError where two columns have one name."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            "Two columns have the same name.",
            file=str(file.path),
            line=line,
            column=twice[0],
            found=", ".join(names),
            expected="a different name for each column",
            hint="rename one of them in the header",
        )
