"""What a column of a flat table holds, told from its values: numbers, dates or categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.date_forms import read_parts
from foretell.customer_log.cells.dates import order_evidence
from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.customer_log.cells.numbers import DecimalEvidence, decimal_evidence, quantities
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.request import DateOrder, DecimalSign

ColumnKind = Literal["number", "date", "category"]
MOST_OF_ALL = 0.95
"""The share of filled cells that must read as a number, or a date, for the column to be one."""
WITHOUT_LETTERS = r"^[^\pL]*(?:[eE][-+]?[0-9]+)?[^\pL]*$"
CURRENCY_CODES = r"\b(?:EUR|USD|GBP|CHF|JPY|AUD|CAD|SEK|NOK|DKK|PLN|INR|BRL|CNY|ZAR|Rs|kr|zł)\b\.?"
BARE_DIGITS = r"^[0-9]+(?:[.,][0-9]*)?$"
LEADING_ZERO = r"^0[0-9]+$"


@dataclass(frozen=True)
class FlatColumn:
    """`values` is float64 [rows], NaN for null: numbers, days since 1970, or positions in `levels`, which are sorted.

    `unread` counts filled cells of a number or date column that are neither; they count as null.
    """

    name: str
    kind: ColumnKind
    values: np.ndarray
    levels: tuple[str, ...] = ()
    unread: int = 0

    def said(self, value: float) -> str:
        """A value as text."""
        return self.levels[int(value)] if self.kind == "category" else f"{value:,.6g}"


def common_sign(rows: pa.Table) -> DecimalSign:
    """The decimal sign of a table's text columns, by what most of their cells show; a point where nothing tells."""
    total = DecimalEvidence(0, 0, 0)
    for name in rows.column_names:
        total = total.plus(decimal_evidence(rows[name]))
    return "," if total.comma > total.point else "."


def flat_column(
    name: str, column: pa.ChunkedArray, decimal: DecimalSign, now: int, order: DateOrder | None = None
) -> FlatColumn:
    """The column with the type that its values have.

    Text counts as numbers, or as dates, where 95 % of its filled cells read as such; numbers with leading zeros are
    codes, and a column that Parquet calls a dictionary keeps its categories. A date order that the data cannot tell
    is taken as day before month unless `order` says otherwise.
    """
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        values = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), np.float64)
        return FlatColumn(name, "number", np.where(np.isfinite(values), values, np.nan))
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        moments = column.cast(pa.timestamp("us", tz=getattr(kind, "tz", None)), safe=False).cast(pa.int64())
        days = np.asarray(moments.cast(pa.float64(), safe=False).to_numpy(), np.float64) / MICROSECONDS_PER_DAY
        return FlatColumn(name, "date", days)
    values, positions = distinct(column)
    texts = as_text(values)
    counts = np.bincount(positions[positions >= 0], minlength=len(texts)) * _filled(texts)
    if not pa.types.is_dictionary(kind) and not pa.types.is_boolean(kind) and counts.sum():
        found = _numbers(texts, decimal), _days(column, texts, order, now)
        for number_or_date, figures in zip(("number", "date"), found, strict=True):
            unread = int((counts * np.isnan(figures)).sum())
            if unread <= (1 - MOST_OF_ALL) * counts.sum():
                spread = np.append(figures, np.nan)[positions]
                return FlatColumn(name, "number" if number_or_date == "number" else "date", spread, (), unread)
    return _category(name, texts, positions)


def _category(name: str, texts: pa.Array, positions: np.ndarray) -> FlatColumn:
    present = texts.take(pa.array(np.unique(positions[positions >= 0]), pa.int64())).drop_null()
    levels = sorted(set(present.to_pylist()))
    place = {level: number for number, level in enumerate(levels)}
    codes = np.array([np.nan if text is None else place.get(text, np.nan) for text in texts.to_pylist()] + [np.nan])
    return FlatColumn(name, "category", codes[positions], tuple(levels))


def _numbers(texts: pa.Array, decimal: DecimalSign) -> np.ndarray:
    if pc.any(pc.match_substring_regex(texts, LEADING_ZERO)).as_py():
        return np.full(len(texts), np.nan)
    bare = pc.replace_substring_regex(texts, CURRENCY_CODES, "")
    bare = pc.utf8_trim_whitespace(pc.replace_substring_regex(bare, r"\s*%$", ""))
    allowed = pc.fill_null(pc.match_substring_regex(bare, WITHOUT_LETTERS), False)
    found = quantities(pc.if_else(allowed, bare, pa.scalar(None, pa.string())), decimal)
    return np.where(found.reasons == 0, found.values, np.nan)


def _days(column: pa.ChunkedArray, texts: pa.Array, order: DateOrder | None, now: int) -> np.ndarray:
    bare = pc.fill_null(pc.match_substring_regex(texts, BARE_DIGITS), True)
    parts = read_parts(pc.if_else(bare, pa.scalar(None, pa.string()), texts))
    if not parts.needs_order.any():
        days, readable = parts.days(None)
        readable &= ~parts.missing
        return np.where(readable, days, np.nan)
    evidence = order_evidence(column, "UTC", now, None)
    told: dict[DateOrder, int] = {"dmy": int(evidence.against[0]), "mdy": int(evidence.against[1])}
    days, readable = parts.days(order or ("mdy" if told["mdy"] < told["dmy"] else "dmy"))
    return np.where(readable & ~parts.missing, days, np.nan)


def _filled(texts: pa.Array) -> np.ndarray:
    return np.asarray(texts.is_valid().to_numpy(zero_copy_only=False))
