"""The files of an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq

from foretell.flat.uplift.files import policy, uplift_answer
from foretell.flat.uplift.request import UpliftRequest
from foretell.flat.uplift.run import UpliftOutcome
from foretell.project.progress import Silent

Columns = dict[str, list[Any]]


def test_the_files_say_what_was_found(experiment: Callable[..., Columns], asked: Callable[..., UpliftRequest]) -> None:
    outcome, paths = uplift_answer(asked(experiment(200)), Silent())
    assert set(paths) == {"uplift.parquet", "policy.json", "rejected.parquet"}
    assert pq.read_table(paths["uplift.parquet"]).equals(outcome.uplift)
    assert json.loads(paths["policy.json"].read_text("utf-8")) == json.loads(json.dumps(policy(outcome)))


def test_the_policy_has_values_with_intervals_and_a_decision(dogs: UpliftOutcome) -> None:
    found = policy(dogs)
    assert (found["decision"], found["action"]) == ("target", None)
    names = [one["policy"] for one in found["policies"]]
    assert names == ["targeting", "treat_none", "treat_all", "best_single_arm", "by_risk", "random"]
    assert found["rows"] == {
        "read": 1000,
        "used": 1000,
        "without_arm": 0,
        "without_outcome": 0,
        "rejected": 0,
        "scored": 2,
    }
    assert sum(found["actions"].values()) == 1000
    assert [arm["arm"] for arm in found["arms"]] == ["none", "mail"]
