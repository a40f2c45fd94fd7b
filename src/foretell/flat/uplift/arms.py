"""The arms of an experiment as a file tells them, and the outcome under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.identifiers import canonical_ids, distinct
from foretell.examples.flat.columns import flat_column
from foretell.examples.flat.label import label_of
from foretell.flat.uplift.request import UpliftRequest
from foretell.project.errors import InputError
from foretell.project.request import DecimalSign

MOST_ARMS = 20
FEWEST_ROWS = 20
NAMES_FOR_NOTHING = ("none", "nil")


@dataclass(frozen=True)
class Arms:
    """`names` of the arms, the control first, then as texts sort; `position` int64 [rows], -1 without one."""

    names: tuple[str, ...]
    position: np.ndarray


def arms_of(column: pa.ChunkedArray, request: UpliftRequest) -> Arms:
    """The arms; InputError where the control is not among them, or nothing to compare with it."""
    values, positions = distinct(_as_text(column))
    texts = _names(values, request.control)
    names = sorted({text for text in (texts[p] for p in np.unique(positions[positions >= 0]).tolist()) if text})
    control = _names(pa.array([request.control]), request.control)[0]
    shown = ", ".join(repr(name) for name in names[:8]) + (", ..." if len(names) > 8 else "")
    if control not in names:
        lower = [name.lower() for name in names]
        near = get_close_matches(request.control.lower(), lower, 1, cutoff=0.5)
        meant = names[lower.index(near[0])] if near else None
        raise InputError(
            "The control is not among the arms.",
            column=request.arm,
            found=f"{request.control!r}; the arms are {shown}",
            expected="the arm whose customers got nothing, after --control",
            hint=f"--control {meant!r}" if meant else None,
        )
    if len(names) < 2:
        raise InputError(
            "There is one arm only, so there is nothing to compare.",
            column=request.arm,
            found=shown,
            expected="the control and at least one other arm",
        )
    if len(names) > MOST_ARMS:
        raise InputError(
            "These are too many arms.",
            column=request.arm,
            found=f"{len(names):,}: {shown}",
            expected=f"at most {MOST_ARMS}",
            hint="is it the column that says what each customer got?",
        )
    ordered = [str(control), *(name for name in names if name != control)]
    place: dict[str | None, int] = {name: at for at, name in enumerate(ordered)}
    of_text = np.array([place.get(text, -1) for text in texts] + [-1])
    return Arms(tuple(ordered), of_text[positions])


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


def _names(values: pa.Array, control: str) -> list[str | None]:
    """The arm that each value names, None for an empty cell. A control is often called `none`, which elsewhere is an
    empty cell; so is any other word for nothing that the user gives as the control."""
    named = canonical_ids(values).to_pylist()
    spoken = [None if value is None else str(value).strip() for value in values.to_pylist()]
    meant = {*NAMES_FOR_NOTHING, control.strip().lower()} - {""}
    return [
        str(name) if name is not None else word if word and word.lower() in meant else None
        for name, word in zip(named, spoken, strict=True)
    ]


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Booleans and dictionaries as their texts."""
    kind = column.type
    return column.cast(pa.string()) if pa.types.is_boolean(kind) or pa.types.is_dictionary(kind) else column
