"""What arms cost, what their outcome is, and how columns of results are named by them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from foretell.examples.flat.columns import flat_column
from foretell.examples.flat.label import label_of
from foretell.flat.uplift.request import UpliftRequest
from foretell.project.errors import InputError
from foretell.project.request import DecimalSign

FEWEST_ROWS = 20


def costs_of(arms: tuple[str, ...], cost: Mapping[str, float]) -> np.ndarray:
    """float64 [arms]: what each costs beyond the control; InputError for an arm that is not there."""
    for name in cost:
        if name not in arms:
            raise InputError(
                "--cost names an arm that is not there.",
                found=name,
                expected=", ".join(arms),
                hint=f"--cost {arms[1]!r}=0.05",
            )
    found = np.array([cost.get(name, 0.0) for name in arms])
    return np.asarray(found - found[0])


def outcome_of(column: pa.ChunkedArray, request: UpliftRequest, decimal: DecimalSign) -> tuple[np.ndarray, str]:
    """float64 [rows], NaN where it is empty, and what counts as 1 where the outcome is two words; InputError for text
    that is no number and not one of two words, and for an outcome that is always the same."""
    found = flat_column(request.outcome, column, decimal, request.now)
    if found.kind == "number":
        values = found.values
        known = values[np.isfinite(values)]
        if not len(known) or known.min() == known.max():
            raise InputError(
                "The outcome is the same in all rows." if len(known) else "No row has an outcome.",
                column=request.outcome,
                found=f"{known[0]:,.6g}" if len(known) else "empty cells",
                expected="a number, or yes and no, that differs between customers",
            )
        return values, ""
    if found.kind == "category" and len(found.levels) == 2:
        label = label_of(request.outcome, column)
        return label.outcome, label.positive
    some = ", ".join(repr(level) for level in found.levels[:5])
    raise InputError(
        "The outcome is neither a number nor one of two words."
        if len(found.levels) != 1
        else "The outcome is the same in all rows.",
        column=request.outcome,
        found=some or f"a {found.kind}",
        expected="0 and 1, yes and no, or an amount",
        hint="make a column that says what each customer did, as a number",
    )


def file_names(arms: tuple[str, ...]) -> tuple[str, ...]:
    """A name for each arm that can stand in a column's name: signs that cannot be printed become _, and what would be
    equal gets a number."""
    found: list[str] = []
    for arm in arms:
        plain = "".join(sign if sign.isprintable() else "_" for sign in arm)
        name, number = plain, 2
        while name in found:
            name, number = f"{plain}_{number}", number + 1
        found.append(name)
    return tuple(found)
