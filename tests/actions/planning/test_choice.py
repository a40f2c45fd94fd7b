"""Who is chosen by profit, within budget and capacity."""

from __future__ import annotations

import numpy as np

from actions.drawn_from.playbooks_made import made_playbook
from foretell.actions.planning.choice import choice_of
from foretell.actions.planning.worth import Worth

GAIN = np.array([[100.0, 50.0, 80.0, 10.0]])
ZERO = np.zeros((1, 4))
WORTH = Worth(GAIN, ZERO, ZERO + 0.5, np.ones(4))
ALL = np.ones((1, 4), bool)


def test_those_are_chosen_who_bring_more_than_they_cost_and_may_be_reached() -> None:
    found = choice_of(made_playbook(offers=("letter",)), WORTH, 0.02, ALL)
    assert found.chosen().customers.tolist() == [True, True, True, False]
    assert (found.worth_it, found.price_money, found.price_contact) == (3, 0.0, 0.0)
    some = ALL & np.array([[False, True, True, True]])
    assert choice_of(made_playbook(offers=("letter",)), WORTH, 0.02, some).chosen().customers.sum() == 2


def test_capacity_and_budget_leave_the_best_and_one_more_has_its_price() -> None:
    found = choice_of(made_playbook(offers=("letter",), capacity=2), WORTH, 0.02, ALL)
    assert found.chosen().customers.tolist() == [True, False, False, False]
    assert found.price_contact > 0
    assert choice_of(made_playbook(offers=("letter",), budget=0.5), WORTH, 0.02, ALL).price_money > 0


def test_whoever_is_kept_aside_costs_no_capacity() -> None:
    playbook = made_playbook(offers=("letter",), capacity=1)
    assert choice_of(playbook, WORTH, 0.02, ALL, holdout=0.5).chosen().customers.sum() == 1
    assert choice_of(playbook, WORTH, 0.02, ALL, holdout=0.7).chosen().customers.sum() == 3


def test_without_anybody_nobody_is_chosen() -> None:
    nobody = Worth(np.zeros((1, 0)), np.zeros((1, 0)), np.zeros((1, 0)), np.zeros(0))
    found = choice_of(made_playbook(offers=("letter",)), nobody, 0.02, np.zeros((1, 0), bool))
    assert (len(found.chosen().customers), found.worth_it, len(found.curve.spent)) == (0, 0, 0)
