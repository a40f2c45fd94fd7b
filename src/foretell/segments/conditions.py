"""Conditions: what a rule says about a customer, as a tree that is told of all customers at once.

A comparison with null is false, whichever it is; `Not` turns it over. Every condition is true or false of everybody.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Kind = Literal["number", "text"]
Columns = Mapping[str, np.ndarray | pa.Array | pa.ChunkedArray]

COMPARISONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class Name:
    """A feature or score."""

    name: str
    kind: Kind

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Constant:
    """A number or a text, and how it was written; 30 % is .3."""

    value: float | str
    written: str

    @property
    def kind(self) -> Kind:
        return "text" if isinstance(self.value, str) else "number"

    def __str__(self) -> str:
        return self.written


@dataclass(frozen=True)
class Inequality:
    """Values of one kind with a comparison between each two."""

    values: tuple[Name | Constant, ...]
    signs: tuple[str, ...]

    def holds(self, columns: Columns) -> np.ndarray:
        kind = self.values[0].kind
        found = [_constant(v.value) if isinstance(v, Constant) else _read(columns[v.name], kind) for v in self.values]
        pairs = zip(self.signs, found, found[1:], strict=False)
        return np.logical_and.reduce([_compared(sign, left, right) for sign, left, right in pairs])

    def names(self) -> Iterator[str]:
        yield from (value.name for value in self.values if isinstance(value, Name))

    def __str__(self) -> str:
        return " ".join([str(self.values[0]), *(f"{s} {v}" for s, v in zip(self.signs, self.values[1:], strict=True))])


@dataclass(frozen=True)
class NullTest:
    """Whether a value is missing, or is there."""

    name: Name
    is_null: bool

    def holds(self, columns: Columns) -> np.ndarray:
        values, known = _read(columns[self.name.name], self.name.kind)
        return np.broadcast_to(~known if self.is_null else known, values.shape)

    def names(self) -> Iterator[str]:
        yield self.name.name

    def __str__(self) -> str:
        return f"{self.name} is {'' if self.is_null else 'not '}null"


@dataclass(frozen=True)
class Not:
    """The opposite."""

    part: Condition

    def holds(self, columns: Columns) -> np.ndarray:
        return ~self.part.holds(columns)

    def names(self) -> Iterator[str]:
        yield from self.part.names()

    def __str__(self) -> str:
        return f"not ({self.part})" if isinstance(self.part, Joined) else f"not {self.part}"


@dataclass(frozen=True)
class Joined:
    """Two conditions or more, all of which must hold (`and`) or any (`or`)."""

    word: Literal["and", "or"]
    parts: tuple[Condition, ...]

    def holds(self, columns: Columns) -> np.ndarray:
        gate = np.logical_and if self.word == "and" else np.logical_or
        return gate.reduce([part.holds(columns) for part in self.parts])

    def names(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.names()

    def __str__(self) -> str:
        return f" {self.word} ".join(self._written(part) for part in self.parts)

    def _written(self, part: Condition) -> str:
        binds_closer = not isinstance(part, Joined) or (part.word, self.word) == ("and", "or")
        return str(part) if binds_closer else f"({part})"


Condition = Inequality | NullTest | Not | Joined


def _constant(value: float | str) -> tuple[np.ndarray, np.ndarray]:
    return np.asarray(value, dtype=object if isinstance(value, str) else np.float64), np.asarray(True)


def _read(column: np.ndarray | pa.Array | pa.ChunkedArray, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """The values of a column, and of whom they are known."""
    if isinstance(column, np.ndarray) and kind == "number":
        values = np.asarray(column, dtype=np.float64)
        return values, ~np.isnan(values)
    array = column if isinstance(column, pa.Array | pa.ChunkedArray) else pa.array(column, from_pandas=True)
    if kind == "number":
        return _read(np.asarray(pc.cast(array, pa.float64(), safe=False).to_numpy(zero_copy_only=False)), kind)
    return np.asarray(pc.cast(array, pa.string()).to_numpy(zero_copy_only=False)), np.asarray(pc.is_valid(array))


def _compared(sign: str, left: tuple[np.ndarray, np.ndarray], right: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Whether the comparison holds; false where either value is null."""
    return np.asarray(COMPARISONS[sign](left[0], right[0]), dtype=bool) & left[1] & right[1]
