"""From the rows of a source to order lines: every row becomes a line or a rejected row with its first problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells import numbers
from foretell.customer_log.cells.identifiers import as_text, canonical_ids, distinct, spread
from foretell.customer_log.cells.numbers import Figures, amounts, quantities
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.order_attributes import order_attributes
from foretell.customer_log.recognition.conventions import (
    Conventions,
    conventions,
    refuse_mixed,
    refuse_mixed_marks,
    require_columns,
)
from foretell.customer_log.row_problems import RowProblems
from foretell.customer_log.schema import ORDER_ATTRIBUTES, ORDER_LINES, Columns, LinesBatch
from foretell.customer_log.whose_and_when import Held, whose_and_when
from foretell.project.money import LARGEST_AMOUNT, UNITS_PER_ONE
from foretell.project.progress import Progress, Silent

__all__ = ["Conventions", "conventions", "read_order_lines"]

REFUND_WORDS = (
    "1", "true", "t", "yes", "y", "x", "refund", "refunded", "return", "returned", "cancelled", "canceled",
    "cancellation", "credit", "credit note", "credit_note", "creditnote", "credit memo", "chargeback",
    "void", "voided", "storno",
    "reversal", "r", "ja", "oui", "si", "sí", "sim", "retour", "retoure", "gutschrift", "erstattung", "remboursé",
    "remboursement", "avoir", "devolución", "devolucion", "devuelto", "reembolso", "reso", "rimborso", "terugbetaling",
    "devolução",
)  # fmt: skip


def read_order_lines(
    files: Sequence[SourceFile],
    columns: Columns,
    agreed: Conventions,
    timezone: str,
    now: int,
    progress: Progress | None = None,
) -> Iterator[LinesBatch]:
    """The rows of the files, in their order, as batches of order lines and rejected rows.

    In each batch lines and rejected rows make up `rows_read`. Equal lines are kept. `now` (microseconds UTC)
    bounds the dates that are believed. Raises InputError for a damaged file, a missing column and a second currency.
    """
    listener = progress or Silent()
    currencies: dict[str, str] = {}
    marks: dict[str, str] = {}
    used = list(dict.fromkeys(columns.used().values()))
    for file in files:
        listener.step(f"reading {file.name}")
        table = open_table(file)
        require_columns(table, columns)
        for block in table.batches(used, file.skip_bytes):
            if columns.currency is not None:
                refuse_mixed(currencies, block.rows[columns.currency], columns.currency, file)
            for name in columns.numbers:
                refuse_mixed_marks(marks, block.rows[name], name, file)
            yield _lines(block, file.name, columns, agreed, (timezone, now))
        listener.advance()


def _lines(block: Block, file: str, columns: Columns, agreed: Conventions, clock: tuple[str, int]) -> LinesBatch:
    rows = block.rows
    problems = RowProblems(rows.num_rows)
    held = Held(columns.customer, columns.time, columns.known_at)
    customers, happened_at, known_at = whose_and_when(rows, held, agreed.date_order, clock, problems)
    money = _money(block, columns, agreed, problems)
    quantity = _quantity(rows, columns, agreed)
    if columns.refund is not None:
        money = np.where(_flagged(rows[columns.refund]), -np.abs(money), money)
    attributes = order_attributes(rows, columns, agreed, money)
    lines = pa.table(
        {
            "customer_id": customers,
            "happened_at": pa.array(happened_at),
            "known_at": pa.array(known_at),
            "order_id": _ids_or_null(rows, columns.order),
            "product": _text_or_null(rows, columns.product, identifiers=True),
            "category": _text_or_null(rows, columns.category),
            "quantity": quantity,
            "amount": pa.array(money),
            **attributes,
        },
        schema=pa.schema([*ORDER_LINES, *(ORDER_ATTRIBUTES.field(name) for name in attributes)]),
    )
    good = problems.good
    rejected = pa.concat_tables([block.rejected, problems.rejected(block, file)])
    rows_read = rows.num_rows + block.rejected.num_rows
    return LinesBatch(lines if good.all() else lines.filter(pa.array(good)), rejected, rows_read)


def _money(block: Block, columns: Columns, agreed: Conventions, problems: RowProblems) -> np.ndarray:
    rows = block.rows
    if columns.amount is not None:
        given = amounts(rows[columns.amount], agreed.decimal)
        if block.continued is not None and columns.amount in block.once:
            given.reasons[block.continued & (given.reasons == numbers.MISSING)] = 0
        problems.mark_all(given.reasons, [_spoken(r, "amount") for r in numbers.REASONS], columns.amount)
        return given.values
    assert columns.unit_price is not None
    price = amounts(rows[columns.unit_price], agreed.decimal)
    problems.mark_all(price.reasons, [_spoken(r, "unit price") for r in numbers.REASONS], columns.unit_price)
    if columns.quantity is None:
        return price.values
    count = quantities(rows[columns.quantity], agreed.decimal)
    problems.mark_all(count.reasons, [_spoken(r, "quantity") for r in numbers.REASONS], columns.quantity)
    return _times(price, count, columns.unit_price, problems)


def _times(price: Figures, count: Figures, column: str, problems: RowProblems) -> np.ndarray:
    """Price times quantity: in whole numbers where the quantity is whole, so that no cent is lost."""
    rough = price.values * count.values
    fits = np.abs(rough) <= LARGEST_AMOUNT * UNITS_PER_ONE
    problems.mark(~fits, column, numbers.REASONS[numbers.TOO_LARGE])
    whole = fits & (count.values == np.rint(count.values)) & (np.abs(count.values) <= LARGEST_AMOUNT)
    exact = np.where(whole, price.values, 0) * np.where(whole, count.values, 0).astype(np.int64)
    return np.where(whole, exact, np.rint(np.where(fits, rough, 0.0)).astype(np.int64))


def _spoken(reason: str, role: str) -> str:
    return reason.replace("no number", f"no {role}")


def _quantity(rows: pa.Table, columns: Columns, agreed: Conventions) -> pa.Array:
    if columns.quantity is None:
        return pa.nulls(rows.num_rows, pa.float64())
    found = quantities(rows[columns.quantity], agreed.decimal)
    return pa.array(found.values, pa.float64(), mask=found.reasons != 0)


def _flagged(column: pa.ChunkedArray) -> np.ndarray:
    values, positions = distinct(column)
    is_refund = pc.is_in(pc.utf8_lower(as_text(values)), pa.array(REFUND_WORDS)).to_numpy(zero_copy_only=False)
    return np.asarray(np.append(is_refund, False)[positions])


def _ids_or_null(rows: pa.Table, column: str | None) -> pa.Array:
    return pa.nulls(rows.num_rows, pa.string()) if column is None else canonical_ids(rows[column])


def _text_or_null(rows: pa.Table, column: str | None, identifiers: bool = False) -> pa.Array:
    if column is None:
        return pa.nulls(rows.num_rows, pa.string())
    if identifiers:
        return canonical_ids(rows[column])
    values, positions = distinct(rows[column])
    return spread(as_text(values), positions)
