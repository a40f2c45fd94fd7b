"""From the rows of a source to order lines: every row becomes a line or a rejected row with its first problem."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells import numbers
from foretell.customer_log.cells.discounts import discounts
from foretell.customer_log.cells.identifiers import as_text, canonical_ids, distinct, spread
from foretell.customer_log.cells.numbers import Figures, amounts, quantities
from foretell.customer_log.erasure.left_out_at_reading import without_forgotten
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.recognition.conventions import (
    Conventions,
    conventions,
    require_columns,
)
from foretell.customer_log.recognition.currencies import refuse_second
from foretell.customer_log.recognition.rates import named_currencies, refuse_missing, turned, turned_rows
from foretell.customer_log.roles.column_facts import REFUND_WORDS
from foretell.customer_log.row_problems import RowProblems
from foretell.customer_log.sales import Sales, left_out_rows, with_refunds
from foretell.customer_log.schema import (
    GONE_AT,
    ORDER_ATTRIBUTES,
    ORDER_LINES,
    PRODUCT_NAME,
    Columns,
    LinesBatch,
)
from foretell.customer_log.whose_and_when import Held, whose_and_when
from foretell.project.local_time import local_days
from foretell.project.money import LARGEST_AMOUNT, UNITS_PER_ONE
from foretell.project.progress import Progress, Silent

__all__ = ["Conventions", "conventions", "read_order_lines"]

TAKES_BACK = (*REFUND_WORDS, "1", "true", "t", "yes", "y", "x", "r", "ja", "oui", "si", "sí", "sim")
"""What the column of refunds says on a row that is one: its kind, or yes."""
LONGEST_TEXT = 60
LONGEST_CODE = 3
UNKNOWN = ("unknown", "unspecified", "not specified", "unbekannt", "inconnu", "desconocido", "sconosciuto", "onbekend")


def read_order_lines(
    files: Sequence[SourceFile],
    columns: Columns,
    agreed: Conventions,
    timezone: str,
    now: int,
    progress: Progress | None = None,
) -> Iterator[LinesBatch]:
    """The rows of the files, in their order, as batches of order lines and rejected rows.

    In each batch lines, rejected rows and those left out make up `rows_read`. Equal lines are kept. A row that names
    nobody, and is else a sale, is left out as an anonymous one. `now` (microseconds UTC)
    bounds the dates that are believed. Raises InputError for a damaged file, a missing column and a second currency.
    """
    listener = progress or Silent()
    currencies: dict[str, str] = {}
    marks: dict[str, str] = {}
    used = list(dict.fromkeys(columns.used().values()))
    sales = Sales(columns, agreed, (timezone, now))
    for file in files:
        listener.step(f"reading {file.name}")
        table = open_table(file)
        require_columns(table, columns)
        blocks = table.batches(used, file.skip_bytes)
        for block, gone in without_forgotten(blocks, columns.customers, agreed.forgotten):
            if agreed.rates is None:
                refuse_second((currencies, marks), block.rows, columns, file)
            found = _lines(block, file.name, sales)
            left_out = pa.concat_tables([found.left_out, gone]) if len(gone) else found.left_out
            rows_read = found.rows_read + (pc.sum(gone["rows"]).as_py() or 0)
            yield replace(found, left_out=left_out, rows_read=rows_read)
        listener.advance()


def _lines(block: Block, file: str, sales: Sales) -> LinesBatch:
    rows, columns, agreed = block.rows, sales.columns, sales.agreed
    problems = RowProblems(rows.num_rows)
    held = Held(columns.customers, columns.time, columns.known_at, agreed.nobody)
    customers, happened_at, known_at, nobody = whose_and_when(rows, held, agreed.date_order, sales.clock, problems)
    order_ids = sales.order_ids(rows, happened_at)
    whose_order = order_ids
    if agreed.amount_of == "order" or not sales.is_plain:
        whose_order = pc.binary_join_element_wise(pc.fill_null(customers, ""), order_ids, "\x1f")
    dated = problems.good
    money = _money(block, rows, columns, agreed, problems)
    if agreed.amount_of == "order":
        money = sales.once_an_order(money, whose_order)
    sold = sales.of(rows, money, whose_order, problems)
    problems.forgive(dated & sold.is_none)
    quantity = _quantity(rows, columns, agreed)
    if columns.refund is not None:
        money = np.where(_flagged(rows[columns.refund]), -np.abs(money), money)
    attributes = order_attributes(rows, columns, agreed, money)
    beside: dict[str, pa.Array] = {}
    if columns.state is not None or columns.cancelled_at is not None:
        beside["gone_at"] = pa.array(sold.gone_at)
    if columns.product_name is not None:
        beside["product_name"] = _text_or_null(rows, columns.product_name)
    lines = pa.table(
        {
            "customer_id": customers,
            "happened_at": pa.array(happened_at),
            "known_at": pa.array(known_at),
            "order_id": order_ids,
            "product": _text_or_null(rows, columns.product, identifiers=True),
            "category": _text_or_null(rows, columns.category),
            "quantity": quantity,
            "amount": pa.array(money),
            **attributes,
            **beside,
        },
        schema=pa.schema(
            [
                *ORDER_LINES,
                *(ORDER_ATTRIBUTES.field(name) for name in attributes),
                *(field for field in (GONE_AT, PRODUCT_NAME) if field.name in beside),
            ]
        ),
    )
    unnamed = customers.is_null().to_numpy(zero_copy_only=False)
    again = sales.repeated(rows, order_ids) & problems.good & ~sold.is_none & ~unnamed
    good = problems.good & ~sold.is_none & ~unnamed & ~again
    rejected = pa.concat_tables([block.rejected, problems.rejected(block, file)])
    rows_read = rows.num_rows + block.rejected.num_rows
    if agreed.rates is None or columns.currency is None:
        kept = with_refunds(lines if good.all() else lines.filter(pa.array(good)), sold, good)
        return LinesBatch(kept, rejected, rows_read, left_out_rows(sold, nobody, unnamed, lines, problems, again))
    currencies, days = named_currencies(rows[columns.currency]), local_days(happened_at, sales.clock[0])
    rate = np.where(problems.good, agreed.rates.at(currencies, days), 1.0)
    refuse_missing(rate, currencies, days, block.place(file), columns.currency)
    kept = with_refunds(lines.append_column("rate", pa.array(rate)).filter(pa.array(good)), sold, good)
    in_one = turned(lines, rate)
    left_out = left_out_rows(sold, nobody, unnamed, in_one, problems, again)
    foreign = good & pc.fill_null(pc.not_equal(currencies, agreed.rates.into), False).to_numpy(zero_copy_only=False)
    left_out = pa.concat_tables([left_out, turned_rows(lines, in_one, currencies, foreign)])
    return LinesBatch(turned(kept.drop_columns("rate"), kept["rate"].to_numpy()), rejected, rows_read, left_out)


def order_attributes(
    rows: pa.Table, columns: Columns, agreed: Conventions, amounts: np.ndarray
) -> dict[str, pa.Array | np.ndarray]:
    """Those of `ORDER_ATTRIBUTES` that the source has, one value a row; `amounts` are what was paid for each line."""
    found: dict[str, pa.Array | np.ndarray] = {}
    if columns.country is not None:
        found["country"] = _texts(rows[columns.country], "country")
    if columns.channel is not None:
        found["channel"] = _texts(rows[columns.channel], "channel")
    if columns.discount is not None:
        found["discount"] = discounts(rows[columns.discount], agreed.decimal, agreed.discount, amounts)
    return found


def one_spelling(text: str, role: str) -> str | None:
    """The one way to write a country or a channel, told from the text alone; None where it says nothing.

    >>> [one_spelling(text, "country") for text in ("GERMANY", " united  kingdom", "de", "Unspecified")]
    ['Germany', 'United Kingdom', 'DE', None]
    >>> one_spelling("Google Ads", "channel")
    'google ads'
    """
    plain = " ".join(text.split())[:LONGEST_TEXT].strip()
    if not plain or plain.lower() in UNKNOWN:
        return None
    if role == "channel":
        return plain.lower()
    return plain.upper() if len(plain) <= LONGEST_CODE else string.capwords(plain)


def _texts(column: pa.ChunkedArray, role: str) -> pa.Array:
    values, positions = distinct(column)
    told = [None if text is None else one_spelling(text, role) for text in as_text(values).to_pylist()]
    return spread(pa.array(told, pa.string()), positions)


def _money(block: Block, rows: pa.Table, columns: Columns, agreed: Conventions, problems: RowProblems) -> np.ndarray:
    if columns.amount is not None:
        given = amounts(rows[columns.amount], agreed.decimal)
        empty_is_fine = np.full(rows.num_rows, agreed.amount_of == "order")
        if block.continued is not None and columns.amount in block.once:
            empty_is_fine |= block.continued
        empty = (given.reasons == numbers.MISSING) & empty_is_fine
        reasons = np.where(empty, 0, given.reasons)
        problems.mark_all(reasons, [_spoken(r, "amount") for r in numbers.REASONS], columns.amount)
        return np.where(empty, 0, given.values)
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
    is_refund = pc.is_in(pc.utf8_lower(as_text(values)), pa.array(TAKES_BACK)).to_numpy(zero_copy_only=False)
    return np.asarray(np.append(is_refund, False)[positions])


def _text_or_null(rows: pa.Table, column: str | None, identifiers: bool = False) -> pa.Array:
    if column is None:
        return pa.nulls(rows.num_rows, pa.string())
    if identifiers:
        return canonical_ids(rows[column])
    values, positions = distinct(rows[column])
    return spread(as_text(values), positions)
