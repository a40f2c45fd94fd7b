"""What every member of the flat blend is: it learns a chance from typed columns, and says what moved it."""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np

from foretell.examples.flat.table import FlatTable
from foretell.models.contract import Contributions, State


class FittedFlat(Protocol):
    """A fitted member; what it says of a row depends on that row alone."""

    def link(self, table: FlatTable) -> np.ndarray:
        """float64 [rows], finite: the logit of the chance."""
        ...

    def contributions(self, table: FlatTable) -> Contributions:
        """What each column added to the logit."""
        ...

    def state(self) -> State:
        """All that the member's `restore` needs: numbers, text and arrays."""
        ...


class FlatMember(Protocol):
    """A way of learning. `name` is the field's term; `formula` is one line that a reader can check."""

    name: ClassVar[str]
    formula: ClassVar[str]

    def fit(self, table: FlatTable, outcome: np.ndarray, seed: int) -> FittedFlat:
        """Learn from rows with outcomes 0 and 1, both present; `CannotFit` with a reason where that is impossible."""
        ...

    def restore(self, state: State) -> FittedFlat:
        """The fitted member of a stored state."""
        ...
