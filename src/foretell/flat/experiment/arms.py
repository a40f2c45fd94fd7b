"""The arms of an experiment as a column names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import canonical_ids, distinct
from foretell.project.errors import InputError

MOST_ARMS = 20
"""More values than that are no arms that anybody drew, but names of somebody."""
NOTHING_SENT = "none"
"""An empty cell to other columns, to this one the likeliest name of a control."""


@dataclass(frozen=True)
class Arms:
    """`names` is text [rows], "" where no arm is told; `control` is the control as the file spells it."""

    names: np.ndarray
    control: str

    @property
    def known(self) -> np.ndarray:
        """bool [rows]."""
        return np.asarray(self.names != "")


def arms_of(name: str, column: pa.ChunkedArray, control: str) -> Arms:
    """The arm of each row; upper and lower case are one, `1.0` is `1`. InputError where the control is not there, where
    it is alone, or where there are too many."""
    as_text = column.cast(pa.string()) if pa.types.is_boolean(column.type) else column
    values, positions = distinct(as_text)
    said = [_spoken(value, read, control) for value, read in zip(_texts(values), _read(values), strict=True)]
    rows = np.bincount(positions[positions >= 0], minlength=len(said)).tolist()
    spellings: dict[str, Counter[str]] = {}
    for one, count in zip(said, rows, strict=True):
        if one:
            spellings.setdefault(one.casefold(), Counter())[one] += count
    shown = {folded: min(found, key=lambda s, f=found: (-f[s], s)) for folded, found in spellings.items()}  # type: ignore[misc]
    sizes = {shown[folded]: sum(found.values()) for folded, found in spellings.items()}
    wanted = _one_text(control).casefold()
    if len(sizes) > MOST_ARMS:
        raise InputError(
            f"The arm has {len(sizes):,} values.",
            column=name,
            found=_listed(sizes),
            expected=f"at most {MOST_ARMS}: the control and what it is compared with",
        )
    if wanted not in shown:
        near = get_close_matches(wanted, list(shown), 1)
        raise InputError(
            "No row is in the control." if sizes else "No row has an arm.",
            column=name,
            found=f"--control {control!r}",
            expected=f"one of: {_listed(sizes)}" if sizes else "the arm that each row was drawn into",
            hint=f"--control {shown[near[0]]!r}" if near else None,
        )
    if len(sizes) == 1:
        raise InputError(
            "There is one arm only, so there is nobody to compare with.",
            column=name,
            found=_listed(sizes),
            expected="the control and at least one other arm",
        )
    names = np.array([shown[one.casefold()] if one else "" for one in said] + [""])
    return Arms(names[positions], shown[wanted])


def shares_of(text: str, names: Sequence[str]) -> Mapping[str, float] | None:
    """The share of each arm from `.1,.9` (the control first, then the others by name) or `none=.1,mail=.9`; None where
    nothing was typed. `names` are the arms in that order. InputError where they do not fit."""
    if not text.strip():
        return None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    order = ", ".join(names)
    named = [part.rpartition("=") for part in parts]
    try:
        weights = [float(weight.strip().rstrip("%")) for _, _, weight in named]
        if not all(np.isfinite(weights)) or min(weights) <= 0:
            raise ValueError(text)
    except ValueError:
        raise InputError(
            "The shares cannot be read.",
            found=text,
            expected=f"a positive number for each arm, in the order {order}",
            hint="--shares " + ",".join(["0.1", "0.9"] if len(names) == 2 else ["1"] * len(names)),
        ) from None
    known = {name.casefold(): name for name in names}
    told = [known.get(_one_text(arm).casefold(), arm.strip()) for arm, sign, _ in named if sign]
    if len(weights) != len(names) or (told and sorted(told) != sorted(names)):
        raise InputError(
            "The shares do not fit the arms.",
            found=text,
            expected=f"one for each of {order}, in that order, or NAME=SHARE",
        )
    return dict(zip(told or names, weights, strict=True))


def _spoken(text: str, read: str | None, control: str) -> str:
    """An arm as it is known; "" where the cell says nothing."""
    if read is not None:
        return read
    return text if text.casefold() in (NOTHING_SENT, control.strip().casefold()) else ""


def _texts(values: pa.Array) -> list[str]:
    as_text = values.cast(pa.string()) if not pa.types.is_null(values.type) else pa.nulls(len(values), pa.string())
    return [text or "" for text in pc.utf8_trim_whitespace(as_text).to_pylist()]


def _read(values: pa.Array) -> list[str | None]:
    return [None if one is None else str(one) for one in canonical_ids(values).to_pylist()]


def _one_text(text: str) -> str:
    read = canonical_ids(pa.array([text])).to_pylist()[0]
    return text.strip() if read is None else str(read)


def _listed(sizes: Mapping[str, int]) -> str:
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))
    some = ", ".join(f"{name!r} ({sizes[name]:,} rows)" for name in largest[:8])
    return some + (", ..." if len(largest) > 8 else "")
