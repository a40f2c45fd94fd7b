"""A table whose rows lean on the rows above: read as if each row said all about itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.files.source_table import Block, SourceTable
from foretell.customer_log.layout.carrying import Carrying
from foretell.customer_log.layout.row_layout import RowLayout
from foretell.customer_log.layout.total_rows import TOTAL
from foretell.words.wording import counted


class ArrangedTable:
    """Another `SourceTable` with what its `RowLayout` says done to it, a block at a time; what the rows of one block
    leave to the next is carried along. Headings and totals are left out. `notes` hold the figures of what was read."""

    def __init__(self, table: SourceTable, layout: RowLayout) -> None:
        self.file, self.typed, self.layout = table.file, table.typed, layout
        self.column_names = [layout.heading_as if name == layout.heading else name for name in table.column_names]
        self._table = table
        self._counts: dict[str, int] = {}

    @property
    def notes(self) -> list[str]:
        """Those of the table itself, then how many rows continue others or were left out, once the rows were read."""
        return [*self._table.notes, *(note for note in map(self._told, self._counts) if note)]

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns, each with what the rows above say of it. Rows before `skip` are read, for what
        stands in them counts below, and left out."""
        self._counts = dict.fromkeys(("continued", "headings", "totals", "grouped"), 0)
        own = dict(zip(self.column_names, self._table.column_names, strict=True))
        wanted = [own[name] for name in columns]
        needed = list(dict.fromkeys([*wanted, *self.layout.controls()]))
        begin = self._line_at(skip) if skip else 0
        carrying = Carrying(self.layout)
        for block in self._table.batches(needed, 0):
            arranged = self._arranged(block, carrying)
            rows, keep = arranged.rows.select(wanted).rename_columns(list(columns)), arranged.lines >= begin
            refused = arranged.rejected
            if not keep.all() or (begin and len(refused)):
                rows = rows.filter(pa.array(keep))
                refused = refused.filter(pc.greater_equal(refused["line"], begin))
            continued = None if arranged.continued is None else arranged.continued[keep]
            yield Block(rows, arranged.lines[keep], refused, continued, self.layout.once, arranged.part)

    def _arranged(self, block: Block, carrying: Carrying) -> Block:
        rows, lines = block.rows, block.lines
        if self.layout.heading:
            named, dated = ~is_empty(rows[self.layout.heading]), ~is_empty(rows[self.layout.time])
            above = named & ~dated
            total = above & _begin_with_total(rows[self.layout.heading])
            blank = ~named & ~dated
            rows = carrying.below_headings(rows, above, total)
            self._counts["headings"] += int((above & ~total).sum())
            self._counts["totals"] += int(total.sum())
            left = pa.array(dated | ~(above | blank))
            return block._replace(rows=rows.filter(left), lines=lines[np.asarray(left)])
        if self.layout.grouped:
            empty = is_empty(rows[self.layout.grouped])
            self._counts["grouped"] += int(empty.sum())
            rows = carrying.below_headings(rows, ~empty, np.zeros(len(lines), bool))
        if not self.layout.anchors:
            return block._replace(rows=rows, lines=lines)
        below = np.all([is_empty(rows[name]) for name in self.layout.anchors], axis=0)
        if self.layout.text:
            below &= ~is_empty(rows[self.layout.text]) & ~_begin_with_total(rows[self.layout.text])
        rows, continued = carrying.from_first_lines(rows, below)
        self._counts["continued"] += int(continued.sum())
        return block._replace(rows=rows, lines=lines, continued=continued)

    def _line_at(self, skip: int) -> int:
        """The line on which the byte `skip` of the file lies."""
        with self.file.open() as stream:
            return 1 + stream.read(skip).count(b"\n")

    def _told(self, what: str) -> str:
        number, file, layout = self._counts[what], self.file.name, self.layout
        if not number:
            return ""
        match what:
            case "continued":
                how = f"by its {layout.number}" if layout.number else "as they name no order of their own"
                return f"{file}: {counted(number, 'row')} {_verb(number)} the order above, {how}"
            case "headings":
                alone = f"{counted(number, 'row')} with nothing but {layout.heading_as}"
                return f"{file}: {alone} read as headings of the rows below"
            case "totals":
                return f"{file}: {counted(number, 'row')} of totals left out"
            case _:
                return f"{file}: {counted(number, 'row')} without {layout.grouped} belong to the one above"


def is_empty(column: pa.ChunkedArray) -> np.ndarray:
    """bool [rows]: null, or nothing but white space."""
    if not pa.types.is_string(column.type):
        return np.asarray(column.is_null(nan_is_null=True).to_numpy())
    blank = pc.equal(pc.utf8_trim_whitespace(column), "")
    return np.asarray(pc.fill_null(blank, True).to_numpy())


def _begin_with_total(column: pa.ChunkedArray) -> np.ndarray:
    return np.array([bool(TOTAL.match((cell or "").strip())) for cell in column.cast(pa.string()).to_pylist()], bool)


def _verb(number: int) -> str:
    return "continues" if number == 1 else "continue"
