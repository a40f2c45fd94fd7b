"""Naive forecasts that anybody can check; what every learner has to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.baselines.outcome_table import OutcomeTable, shrunk_mean, table_along
from foretell.models.contract import Contributions, State
from foretell.models.links import from_link, to_link
from foretell.models.training_rows import training_rows
from foretell.project.objectives import Kind, Target

EVERY_KIND: frozenset[Kind] = frozenset({"probability", "count", "amount"})


@dataclass(frozen=True)
class AlongOneFact:
    """A forecast read from a table along one fact, or, without a table, the fact itself; explained as that fact."""

    kind: Kind
    fact: str
    base: float
    table: OutcomeTable | None

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self._link(examples), self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        return Contributions(self.base, (self.fact,), (self._link(examples) - self.base)[:, None])

    def state(self) -> State:
        return {**vars(self), "table": None if self.table is None else dict(self.table.state())}

    def _link(self, examples: Examples) -> np.ndarray:
        fact = np.asarray(examples.facts[self.fact], dtype=np.float64)
        return to_link(fact if self.table is None else self.table.at(fact), self.kind)


def restored_along_one_fact(state: State) -> AlongOneFact:
    """The forecast of a stored state."""
    return AlongOneFact(**{**state, "table": None if state["table"] is None else OutcomeTable(**state["table"])})


@dataclass(frozen=True)
class ConstantForecast:
    """The same forecast for everybody."""

    kind: Kind
    base: float

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(np.full(len(examples), self.base), self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        return Contributions(self.base, (), np.zeros((len(examples), 0)))

    def state(self) -> State:
        return dict(vars(self))


class BaseRate:
    """Everybody gets the mean of the past."""

    name: ClassVar[str] = "base_rate"
    kinds: ClassVar[frozenset[Kind]] = EVERY_KIND
    is_baseline: ClassVar[bool] = True
    formula: ClassVar[str] = "the mean outcome of the training rows, for everybody"

    def fit(self, examples: Examples, target: Target, seed: int) -> ConstantForecast:
        _, outcome = training_rows(examples, target)
        return ConstantForecast(target.kind, float(to_link(np.array(shrunk_mean(outcome, target.kind)), target.kind)))

    def restore(self, state: State) -> ConstantForecast:
        return ConstantForecast(**state)


class Recency:
    """Who bought last week buys again."""

    name: ClassVar[str] = "recency"
    kinds: ClassVar[frozenset[Kind]] = EVERY_KIND
    is_baseline: ClassVar[bool] = True
    formula: ClassVar[str] = "mean outcome by days since the last order: 50 quantile bins, made monotone"

    def fit(self, examples: Examples, target: Target, seed: int) -> AlongOneFact:
        rows, outcome = training_rows(examples, target)
        return _table_of(rows, outcome, target, "days_since_last", bins=50, monotone=True)

    def restore(self, state: State) -> AlongOneFact:
        return restored_along_one_fact(state)


class StatusQuo:
    """What happened in the last horizon happens again."""

    name: ClassVar[str] = "status_quo"
    kinds: ClassVar[frozenset[Kind]] = EVERY_KIND
    is_baseline: ClassVar[bool] = True
    formula: ClassVar[str] = (
        "counts and amounts: those of the last horizon's length; "
        "probabilities: mean outcome by orders (of any order) or spend (else) in the last horizon's length"
    )

    def fit(self, examples: Examples, target: Target, seed: int) -> AlongOneFact:
        rows, outcome = training_rows(examples, target)
        if target.kind != "probability":
            fact = "trailing_orders" if target.kind == "count" else "trailing_spend"
            base = float(to_link(np.array(outcome.mean()), target.kind))
            return AlongOneFact(target.kind, fact, base, None)
        fact = "trailing_orders" if target.label == "ordered" else "trailing_spend"
        return _table_of(rows, outcome, target, fact, bins=20, monotone=target.label != "declined")

    def restore(self, state: State) -> AlongOneFact:
        return restored_along_one_fact(state)


def _table_of(
    rows: Examples, outcome: np.ndarray, target: Target, fact: str, *, bins: int, monotone: bool
) -> AlongOneFact:
    table = table_along(
        np.asarray(rows.facts[fact], dtype=np.float64), outcome, target.kind, bins=bins, monotone=monotone
    )
    base = float(to_link(np.array(shrunk_mean(outcome, target.kind)), target.kind))
    return AlongOneFact(target.kind, fact, base, table)
