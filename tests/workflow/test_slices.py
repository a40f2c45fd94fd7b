"""Every customer has one depth and one age; the proof measures each kind for who serves and the best baseline."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.examples import Examples
from foretell.project.objectives import TOLD_OTHERWISE
from foretell.workflow.run import Outcome
from foretell.workflow.slices import SLICES, slices_of

DEPTH = ("one order", "2 to 4 orders", "5 orders and more")
AGE = ("new customers", "older customers")


def examples_of(purchase_days: list[int], observed_days: list[int]) -> Examples:
    rows = len(purchase_days)
    facts = {"purchase_days": np.array(purchase_days, float), "observed_days": np.array(observed_days, float)}
    return Examples(30, np.arange(rows), np.zeros(rows), (), np.zeros((rows, 0)), facts, {}, {})


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 900)), max_size=30))
def test_each_customer_has_one_depth_and_one_age(facts: list[tuple[int, int]]) -> None:
    found = slices_of(examples_of([f[0] for f in facts], [f[1] for f in facts]))
    for names in (DEPTH, AGE):
        assert (np.sum([found[name] for name in names], axis=0) == 1).all()
    assert set(found) == {*DEPTH, *AGE}


def test_borders() -> None:
    found = slices_of(examples_of([1, 2, 4, 5], [0, 90, 91, 900]))
    assert {name: mask.tolist() for name, mask in found.items()} == {
        "one order": [True, False, False, False],
        "2 to 4 orders": [False, True, True, False],
        "5 orders and more": [False, False, False, True],
        "new customers": [True, True, False, False],
        "older customers": [False, False, True, True],
    }


def test_who_serves_and_the_best_baseline_are_measured_on_each_kind(shop_outcome: Outcome) -> None:
    proof = shop_outcome.proof
    for objective in {row.objective for row in proof.measured}:
        choice = proof.choices[TOLD_OTHERWISE.get(objective, objective)]
        for name in SLICES:
            rows = [row for row in proof.measured if (row.objective, row.slice) == (objective, name)]
            assert {row.model for row in rows} == {choice.model, choice.best_baseline}


def test_kinds_of_customers_add_up_to_all(shop_outcome: Outcome) -> None:
    proof = shop_outcome.proof

    def customers(name: str) -> dict[tuple[str, str], int]:
        served = proof.serving("spend")
        rows = [r for r in proof.measured if (r.objective, r.slice, r.model) == ("spend", name, served)]
        return {(row.cutoff, row.metric): row.n for row in rows}

    everybody = customers("all")
    assert everybody
    for names in (DEPTH, AGE):
        parts = [customers(name) for name in names]
        assert {key: sum(part[key] for part in parts) for key in everybody} == everybody
