"""Columns of people who were not in the experiment, in the form that the experiment's columns have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.examples.flat.columns import FlatColumn
from foretell.project.errors import InputError


def recoded(found: FlatColumn, column: pa.ChunkedArray, like: FlatColumn) -> FlatColumn:
    """A column typed as `like`; a category that the experiment never saw counts as empty. InputError where `like` has
    numbers or dates and this has none."""
    if like.kind == "category":
        values, positions = distinct(column)
        place = {level: at for at, level in enumerate(like.levels)}
        codes = np.array([place.get(text, np.nan) for text in as_text(values).to_pylist()] + [np.nan])
        return replace(like, values=codes[positions], unread=0)
    if found.kind == like.kind or not np.isfinite(found.values).any():
        return replace(found, kind=like.kind, levels=())
    raise InputError(
        f"The column to score does not hold {like.kind}s, as in the experiment.",
        column=like.name,
        found=f"a {found.kind}" + (f", such as {found.levels[0]!r}" if found.levels else ""),
        expected=f"a {like.kind}",
    )
