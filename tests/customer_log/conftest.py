"""Reading files that a test has just written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.order_lines import read_order_lines
from foretell.customer_log.recognition.conventions import Reading, conventions
from foretell.customer_log.schema import LEFT_OUT, ORDER_LINES, REJECTED, Columns, LinesBatch
from foretell.project.intervals import parse_day

NOW = parse_day("2026-01-01", "UTC")
COLUMNS = Columns("customer", "time", amount="amount")

Read = Callable[..., LinesBatch]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes text or bytes into a file of that name."""

    def writer(content: str | bytes, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return writer


def read_all(path: Path, columns: Columns = COLUMNS, timezone: str = "UTC", **known: object) -> LinesBatch:
    """All lines and rejected rows of a source as one batch."""
    files = source_files([path])
    agreed = conventions(files, columns, Reading(timezone, NOW, **known))  # type: ignore[arg-type]
    batches = list(read_order_lines(files, columns, agreed, timezone, NOW))
    return LinesBatch(
        pa.concat_tables([b.lines for b in batches]) if batches else ORDER_LINES.empty_table(),
        pa.concat_tables([REJECTED.empty_table(), *(b.rejected for b in batches)]),
        sum(b.rows_read for b in batches),
        pa.concat_tables([LEFT_OUT.empty_table(), *(b.left_out for b in batches)]),
    )


@pytest.fixture
def read() -> Read:
    """Reads a source in one go."""
    return read_all
