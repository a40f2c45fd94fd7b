"""How the bench of uplift judges."""

from __future__ import annotations

import numpy as np
import pytest
from bench.uplift.judge import best_actions, best_for_all, earned, interval, riskiest
from bench.uplift.page import bars_of
from bench.uplift.problems import Experiment, sleeping_dogs


def test_by_the_truth_the_oracle_earns_most_and_the_control_nothing() -> None:
    drawn = sleeping_dogs(0, 500)
    assert drawn.effect is not None
    oracle = earned(drawn, best_actions(drawn, drawn.effect), np.zeros((500, 2)))
    assert earned(drawn, np.zeros(500, np.int64), np.zeros((500, 2))) == 0
    for action in (np.ones(500, np.int64), np.arange(500) % 2):
        assert earned(drawn, action, np.zeros((500, 2))) < oracle


def test_without_a_truth_profit_is_that_of_the_arms() -> None:
    drawn = sleeping_dogs(1, 4000)
    blind = Experiment(drawn.table, drawn.arm, drawn.outcome, 2.0, np.array([0.0, 0.1]), None)
    flat = np.full((4000, 2), drawn.outcome.mean())
    means = [drawn.outcome[drawn.arm == a].mean() for a in range(2)]
    assert earned(blind, np.ones(4000, np.int64), flat) == pytest.approx(2 * (means[1] - means[0]) - 0.1, abs=0.01)
    assert best_for_all(blind) == 1


def test_the_riskiest_are_those_with_the_highest_expectation() -> None:
    drawn = sleeping_dogs(2, 400)
    cheap = Experiment(drawn.table, drawn.arm, drawn.outcome + (drawn.arm == 1), 1.0, np.zeros(2), None)
    expected = np.arange(400.0)
    assert riskiest(cheap, cheap, expected, expected).all()
    dear = Experiment(drawn.table, drawn.arm, drawn.outcome, 1.0, np.array([0.0, 5.0]), None)
    assert not riskiest(dear, dear, expected, expected).any()


def test_intervals_are_of_student() -> None:
    assert interval([1.0, 2.0, 3.0]) == pytest.approx((2.0, 2 - 4.3027 / 3**0.5, 2 + 4.3027 / 3**0.5), abs=1e-3)
    assert interval([4.0]) == (4.0, 4.0, 4.0)


def test_a_bar_that_does_not_hold_is_seen() -> None:
    one = {
        "summary": {"Foretell": [0.1, 0.05, 0.15], "peer": [0.2, 0.1, 0.3], "oracle": [0.4, 0.4, 0.4]},
        "ahead": {"peer": [-0.1, -0.2, -0.05], "oracle": [-0.3, -0.4, -0.2]},
    }
    assert [holds for _, holds in bars_of("made", one)] == [False, False, False]
    one["summary"]["Foretell"], one["ahead"]["peer"] = [0.3, 0.2, 0.4], [0.1, -0.1, 0.3]
    assert [holds for _, holds in bars_of("made", one)] == [True, True, True]
