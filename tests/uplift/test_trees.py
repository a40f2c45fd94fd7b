"""Trees held back hard."""

from __future__ import annotations

import numpy as np

from foretell.uplift.trees import FEWEST_ROWS, Trees

SMALL = Trees(rounds=40, leaves=4, rate=0.1, least_share=0.05)


def test_a_step_is_found_and_the_same_every_time() -> None:
    random = np.random.default_rng(0)
    values = random.standard_normal((600, 2))
    target = np.where(values[:, 0] > 0, 1.0, -1.0) + random.standard_normal(600)
    none = np.zeros(2, bool)
    one, again = (SMALL.fit(values, target, none, 7).predict(values) for _ in range(2))
    np.testing.assert_array_equal(one, again)
    assert one[values[:, 0] > 0.2].mean() > 0.5 > -0.5 > one[values[:, 0] < -0.2].mean()


def test_few_rows_or_no_columns_give_the_mean() -> None:
    target = np.arange(float(FEWEST_ROWS))
    assert set(SMALL.fit(np.zeros((5, 1)), target[:5], np.zeros(1, bool), 0).predict(np.zeros((2, 1)))) == {2.0}
    assert SMALL.fit(np.zeros((FEWEST_ROWS, 0)), target, np.zeros(0, bool), 0).predict(np.zeros((1, 0))) == [99.5]
