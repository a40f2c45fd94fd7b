"""The stack: learners weighted by how well they foretell doubly robust scores of rows that they did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from foretell.examples.flat.table import FlatTable
from foretell.uplift.design import Design, Inputs, design_of
from foretell.uplift.learners import Effects, Expected, Learner, Lesson, expected_of, learners_of
from foretell.uplift.ridge import FittedRidge, basis_of
from foretell.uplift.robust import held, limit_of, robust_scores
from foretell.uplift.trial import Trial, Worth, dealt

FOLDS = 3
LOOSENESS = 0.3
"""The standard deviation of a weight around equal weights, before anything is seen."""
ALIKE = 2.0
"""Members learn from the same rows, and so agree more than they may: the variance between them counts twice."""


@dataclass(frozen=True)
class Uplift:
    """`effects` float64 [rows, arms] against the control (whose own is 0), `deviations` their standard deviations."""

    effects: np.ndarray
    deviations: np.ndarray


@dataclass(frozen=True)
class Weighing:
    """How members become effects. `best` is the arm that earns most if all have it; each arm is told apart from that
    one: `level` float64 [arms] is the mean difference, `weights` and `centre` float64 [arms, members]."""

    best: int
    best_contact: int
    level: np.ndarray
    weights: np.ndarray
    centre: np.ndarray

    def effects(self, members: np.ndarray) -> np.ndarray:
        """float64 [rows, arms] from members' effects float64 [rows, arms, members]."""
        apart = members - members[:, [self.best], :]
        from_best = self.level + ((apart - self.centre) * self.weights).sum(axis=2)
        return np.asarray(from_best - from_best[:, :1])

    def actions(self, profits: np.ndarray) -> np.ndarray:
        """int64 [rows]: the arm with the highest of profits float64 [rows, arms]; `best` where others only equal it."""
        most, rows = np.argmax(profits, axis=1), np.arange(len(profits))
        return np.asarray(np.where(profits[rows, most] > profits[:, self.best], most, self.best))


@dataclass(frozen=True)
class FittedUplift:
    """What was learned from a trial. `own_outcomes` float64 [rows, arms] are the expected outcomes of the trial's rows
    under each arm and `own` their effects, both out of fold (of rows with the same columns the mean); outcomes were
    held to `limit`."""

    design: Design
    expected: Expected
    members: tuple[Effects, ...]
    weighing: Weighing
    ridges: tuple[FittedRidge, ...]
    limit: float
    own_outcomes: np.ndarray
    own: Uplift

    def uplift(self, table: FlatTable) -> Uplift:
        """The effects of rows that were not learned from."""
        inputs = self.design.inputs(table)
        members = np.stack([member(inputs) for member in self.members], axis=2)
        return Uplift(self.weighing.effects(members), _deviations(self.ridges, inputs, members))

    def actions(self, table: FlatTable, worth: Worth) -> np.ndarray:
        """int64 [rows]: the arm that earns most for each row; the best single one where arms are equal."""
        return self.weighing.actions(worth.profits(self.uplift(table).effects))

    @property
    def best_contact(self) -> int:
        """The arm other than the control that earns most if all have it."""
        return self.weighing.best_contact

    def outcomes(self, table: FlatTable) -> np.ndarray:
        """float64 [rows, arms]: the expected outcome under each arm, of rows that were not learned from."""
        return self.expected(self.design.inputs(table))


def fitted_uplift(trial: Trial, worth: Worth, seed: int, learners: Sequence[Learner] = ()) -> FittedUplift:
    """Learn effects from a trial whose rows are in shuffled order; by the learners of its outcome if none are named."""
    learners = learners or learners_of(trial.outcome)
    limit = limit_of(trial.outcome)
    outcome, arms = held(trial.outcome, limit), len(trial.shares)
    design = design_of(trial.table)
    inputs = design.inputs(trial.table)
    fold = dealt(trial.arm, FOLDS)
    expected = [
        expected_of(inputs.take(fold != k), trial.arm[fold != k], outcome[fold != k], arms) for k in range(FOLDS)
    ]
    own = np.zeros((len(trial), arms))
    for k in range(FOLDS):
        own[fold == k] = expected[k](inputs.take(fold == k))
    lesson = Lesson(
        inputs, trial.arm, outcome, robust_scores(own, trial.arm, outcome, trial.shares), trial.shares, seed
    )
    members = np.zeros((len(trial), arms, len(learners)))
    deviations = np.zeros((len(trial), arms))
    for k in range(FOLDS):
        taught, aside = lesson.take(fold != k), inputs.take(fold == k)
        for at, learner in enumerate(learners):
            members[fold == k, :, at] = learner.fit(taught, expected[k])(aside)
        deviations[fold == k] = _deviations(_ridges(taught), aside, members[fold == k])
    weighing = weighed(members, lesson.scores, worth)
    whole = expected_of(inputs, trial.arm, outcome, arms)
    return FittedUplift(
        design,
        whole,
        tuple(learner.fit(lesson, whole) for learner in learners),
        weighing,
        _ridges(lesson),
        limit,
        own,
        Uplift(_alike(trial.table.key, weighing.effects(members)), _alike(trial.table.key, deviations)),
    )


def _alike(key: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The mean of values float64 [rows, arms] over rows with the same columns: who is alike is told the same."""
    group = np.unique(key, return_inverse=True)[1]
    sums = np.column_stack([np.bincount(group, column) for column in values.T])
    return np.asarray((sums / np.bincount(group)[:, None])[group])


def weighed(members: np.ndarray, scores: np.ndarray, worth: Worth) -> Weighing:
    """Weights >= 0 for each arm against the best single one, from members float64 [rows, arms, members] and scores of
    the same rows: least squares, pulled to equal weights by as much as the noise asks for."""
    mean = scores.mean(axis=0)
    profit = worth.profits(mean - mean[0])
    best = int(np.argmax(profit))
    count = members.shape[2]
    apart = members - members[:, [best], :]
    centre = apart.mean(axis=0)
    weights = np.zeros(centre.shape)
    for a in range(scores.shape[1]):
        if a == best:
            continue
        contrast = scores[:, a] - scores[:, best]
        noise = max(float(contrast.std()), 1e-12)
        design = np.vstack([(apart[:, a] - centre[a]) / noise, np.eye(count) / LOOSENESS])
        target = np.concatenate([(contrast - contrast.mean()) / noise, np.full(count, 1 / count / LOOSENESS)])
        weights[a] = nnls(np.linalg.cholesky(design.T @ design).T, _half(design, target))[0]
    return Weighing(best, 1 + int(np.argmax(profit[1:])), mean - mean[best], weights, centre)


def _half(design: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The right side for the Cholesky factor of `design`, so that only a small problem is solved."""
    return np.linalg.solve(np.linalg.cholesky(design.T @ design), design.T @ target)


def _ridges(lesson: Lesson) -> tuple[FittedRidge, ...]:
    basis = basis_of(lesson.inputs.terms)
    return tuple(basis.fit(lesson.scores[:, a] - lesson.scores[:, 0]) for a in range(1, len(lesson.shares)))


def _deviations(ridges: Sequence[FittedRidge], inputs: Inputs, members: np.ndarray) -> np.ndarray:
    """Standard deviations of effects: the posterior one of a ridge regression, which sees no steps, and what members
    disagree by."""
    posterior = np.column_stack([np.zeros(len(inputs)), *(ridge.deviation(inputs.terms) for ridge in ridges)])
    return np.asarray(np.sqrt(posterior**2 + ALIKE * members.var(axis=2)))
