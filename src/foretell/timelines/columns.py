"""Columns of facts by name, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np


class Columns(dict[str, np.ndarray]):
    """What was given, and what is derived of it; KeyError for another name. Only what was asked for is held."""

    def __init__(self, given: Mapping[str, np.ndarray], derived: Mapping[str, Callable[[], np.ndarray]]) -> None:
        super().__init__()
        self._given, self._derived = given, derived

    def __missing__(self, name: str) -> np.ndarray:
        if name not in self._given and name not in self._derived:
            raise KeyError(f"{name} is none of {', '.join(sorted({*self._given, *self._derived}))}")
        self[name] = self._given[name] if name in self._given else self._derived[name]()
        return self[name]


class Chosen(Mapping[str, np.ndarray]):
    """The same columns at a boolean mask of rows: who chooses rows seldom reads all columns."""

    def __init__(self, columns: Mapping[str, np.ndarray], rows: np.ndarray) -> None:
        self._columns, self._rows = columns, rows
        self._taken: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._taken:
            self._taken[name] = self._columns[name][self._rows]
        return self._taken[name]

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
