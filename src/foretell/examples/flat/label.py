"""The known label of a flat table: two values of any form, one of them the outcome that is predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.identifiers import canonical_ids, distinct
from foretell.project.errors import InputError

# fmt: off
HAPPENED = frozenset({
    "1", "yes", "y", "true", "t", "positive", "churned", "churn", "churner", "leaver", "lost", "left", "gone", "exited",
    "cancelled", "canceled", "closed", "attrited", "attrited customer", "inactive", "bought", "buyer", "purchased",
    "converted", "responded", "default", "bad", "ja", "oui", "si", "sí", "sim", "wahr",
})
DID_NOT = frozenset({
    "0", "-1", "no", "n", "false", "f", "negative", "stayed", "stay", "retained", "remained", "kept", "active", "open",
    "existing", "existing customer", "current", "not churned", "good", "nein", "non", "nao", "não", "falsch",
})
# fmt: on


@dataclass(frozen=True)
class Label:
    """`outcome` is float64 [rows]: 1 where the value is `positive`, 0 where it is `negative`, NaN where it is empty."""

    name: str
    positive: str
    negative: str
    outcome: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Whether each row has a label, bool [rows]."""
        return np.isfinite(self.outcome)


def require_column(name: str, names: Sequence[str], option: str) -> None:
    """InputError where there is no such column."""
    if name not in names:
        near = get_close_matches(name.lower(), [n.lower() for n in names], 1)
        meant = next((n for n in names if near and n.lower() == near[0]), None)
        raise InputError(
            f"There is no column {name!r}.",
            column=name,
            found=", ".join(names),
            expected=f"a column of the file after {option}",
            hint=f"{option} {meant}" if meant else None,
        )


def label_of(name: str, column: pa.ChunkedArray) -> Label:
    """The label, whatever its two values are called; upper and lower case are one.

    The outcome is the value that says that something happened (1, yes, true, churned, ...), else the one beside a
    value that says it did not (0, no, stayed, ...), else the rarer. InputError for no, one or more than two values.
    """
    ids = canonical_ids(column.cast(pa.string()) if pa.types.is_boolean(column.type) else column)
    values, positions = distinct(ids)
    spoken = [None if value is None else str(value) for value in values.to_pylist()]
    counts = np.bincount(positions[positions >= 0], minlength=len(spoken))
    by_value: dict[str, int] = {}
    shown: dict[str, str] = {}
    for value, count in sorted(zip(spoken, counts.tolist(), strict=True), key=lambda pair: str(pair[0])):
        if value is not None and count:
            by_value[value.casefold()] = by_value.get(value.casefold(), 0) + count
            shown.setdefault(value.casefold(), value)
    _refuse_unless_two(name, column, by_value, shown)
    positive, negative = _positive_first(by_value)
    outcome = np.array([np.nan if v is None else float(v.casefold() == positive) for v in spoken] + [np.nan])
    return Label(name, shown[positive], shown[negative], outcome[positions])


def _positive_first(counts: dict[str, int]) -> tuple[str, str]:
    """The outcome and its contrary."""
    first, second = counts
    for positive, negative in ((first, second), (second, first)):
        if (positive in HAPPENED and negative not in HAPPENED) or (negative in DID_NOT and positive not in DID_NOT):
            return positive, negative
    return (first, second) if counts[first] < counts[second] else (second, first)


def _refuse_unless_two(name: str, column: pa.ChunkedArray, counts: dict[str, int], shown: dict[str, str]) -> None:
    expected = "two values, such as yes and no; an empty cell for rows whose outcome is not known yet"
    if len(counts) == 2:
        return
    if not counts:
        raise InputError("No row has a label.", column=name, found=f"{len(column):,} empty cells", expected=expected)
    if len(counts) == 1:
        only = next(iter(shown.values()))
        raise InputError(
            "The label has one value only, so there is nothing to tell apart.",
            column=name,
            found=f"{only!r} in {next(iter(counts.values())):,} rows",
            expected=expected,
        )
    some = ", ".join(repr(shown[value]) for value in sorted(counts, key=lambda v: (-counts[v], v))[:5])
    raise InputError(
        f"The label has {len(counts):,} values.",
        column=name,
        found=some + (", ..." if len(counts) > 5 else ""),
        expected=expected,
        hint="make a column that says whether the outcome happened, and name it after --label",
    )
