"""Every learner finds a planted effect, and none where there is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from foretell.examples.flat.columns import FlatColumn
from foretell.examples.flat.table import flat_table
from foretell.uplift.design import design_of
from foretell.uplift.learners import LEARNERS, Learner, Lesson, PlainTLearner, TLearner, expected_of, learners_of
from foretell.uplift.robust import robust_scores
from foretell.uplift.trial import Trial

Drawn = Callable[..., Trial]
ALL = learners_of(np.arange(3.0))


def lesson_of(trial: Trial) -> Lesson:
    flat = np.full((len(trial), len(trial.arms)), trial.outcome.mean())
    scores = robust_scores(flat, trial.arm, trial.outcome, trial.shares)
    return Lesson(design_of(trial.table).inputs(trial.table), trial.arm, trial.outcome, scores, trial.shares, 0)


@pytest.mark.parametrize("learner", ALL, ids=lambda one: one.name)
def test_a_planted_effect_is_found(learner: Learner, drawn: Drawn) -> None:
    trial = drawn(1500, 0.3, -0.3, seed=1, arms=3)
    lesson = lesson_of(trial)
    expected = expected_of(lesson.inputs, lesson.arm, lesson.outcome, 3)
    effects = learner.fit(lesson, expected)(lesson.inputs)
    loyal = trial.table.values[:, trial.table.names.index("loyal")]
    assert effects.shape == (1500, 3)
    assert not effects[:, 0].any()
    for arm in (1, 2):
        assert effects[loyal < -0.5, arm].mean() > 0.1 > -0.1 > effects[loyal > 0.5, arm].mean()


def test_names_and_formulas_are_told() -> None:
    assert len({learner.name for learner in ALL}) == len(ALL)
    assert all(len(learner.formula) > 20 for learner in ALL)


def test_amounts_have_a_learner_more_than_what_happens_or_not() -> None:
    assert learners_of(np.array([0.0, 1.0, 1.0])) == LEARNERS
    assert [type(one) for one in ALL[len(LEARNERS) :]] == [PlainTLearner]


def test_an_effect_in_proportion_to_a_count_is_foretold_beyond_what_curves_reach() -> None:
    random = np.random.default_rng(3)
    visits = random.lognormal(0, 1, 3000)
    arm = random.integers(0, 2, 3000)
    spend = visits * arm + random.standard_normal(3000)
    table = flat_table([FlatColumn("visits", "number", visits)], 3000)
    inputs = design_of(table).inputs(table)
    lesson = Lesson(inputs, arm, spend, np.zeros((3000, 2)), np.array([0.5, 0.5]), 0)
    expected = expected_of(inputs, arm, spend, 2)
    wrong = [
        float(np.abs(one.fit(lesson, expected)(inputs)[:, 1] - visits).mean()) for one in (PlainTLearner(), TLearner())
    ]
    assert wrong[0] < wrong[1] / 2


def test_the_t_learner_subtracts_expected_outcomes(drawn: Drawn) -> None:
    lesson = lesson_of(drawn(300, 0.1, 0.0))
    expected = expected_of(lesson.inputs, lesson.arm, lesson.outcome, 2)
    under = expected(lesson.inputs)
    np.testing.assert_allclose(TLearner().fit(lesson, expected)(lesson.inputs)[:, 1], under[:, 1] - under[:, 0])
