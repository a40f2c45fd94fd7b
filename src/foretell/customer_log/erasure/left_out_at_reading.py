"""Rows of forgotten customers, left out as a file is read: nothing of them but their number goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.schema import LEFT_OUT

KIND = "forgotten"
"""The kind of these rows in `LEFT_OUT`; `reason` is the number of the person."""


def without_forgotten(
    blocks: Iterable[Block], customers: Sequence[str], forgotten: Forgotten
) -> Iterator[tuple[Block, pa.Table]]:
    """Each block without the rows in which any of the columns names somebody forgotten, and how many rows that were by
    person, as `LEFT_OUT`. Of rows that do not fit the table those that hold such a name anywhere are left out."""
    for block in blocks:
        if not forgotten.people:
            yield block, LEFT_OUT.empty_table()
            continue
        people = people_in(block, customers, forgotten)
        spoiled = forgotten.in_texts(block.rejected["value"].to_pylist())
        kept = pa.array(people == 0)
        told = list(np.bincount(people)[1:]) if len(people) else []
        rows = [(str(number), int(count)) for number, count in enumerate(told, start=1) if count]
        if spoiled.any():
            rows.append(("", int(spoiled.sum())))
        yield (
            block._replace(
                rows=block.rows.filter(kept),
                lines=block.lines[people == 0],
                rejected=block.rejected.filter(pa.array(~spoiled)),
                continued=None if block.continued is None else block.continued[people == 0],
            ),
            counted_rows(rows),
        )


def people_in(block: Block, customers: Sequence[str], forgotten: Forgotten) -> np.ndarray:
    """int64 [rows]: whom the columns of customers name, 0 for nobody who was forgotten."""
    people = np.zeros(block.rows.num_rows, dtype=np.int64)
    for column in customers:
        people = np.maximum(people, forgotten.of_ids(block.rows[column]))
    return people


def counted_rows(rows: Sequence[tuple[str, int]]) -> pa.Table:
    """So many rows of these people, as `LEFT_OUT`."""
    return pa.table(
        {
            "kind": pa.array([KIND] * len(rows), pa.string()),
            "reason": pa.array([person for person, _ in rows], pa.string()),
            "order_id": pa.nulls(len(rows), pa.string()),
            "rows": pa.array([count for _, count in rows], pa.int64()),
            "amount": pa.array([0] * len(rows), pa.int64()),
        },
        schema=LEFT_OUT,
    )
