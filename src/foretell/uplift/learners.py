"""The meta-learners of effects: S, T, X and DR (Kuenzel et al. 2019, Kennedy 2023), all held back hard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from foretell.uplift.design import Inputs, plain_columns
from foretell.uplift.ridge import FittedRidge, basis_of
from foretell.uplift.trees import FittedTrees, Trees


@dataclass(frozen=True)
class Lesson:
    """What is learned from. `arm` is int64 [rows], 0 the control; `scores` is float64 [rows, arms], each row's doubly
    robust score of each arm, from models that did not see the row; `shares` the chance of each arm."""

    inputs: Inputs
    arm: np.ndarray
    outcome: np.ndarray
    scores: np.ndarray
    shares: np.ndarray
    seed: int

    def take(self, rows: np.ndarray) -> Lesson:
        """The rows at a boolean mask."""
        return Lesson(
            self.inputs.take(rows), self.arm[rows], self.outcome[rows], self.scores[rows], self.shares, self.seed
        )


Effects = Callable[[Inputs], np.ndarray]
"""float64 [rows, arms]: effects against the control, whose own is 0."""


class Learner(Protocol):
    """A way of learning effects. `name` is the field's term, `formula` a line that a reader can check."""

    name: ClassVar[str]
    formula: ClassVar[str]

    def fit(self, lesson: Lesson, expected: Expected) -> Effects:
        """Learn from a lesson and the expected outcomes that were learned from the same rows."""
        ...


@dataclass(frozen=True)
class Expected:
    """The expected outcome under each arm: one ridge regression an arm."""

    ridges: tuple[FittedRidge, ...]

    def __call__(self, inputs: Inputs) -> np.ndarray:
        """float64 [rows, arms]."""
        return np.column_stack([ridge.predict(inputs.terms) for ridge in self.ridges])


def expected_of(inputs: Inputs, arm: np.ndarray, outcome: np.ndarray, arms: int) -> Expected:
    """Learn the outcome under each arm from the rows of that arm."""
    return Expected(tuple(basis_of(inputs.terms[arm == a]).fit(outcome[arm == a]) for a in range(arms)))


class SLearner:
    """Trees that may split on the arm as on any column."""

    name: ClassVar[str] = "S"
    formula: ClassVar[str] = (
        "80 trees of 8 leaves for the outcome, from columns and arm; their predictions under arms, subtracted"
    )
    trees: ClassVar[Trees] = Trees(rounds=80, leaves=8, rate=0.08, least_share=0.02)

    def fit(self, lesson: Lesson, expected: Expected) -> Effects:
        arms = len(lesson.shares)
        told = (lesson.arm[:, None] == np.arange(1, arms)).astype(np.float64)
        is_category = np.append(lesson.inputs.is_category, np.zeros(arms - 1, bool))
        model = self.trees.fit(np.hstack([lesson.inputs.values, told]), lesson.outcome, is_category, lesson.seed)

        def effects(inputs: Inputs) -> np.ndarray:
            under = []
            for a in range(arms):
                told = np.tile(np.arange(1, arms) == a, (len(inputs), 1)).astype(np.float64)
                under.append(model.predict(np.hstack([inputs.values, told])))
            return np.column_stack(under) - under[0][:, None]

        return effects


class LargeSLearner(SLearner):
    """The same with trees large enough for columns that matter only together."""

    name: ClassVar[str] = "S, larger trees"
    formula: ClassVar[str] = "the same, with 100 trees of 31 leaves"
    trees: ClassVar[Trees] = Trees(rounds=100, leaves=31, rate=0.06, least_share=0.005)


class TLearner:
    """One ridge regression an arm."""

    name: ClassVar[str] = "T"
    formula: ClassVar[str] = "a ridge regression of the outcome in each arm; their predictions, subtracted"

    def fit(self, lesson: Lesson, expected: Expected) -> Effects:
        def effects(inputs: Inputs) -> np.ndarray:
            under = expected(inputs)
            return np.asarray(under - under[:, :1])

        return effects


class PlainTLearner:
    """The same from number columns in their own units: what buyers spend often grows in proportion to them."""

    name: ClassVar[str] = "T, plain columns"
    formula: ClassVar[str] = "the same, from number columns as they are; for outcomes of more than two values"

    def fit(self, lesson: Lesson, expected: Expected) -> Effects:
        plain = plain_columns(lesson.inputs)
        own = expected_of(plain.inputs(lesson.inputs), lesson.arm, lesson.outcome, len(lesson.shares))

        def effects(inputs: Inputs) -> np.ndarray:
            under = own(plain.inputs(inputs))
            return np.asarray(under - under[:, :1])

        return effects


class XLearner:
    """Ridge regressions of imputed effects."""

    name: ClassVar[str] = "X"
    formula: ClassVar[str] = (
        "in each arm, outcome less what the other arm would give; both regressions weighted by the other's share"
    )

    def fit(self, lesson: Lesson, expected: Expected) -> Effects:
        under = expected(lesson.inputs)
        by_arm = [lesson.arm == a for a in range(len(lesson.shares))]
        bases = [basis_of(lesson.inputs.terms[rows]) for rows in by_arm]
        pairs = list[tuple[FittedRidge, FittedRidge, float]]()
        for a in range(1, len(lesson.shares)):
            treated, control = by_arm[a], by_arm[0]
            of_treated = bases[a].fit(lesson.outcome[treated] - under[treated, 0])
            of_control = bases[0].fit(under[control, a] - lesson.outcome[control])
            share = float(lesson.shares[a] / (lesson.shares[a] + lesson.shares[0]))
            pairs.append((of_treated, of_control, share))

        def effects(inputs: Inputs) -> np.ndarray:
            found = [
                (1 - share) * one.predict(inputs.terms) + share * other.predict(inputs.terms)
                for one, other, share in pairs
            ]
            return np.column_stack([np.zeros(len(inputs)), *found])

        return effects


class DRLearner:
    """Ridge regression of doubly robust scores."""

    name: ClassVar[str] = "DR"
    formula: ClassVar[str] = "a ridge regression of the difference of doubly robust scores on the terms"

    def fit(self, lesson: Lesson, expected: Expected) -> Effects:
        basis = basis_of(lesson.inputs.terms)
        ridges = [basis.fit(lesson.scores[:, a] - lesson.scores[:, 0]) for a in range(1, len(lesson.shares))]

        def effects(inputs: Inputs) -> np.ndarray:
            return np.column_stack([np.zeros(len(inputs)), *(ridge.predict(inputs.terms) for ridge in ridges)])

        return effects


class DRTreesLearner:
    """Very small trees of doubly robust scores."""

    name: ClassVar[str] = "DR trees"
    formula: ClassVar[str] = "40 trees of 4 leaves, a twentieth of the rows in each, of the difference of DR scores"
    trees: ClassVar[Trees] = Trees(rounds=40, leaves=4, rate=0.06, least_share=0.05)

    def fit(self, lesson: Lesson, expected: Expected) -> Effects:
        models: list[FittedTrees] = [
            self.trees.fit(
                lesson.inputs.values,
                lesson.scores[:, a] - lesson.scores[:, 0],
                lesson.inputs.is_category,
                lesson.seed,
            )
            for a in range(1, len(lesson.shares))
        ]

        def effects(inputs: Inputs) -> np.ndarray:
            return np.column_stack([np.zeros(len(inputs)), *(model.predict(inputs.values) for model in models)])

        return effects


LEARNERS: tuple[Learner, ...] = (
    SLearner(),
    LargeSLearner(),
    TLearner(),
    XLearner(),
    DRLearner(),
    DRTreesLearner(),
)


def learners_of(outcome: np.ndarray) -> tuple[Learner, ...]:
    """The learners of an outcome: one more for amounts than for what happens or not."""
    return LEARNERS if len(np.unique(outcome)) <= 2 else (*LEARNERS, PlainTLearner())
