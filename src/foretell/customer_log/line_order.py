"""The order in which keyed lines stand: by customer, time, order and what was bought, whatever order they came in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.schema import ORDER_ATTRIBUTES

LINE_ORDER = (
    "customer_key", "happened_at", "order_key", "product_key", "category_key", "amount", "units", "known_after",
    "gone_at",
)  # fmt: skip


def in_line_order(lines: pa.Table) -> pa.Table:
    """Keyed lines sorted by `LINE_ORDER`, then by the attributes that they have."""
    return taken(lines, sorted_rows([lines[name].to_numpy() for name in _order(lines)]))


def in_fact_order(facts: pa.Table) -> tuple[pa.Table, int]:
    """Facts of a table sorted by customer, time, and then by all that they tell; and how many repeat another one."""
    columns = [pc.fill_null(facts[name], np.iinfo(np.int64).min).to_numpy() for name in facts.column_names[1:]]
    columns = [facts["customer_key"].to_numpy(), *columns]
    rows = sorted_rows(columns)
    repeats = int((~differ([column[rows] for column in columns])).sum())
    return facts.take(pa.array(rows)), repeats


def taken(lines: pa.Table, rows: np.ndarray) -> pa.Table:
    """The lines in the order `rows`, of which there are as many; a column of one value stays as it is."""
    order = pa.array(rows)
    return pa.table([c if has_one_value(c) else c.take(order) for c in lines.columns], schema=lines.schema)


def has_one_value(column: pa.ChunkedArray) -> bool:
    """Whether all rows are alike, as far as that is told at a glance: all null, or whole numbers of one value."""
    if column.null_count:
        return bool(column.null_count == len(column))
    if not pa.types.is_integer(column.type):
        return not len(column)
    ends = pc.min_max(column)
    return bool(ends["min"].equals(ends["max"]))


def equal_lines(lines: pa.Table) -> int:
    """Lines that repeat another one in every column that is kept; the lines are in line order."""
    repeats = np.arange(len(lines))
    for name in _order(lines):
        values = lines[name].to_numpy()
        repeats = repeats[(repeats > 0) & (values[repeats] == values[repeats - 1])]
    return len(repeats)


def _order(lines: pa.Table) -> list[str]:
    return [*LINE_ORDER, *(name for name in ORDER_ATTRIBUTES.names if name in lines.column_names)]


def sorted_rows(columns: Sequence[np.ndarray]) -> np.ndarray:
    """`np.lexsort`, the first column the first key: each further column sorts only the rows that are still tied."""
    order = np.argsort(columns[0])
    new = differ([columns[0][order]])
    for column in columns[1:]:
        tied = ~new
        tied[:-1] |= tied[1:]
        rows = np.flatnonzero(tied)
        if not len(rows):
            break
        group = np.cumsum(new[rows])
        order[rows] = order[rows][np.argsort(_packed(group, column[order[rows]]))]
        new[rows] |= differ([column[order[rows]]])
    return order


def differ(columns: Sequence[np.ndarray]) -> np.ndarray:
    """True where a row is not that before it."""
    flags = np.zeros(len(columns[0]), dtype=bool)
    flags[:1] = True
    for column in columns:
        flags[1:] |= column[1:] != column[:-1]
    return flags


def _packed(group: np.ndarray, values: np.ndarray) -> np.ndarray:
    """int64 that sort as (group, value) do."""
    low, high = int(values.min()), int(values.max())
    if (high - low).bit_length() + int(group[-1]).bit_length() > 63:
        values = np.unique(values, return_inverse=True)[1]
        low, high = 0, len(values)
    return (group << (high - low).bit_length()) | (values - values.dtype.type(low)).astype(np.int64)
