"""The stack: weights that only help, effects against the best single arm, rows out of fold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from foretell.uplift.learners import DRLearner, TLearner
from foretell.uplift.stack import fitted_uplift, weighed
from foretell.uplift.trial import Trial, Worth, shuffled

Drawn = Callable[..., Trial]
FREE = Worth(1.0, np.zeros(2))


def test_a_member_that_tells_effects_gets_weight_and_noise_gets_none() -> None:
    random = np.random.default_rng(0)
    effect = random.standard_normal(4000)
    noise = 3 * random.standard_normal(4000)
    scores = np.column_stack([np.zeros(4000), 0.5 + effect + random.standard_normal(4000)])
    members = np.zeros((4000, 2, 2))
    members[:, 1] = np.column_stack([effect, noise])
    found = weighed(members, scores, FREE)
    assert (found.best, found.best_contact) == (1, 1)
    assert found.weights[0, 0] > 0.9
    assert found.weights[0, 1] < 0.05
    effects = found.effects(members)
    np.testing.assert_allclose(effects[:, 1].mean(), scores[:, 1].mean(), atol=1e-9)
    assert not effects[:, 0].any()


def test_the_best_arm_is_left_only_where_another_earns_more() -> None:
    scores = np.column_stack([np.zeros(50), np.full(50, 0.3), np.full(50, 0.2)])
    found = weighed(np.zeros((50, 3, 1)), scores, Worth(1.0, np.zeros(3)))
    assert found.best == 1
    assert found.actions(np.array([[0.0, 0.3, 0.3], [0.0, -0.1, -0.2], [0.0, 0.1, 0.2]])).tolist() == [1, 0, 2]
    assert weighed(np.zeros((50, 3, 1)), scores, Worth(1.0, np.array([0, 0.4, 0.4]))).best == 0


def test_a_trial_yields_effects_of_its_own_rows_and_of_strangers(drawn: Drawn) -> None:
    whole = drawn(1600, 0.3, -0.3, seed=2)
    trial, strangers = whole.take(np.arange(1200)), whole.take(np.arange(1200, 1600))
    trial = trial.take(shuffled(trial, 0))
    fitted = fitted_uplift(trial, FREE, 0, (TLearner(), DRLearner()))
    for table, uplift in ((trial.table, fitted.own), (strangers.table, fitted.uplift(strangers.table))):
        loyal = table.values[:, table.names.index("loyal")]
        assert uplift.effects[loyal < -0.5, 1].mean() > 0.15 > -0.15 > uplift.effects[loyal > 0.5, 1].mean()
        assert (uplift.deviations[:, 1] > 0.02).all()
    action = fitted.actions(strangers.table, FREE)
    np.testing.assert_array_equal(action, fitted.uplift(strangers.table).effects[:, 1] > 0)
    assert fitted.outcomes(strangers.table).shape == (400, 2)
    assert fitted.best_contact == 1
