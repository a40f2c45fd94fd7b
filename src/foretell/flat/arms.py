"""The arms of an experiment as a column of a file names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import canonical_ids, distinct
from foretell.project.errors import InputError

MOST_ARMS = 20
"""More values than that are no arms that anybody drew, but names of somebody."""
NAMES_FOR_NOTHING = ("none", "nil")
"""Empty cells to other columns, to this one likely names of a control."""
SHOWN = 8


@dataclass(frozen=True)
class Arms:
    """`names` of the arms as the file spells them, the control first, then as texts sort; `position` int64 [rows], -1
    where no arm is told."""

    names: tuple[str, ...]
    position: np.ndarray

    @property
    def control(self) -> str:
        """The arm that the others are compared with."""
        return self.names[0]

    @property
    def known(self) -> np.ndarray:
        """bool [rows]."""
        return np.asarray(self.position >= 0)

    @property
    def texts(self) -> np.ndarray:
        """text [rows], "" where no arm is told."""
        return np.array([*self.names, ""])[self.position]


def arms_of(name: str, column: pa.ChunkedArray, control: str) -> Arms:
    """The arm of each row; upper and lower case are one, `1.0` is `1`. InputError where the control is not there, where
    it is alone, or where there are too many."""
    values, positions = distinct(_as_text(column))
    said = [_spoken(value, read, control) for value, read in zip(_texts(values), _read(values), strict=True)]
    rows = np.bincount(positions[positions >= 0], minlength=len(said)).tolist()
    spellings: dict[str, Counter[str]] = {}
    for one, count in zip(said, rows, strict=True):
        if one:
            spellings.setdefault(one.casefold(), Counter())[one] += count
    spelled = {folded: min(found, key=lambda s, f=found: (-f[s], s)) for folded, found in spellings.items()}  # type: ignore[misc]
    sizes = {spelled[folded]: sum(found.values()) for folded, found in spellings.items()}
    wanted = one_arm(control).casefold()
    _refuse_what_is_no_experiment(name, (control, wanted), spelled, sizes)
    names = (spelled[wanted], *sorted(set(sizes) - {spelled[wanted]}))
    place = {one.casefold(): at for at, one in enumerate(names)}
    return Arms(names, np.array([place.get(one.casefold(), -1) for one in said] + [-1])[positions])


def one_arm(text: str) -> str:
    """The name of an arm as it was typed, in the form of those of a file."""
    read = canonical_ids(pa.array([text])).to_pylist()[0]
    return text.strip() if read is None else str(read)


def _refuse_what_is_no_experiment(
    name: str, control: tuple[str, str], spelled: Mapping[str, str], sizes: Mapping[str, int]
) -> None:
    typed, wanted = control
    if len(sizes) > MOST_ARMS:
        raise InputError(
            "These are too many arms.",
            column=name,
            found=f"{len(sizes):,}: {_listed(sizes)}",
            expected=f"at most {MOST_ARMS}: the control and what it is compared with",
            hint="is it the column that says what each customer got?",
        )
    if not sizes:
        raise InputError("No row has an arm.", column=name, expected="the arm that each row was drawn into")
    if wanted not in spelled:
        near = get_close_matches(wanted, list(spelled), 1, cutoff=0.5)
        raise InputError(
            "The control is not among the arms.",
            column=name,
            found=f"--control {typed!r}",
            expected=f"one of: {_listed(sizes)}",
            hint=f"--control {spelled[near[0]]!r}" if near else None,
        )
    if len(sizes) == 1:
        raise InputError(
            "There is one arm only, so there is nobody to compare with.",
            column=name,
            found=_listed(sizes),
            expected="the control and at least one other arm",
        )


def _spoken(text: str, read: str | None, control: str) -> str:
    """An arm as it is known; "" where the cell says nothing."""
    if read is not None:
        return read
    return text if text.casefold() in (*NAMES_FOR_NOTHING, control.strip().casefold()) else ""


def _texts(values: pa.Array) -> list[str]:
    as_text = values.cast(pa.string()) if not pa.types.is_null(values.type) else pa.nulls(len(values), pa.string())
    return [text or "" for text in pc.utf8_trim_whitespace(as_text).to_pylist()]


def _read(values: pa.Array) -> list[str | None]:
    return [None if one is None else str(one) for one in canonical_ids(values).to_pylist()]


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Booleans and dictionaries as their texts."""
    kind = column.type
    return column.cast(pa.string()) if pa.types.is_boolean(kind) or pa.types.is_dictionary(kind) else column


def _listed(sizes: Mapping[str, int]) -> str:
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))
    some = ", ".join(f"{name!r} ({sizes[name]:,} rows)" for name in largest[:SHOWN])
    return some + (", ..." if len(largest) > SHOWN else "")
