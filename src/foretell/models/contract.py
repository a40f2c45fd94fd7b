"""What every model is: it fits examples for a target, predicts, says what moved each forecast, and is stored.

A learner never sees the cutoff; it sees features, facts and a label. Stored state is plain
(no pickle), and a restored model predicts the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from foretell.btyd.summary import CannotFit
from foretell.examples.examples import Examples
from foretell.project.objectives import Kind, Target

__all__ = ["CannotFit", "Contributions", "Fitted", "Model", "State", "closed"]

State = Mapping[str, Any]
"""Numbers, texts, arrays, and mappings and lists of them."""


@dataclass(frozen=True)
class Contributions:
    """`base + values.sum(axis=1)` is the forecast on the link scale: logit for probabilities, log for
    counts and amounts. `values` is float64 [rows, names]; `names` are features, or facts of a baseline."""

    base: float
    names: tuple[str, ...]
    values: np.ndarray


def closed(base: float, names: tuple[str, ...], values: np.ndarray, link: np.ndarray) -> Contributions:
    """Contributions whose sum is the link: what is missing is shared out in proportion to their size."""
    size = np.abs(values)
    total = size.sum(axis=1, keepdims=True)
    share = np.where(total > 0, size / np.where(total > 0, total, 1.0), 1.0 / max(len(names), 1))
    missing = np.asarray(link) - base - values.sum(axis=1)
    return Contributions(base, names, values + share * missing[:, None])


class Fitted(Protocol):
    """A fitted model: its forecasts depend on the row alone, never on the other rows."""

    def predict(self, examples: Examples) -> np.ndarray:
        """float64 [rows], finite: a probability in (0, 1), or a mean count or amount >= 0."""
        ...

    def contributions(self, examples: Examples) -> Contributions:
        """What moved each forecast away from the base."""
        ...

    def state(self) -> State:
        """All that `Model.restore` needs."""
        ...


class Model(Protocol):
    """A way of learning. `name` is the field's term; `formula` is one line that a reader can check."""

    name: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]
    is_baseline: ClassVar[bool]
    formula: ClassVar[str]

    def fit(self, examples: Examples, target: Target, seed: int) -> Fitted:
        """Learn from the rows whose label is not NaN; raises `CannotFit` with a reason where that is impossible."""
        ...

    def restore(self, state: State) -> Fitted:
        """The fitted model of a stored state."""
        ...
