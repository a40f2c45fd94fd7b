"""A run on an experiment: laws, and the planted truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from foretell.flat.uplift.request import UpliftRequest
from foretell.flat.uplift.run import UpliftOutcome, run_uplift, uplift_table
from foretell.uplift.stack import Uplift

Columns = dict[str, list[Any]]
Table = Callable[..., Columns]
Asked = Callable[..., UpliftRequest]


def test_sleeping_dogs_are_left_alone(dogs: UpliftOutcome, experiment: Table) -> None:
    assert dogs.decision.decision == "target"
    tenure, action = np.array(experiment(1000, 0.3, -0.3)["tenure"]), np.array(dogs.uplift["action"].to_pylist())
    assert (action[tenure > 60] == "none").mean() > 0.95
    assert (action[tenure < 40] == "mail").mean() > 0.95
    assert dogs.scored is not None
    assert dogs.scored.column_names == dogs.uplift.column_names
    assert dogs.scored["row"].to_pylist() == ["S1", "S2"]
    assert dogs.scored["action"].to_pylist() == ["mail", "none"]


def test_the_intervals_hold_the_effect_of_most(dogs: UpliftOutcome, experiment: Table) -> None:
    tenure = np.array(experiment(1000, 0.3, -0.3)["tenure"])
    truth = np.where(tenure > 50, -0.3, 0.3)
    low, high = (dogs.uplift[name].to_numpy() for name in ("low_mail", "high_mail"))
    assert ((low < truth) & (truth < high))[abs(tenure - 50) > 15].mean() > 0.7


def test_order_ids_and_another_run_change_nothing(experiment: Table, asked: Asked) -> None:
    columns = experiment(240, 0.2, 0.0)
    del columns["customer"]
    first = run_uplift(asked(columns))
    turn = np.random.default_rng(1).permutation(240)
    turned = {name: [values[at] for at in turn] for name, values in columns.items()}
    turned["customer"] = [f"X{n}" for n in range(240)]
    second = run_uplift(asked(dict(reversed(turned.items())), customer="customer"))
    for name in first.uplift.column_names[1:]:
        assert first.uplift[name].take(pa.array(turn)).to_pylist() == second.uplift[name].to_pylist()
    assert first.proof == second.proof
    assert first.uplift["row"].to_pylist() == list(range(1, 241))


@pytest.mark.parametrize(
    ("gain", "decision"), [(0.25, "treat all"), (0.0, "no evidence that targeting pays"), (-0.25, "treat none")]
)
def test_a_constant_effect_treats_all_or_none_and_no_effect_is_no_evidence(
    gain: float, decision: str, experiment: Table, asked: Asked
) -> None:
    found = run_uplift(asked(experiment(300, gain, gain, seed=3), value=["bought=1"], cost=["mail=0.01"]))
    assert found.decision.decision == decision
    assert set(found.uplift["action"].to_pylist()) == {"mail" if found.effects[1].profit > 0 else "none"}


def test_an_arms_name_stands_in_its_columns() -> None:
    uplift = Uplift(np.array([[0.0, 0.2]]), np.array([[0.0, 0.1]]))
    found = uplift_table(pa.array([7]), uplift, ("no", "a\nb"), np.array([1]))
    assert found.column_names == ["row", "uplift_a_b", "low_a_b", "high_a_b", "action"]
    assert found["action"].to_pylist() == ["a\nb"]
    assert found["high_a_b"][0].as_py() == pytest.approx(0.2 + 0.1645, abs=1e-3)
