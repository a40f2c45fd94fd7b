"""Delimited text, a block at a time: by pyarrow where the quotes are regular, row by row where they are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv

from foretell.customer_log.files.csv_dialect import Dialect, dialect_of
from foretell.customer_log.files.csv_rows import RETURN, Cut, RowSplitter, cut_of
from foretell.customer_log.files.source_files import SourceFile, read_block, read_head
from foretell.customer_log.files.source_table import Block, rejected_rows

BLOCK_BYTES = 16 << 20
HEAD_BYTES = 1 << 19


class CsvTable:
    """A delimited text file as a `SourceTable` of text columns.

    A row with more or fewer cells than the header, or with a quote that is never closed, is rejected
    with its line; it takes no other row with it.
    """

    typed = False

    def __init__(self, file: SourceFile) -> None:
        head = read_head(file, HEAD_BYTES)
        self.file = file
        self.dialect: Dialect = dialect_of(file, head, whole=len(head) < HEAD_BYTES)
        self.column_names = list(self.dialect.header)
        self.notes = [self.dialect.titles] if self.dialect.titles else []

    def first_rows(self) -> list[list[str]]:
        """The first rows as they were read to tell the dialect."""
        return self.dialect.rows

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns, `skip` bytes of the file left unread (but their lines counted)."""
        line, carry = 1, b""
        header_left = self.dialect.header_lines
        for text, last in self._texts(skip):
            if text is None:
                line += last
                header_left = 0
                continue
            data = carry + text
            if header_left:
                data, header_left = self._without_header(data, header_left)
                if header_left:
                    carry = data
                    continue
                line += self.dialect.header_lines
            if last and data and not data.endswith(b"\n"):
                data += b"\n"
            while data:
                cut = cut_of(data, self.dialect.delimiter.encode())
                if cut and last and not len(cut.ends):  # nothing more comes that would end the row
                    cut = None
                block, used = self._regular(data, cut, line, columns) if cut else (None, 0)
                if block is None:
                    block, used = self._irregular(data, bool(last), line, columns)
                line += data.count(b"\n", 0, used)
                data = data[used:]
                if block.rows.num_rows or block.rejected.num_rows:
                    yield block
                if not last or not used:
                    break
            carry = data

    def _without_header(self, data: bytes, lines: int) -> tuple[bytes, int]:
        at = -1
        for _ in range(lines):
            at = data.find(b"\n", at + 1)
            if at < 0:
                return data, lines
        return data[at + 1 :], 0

    def _texts(self, skip: int) -> Iterator[tuple[bytes | None, int]]:
        """UTF-8 text and whether it is the last; first, None with the number of lines that were skipped."""
        decoder = self.dialect.decoder()
        plain = self.dialect.encoding == "utf-8"
        with self.file.open() as stream:
            read_block(self.file, stream, self.dialect.mark)
            if skip:
                yield None, self._skipped_lines(stream.read(skip - self.dialect.mark))
            block = read_block(self.file, stream, BLOCK_BYTES)
            while True:
                following = read_block(self.file, stream, BLOCK_BYTES)
                if plain and block.isascii() and not decoder.getstate()[0]:
                    text = block
                else:
                    text = decoder.decode(block, not following).encode("utf-8", "replace")
                if self.dialect.carriage_returns:
                    text = text.replace(b"\r", b"\n")
                yield text, int(not following)
                if not following:
                    return
                block = following

    def _skipped_lines(self, old: bytes) -> int:
        text = self.dialect.decoder().decode(old)
        return text.count("\r" if self.dialect.carriage_returns else "\n")

    def _regular(self, data: bytes, cut: Cut, line: int, columns: Sequence[str]) -> tuple[Block | None, int]:
        """The rows of a block whose quotes are regular, read by pyarrow; None where it sees other rows than `cut`."""
        width = len(self.column_names)
        used = int(cut.ends[-1]) + 1 if len(cut.ends) else 0
        starts = np.concatenate(([0], cut.ends[:-1] + 1)) if used else np.zeros(0, np.int64)
        lines = line + np.concatenate(([0], cut.lines[:-1])) if used else starts
        raw = np.frombuffer(data, np.uint8)
        filled = (cut.ends > starts) & ~((cut.ends == starts + 1) & (raw[starts] == RETURN))
        starts, ends, lines = starts[filled], cut.ends[filled], lines[filled]
        wrong = False

        def skip_row(_: object) -> str:
            nonlocal wrong
            wrong = True
            return "skip"

        if not len(starts):
            return Block(_no_rows(columns), np.zeros(0, np.int64), rejected_rows(self.file.name, [], [], [])), used
        try:
            rows = pc_csv.read_csv(
                pa.BufferReader(pa.py_buffer(data).slice(0, used)),
                pc_csv.ReadOptions(
                    column_names=self.column_names, block_size=max(1 << 22, 2 * int((ends - starts).max()))
                ),
                pc_csv.ParseOptions(
                    delimiter=self.dialect.delimiter, newlines_in_values=cut.multiline, invalid_row_handler=skip_row
                ),
                pc_csv.ConvertOptions(
                    check_utf8=False,
                    column_types={name: pa.string() for name in columns},
                    include_columns=list(columns),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            return None, 0
        bad = np.zeros(len(starts), bool)
        if wrong:
            delimiters = np.flatnonzero(raw[:used] == ord(self.dialect.delimiter))
            if len(cut.quotes):
                delimiters = delimiters[np.searchsorted(cut.quotes, delimiters) % 2 == 0]
            cells = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts) + 1
            bad = cells != width
        if rows.num_rows + int(bad.sum()) != len(starts):
            return None, 0
        at = np.flatnonzero(bad)
        rejected = rejected_rows(
            self.file.name,
            lines[at].tolist(),
            [data[starts[i] : min(ends[i], starts[i] + 300)].decode("utf-8", "replace").rstrip() for i in at],
            [f"{cells[i]} cells where the header has {width}" for i in at],
        )
        return Block(rows, lines[~bad], rejected), used

    def _irregular(self, data: bytes, last: bool, line: int, columns: Sequence[str]) -> tuple[Block, int]:
        """The rows of a block with stray quotes, read one by one."""
        wanted = [self.column_names.index(name) for name in columns]
        width = len(self.column_names)
        cells: list[list[str]] = [[] for _ in wanted]
        lines: list[int] = []
        refused: tuple[list[int], list[str], list[str]] = ([], [], [])
        physical = data.decode("utf-8", "replace").split("\n")
        tail = physical.pop()
        splitter = RowSplitter(self.dialect.delimiter)
        at, read = 0, 0
        while at < len(physical):
            row = splitter.row(physical, at, last)
            if row.incomplete:
                break
            text = "\n".join(physical[at : at + row.height])
            if row.cells is None or (len(row.cells) != width and text.strip("\r\n")):
                reason = "a quote is never closed" if row.cells is None else ""
                refused[0].append(line + at)
                refused[1].append(text.rstrip())
                refused[2].append(reason or f"{len(row.cells or [])} cells where the header has {width}")
            elif text.strip("\r\n"):
                for column, position in zip(cells, wanted, strict=True):
                    column.append(row.cells[position])
                lines.append(line + at)
            at += row.height
        read = len("\n".join(physical[:at]).encode()) + (1 if at else 0)
        if last and at == len(physical):
            read = len(data) - len(tail.encode())
        rows = pa.table({name: pa.array(column, pa.string()) for name, column in zip(columns, cells, strict=True)})
        return Block(rows, np.array(lines, np.int64), rejected_rows(self.file.name, *refused)), read


def _no_rows(columns: Sequence[str]) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in columns})
