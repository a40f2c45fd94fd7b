"""JSON lines: one object on each line, its keys the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from foretell.customer_log.files.csv_dialect import LENIENT
from foretell.customer_log.files.source_files import SourceFile, read_block, read_head
from foretell.customer_log.files.source_table import Block, rejected_rows
from foretell.project.errors import InputError

HEAD_BYTES = 1 << 20
BLOCK_BYTES = 8 << 20


class JsonLinesTable:
    """A JSON lines file as a `SourceTable` of text columns: a number is taken as it is written.

    Nested objects give columns such as `customer.id`. The first row is line 1. A line that is no JSON
    object is rejected.
    """

    typed = False

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.notes: list[str] = []
        head = read_head(file, HEAD_BYTES)
        lines = head.split(b"\n")
        if len(head) == HEAD_BYTES and len(lines) > 1:
            lines.pop()
        names: dict[str, None] = {}
        problem: str | None = None
        for number, line in enumerate(lines, 1):
            row, reason = _row(line)
            if row is None:
                problem = problem or (f"line {number}: {reason}" if reason else None)
                continue
            names.update(dict.fromkeys(row))
        if not names:
            raise InputError(
                "The file holds no JSON objects.",
                file=str(file.path),
                line=1,
                found=problem,
                expected='one object on each line, such as {"customer": "17850", "date": "2011-06-12", "amount": 5}',
                hint=f"jq -c . {file.name} > orders.jsonl",
            )
        self.column_names = list(names)

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns, `skip` bytes of the file left unread (but their lines counted)."""
        line, carry = 1, b""
        with self.file.open() as stream:
            if skip:
                line += read_block(self.file, stream, skip).count(b"\n")
            while data := read_block(self.file, stream, BLOCK_BYTES):
                lines = (carry + data).split(b"\n")
                carry = lines.pop()
                yield self._block(lines, line, columns)
                line += len(lines)
        if carry.strip():
            yield self._block([carry], line, columns)

    def _block(self, lines: Sequence[bytes], first: int, columns: Sequence[str]) -> Block:
        cells: list[list[str | None]] = [[] for _ in columns]
        numbers: list[int] = []
        refused: tuple[list[int], list[str], list[str]] = ([], [], [])
        for number, text in enumerate(lines, first):
            row, reason = _row(text)
            if row is None:
                if reason:
                    refused[0].append(number)
                    refused[1].append(text[:300].decode("utf-8", "replace"))
                    refused[2].append(reason)
                continue
            numbers.append(number)
            for column, name in zip(cells, columns, strict=True):
                column.append(row.get(name))
        rows = pa.table({name: pa.array(column, pa.string()) for name, column in zip(columns, cells, strict=True)})
        return Block(rows, np.array(numbers, np.int64), rejected_rows(self.file.name, *refused))


def _row(line: bytes) -> tuple[dict[str, str | None] | None, str]:
    """The cells of a line as text, or None and why not ("" for a blank line)."""
    text = line.decode("utf-8", LENIENT).strip().strip("\ufeff")
    if not text:
        return None, ""
    try:
        value = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None, "not a JSON object"
    if not isinstance(value, dict):
        return None, "not a JSON object"
    return dict(_flat(value)), ""


def _flat(value: dict[str, object], before: str = "") -> Iterator[tuple[str, str | None]]:
    for name, cell in value.items():
        if isinstance(cell, dict):
            yield from _flat(cell, f"{before}{name}.")
        elif cell is None:
            yield before + name, None
        elif isinstance(cell, bool):
            yield before + name, "true" if cell else "false"
        else:
            text = cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
            yield before + name, text.encode("utf-8", "replace").decode()
