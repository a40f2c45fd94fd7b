"""The figures of an outcome, or of what was before: numbers, or a yes and a no."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.examples.flat.columns import FlatColumn, flat_column
from foretell.examples.flat.label import DID_NOT, HAPPENED, label_of
from foretell.project.errors import InputError
from foretell.project.request import DecimalSign

LARGEST = 1e15
"""What is larger is no outcome of anybody; its square would drown all others."""


@dataclass(frozen=True)
class ColumnFigures:
    """`values` is float64 [rows], NaN where there is no figure: in `empty` rows nothing stands, in `unread` something
    that is no finite number, or beyond `LARGEST`. `told` says how words were taken, "" for numbers."""

    name: str
    values: np.ndarray
    empty: int
    unread: int
    told: str = ""


def column_figures(name: str, column: pa.ChunkedArray, decimal: DecimalSign, now: int, option: str) -> ColumnFigures:
    """The figures of a column. InputError where it holds dates, or words of which it is not plain which one is yes;
    `option` is what named it."""
    typed = flat_column(name, column, decimal, now)
    filled = _filled(column)
    if not filled.any():
        raise InputError("The column is empty.", column=name, found=f"{len(column):,} empty cells", expected="numbers")
    told = ""
    if typed.kind == "number":
        values = typed.values
    elif typed.kind == "date":
        raise InputError(
            "The column holds dates, which have no mean in money or shares.",
            column=name,
            found=_examples(column),
            expected="numbers, or yes and no",
            hint="make a column that says whether it happened in time, or after how many days",
        )
    else:
        values, told = _yes_or_no(typed, column, option)
    good = np.abs(values) <= LARGEST
    return ColumnFigures(name, np.where(good, values, np.nan), int((~filled).sum()), int((filled & ~good).sum()), told)


def _yes_or_no(typed: FlatColumn, column: pa.ChunkedArray, option: str) -> tuple[np.ndarray, str]:
    words = {level.casefold() for level in typed.levels}
    if len(words) == 2:
        label = label_of(typed.name, column)
        return label.outcome, f"{typed.name}: {label.positive!r} counts as 1, {label.negative!r} as 0"
    if len(words) == 1 and words <= (HAPPENED | DID_NOT):
        value = float(words <= HAPPENED)
        only = typed.levels[0]
        return np.where(np.isnan(typed.values), np.nan, value), f"{typed.name}: {only!r} counts as {value:.0f}"
    raise InputError(
        "The column holds words, which have no mean.",
        column=typed.name,
        found=_examples(column),
        expected=f"numbers, or two values such as yes and no, after {option}",
        hint="decimal commas are read too (--decimal ,)",
    )


def _filled(column: pa.ChunkedArray) -> np.ndarray:
    """bool [rows]: where a cell says something, if only that it is infinite."""
    if pa.types.is_floating(column.type):
        return np.asarray(~np.isnan(column.cast(pa.float64()).to_numpy()))
    values, positions = distinct(column)
    says = np.append(as_text(values).is_valid().to_numpy(zero_copy_only=False), False)
    return np.asarray(says[positions], dtype=bool)


def _examples(column: pa.ChunkedArray) -> str:
    values = pc.unique(column).drop_null().to_pylist()
    return ", ".join(repr(value) if isinstance(value, str) else str(value) for value in values[:4])
