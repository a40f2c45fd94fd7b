"""The ledger: every order that is known, what it held when it was last told, and by which load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.line_order import sorted_rows

LEDGER = pa.schema(
    [
        ("customer_key", pa.uint64()),
        ("order_key", pa.int64()),
        ("digest", pa.uint64()),
        ("happened_at", pa.int64()),
        ("load", pa.int32()),
    ]
)
"""`load` is the number of the load that told of an order last. Below 0 the order is kept though the exports hold it no
longer, since the load of that number; 0 is an order that was withdrawn. An order whose lines are divided over several
files has a row for each."""
GONE = 0


def ledger_of(paths: Sequence[Path]) -> pa.Table:
    """The ledger of a bucket; empty where there is none yet."""
    return pa.concat_tables([LEDGER.empty_table(), *(pq.ParquetFile(path).read(use_threads=False) for path in paths)])


def in_ledger_order(rows: pa.Table) -> pa.Table:
    """By customer, order and load."""
    return rows.take(pa.array(sorted_rows([rows[name].to_numpy() for name in ("customer_key", "order_key", "load")])))


def with_loads(rows: pa.Table, loads: np.ndarray) -> pa.Table:
    """The ledger with other loads."""
    return rows.set_column(rows.column_names.index("load"), "load", pa.array(loads.astype(np.int32)))
