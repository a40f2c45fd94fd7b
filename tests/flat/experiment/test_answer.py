"""experiment.json, from a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.experiments.comparison import ENTRY
from foretell.flat.experiment.answer import ExperimentAnswer, answered
from foretell.flat.experiment.request import experiment_request
from foretell.project.errors import InputError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    arms = random.permutation(["none"] * 300 + ["mail"] * 310)
    spend = random.gamma(1, 10, 610) + 4 * (arms == "mail")
    pq.write_table(pa.table({"arm": arms, "spend": spend, "bought": spend > 5}), tmp_path / "e.parquet")
    return tmp_path / "e.parquet"


def asked(path: Path, **more: object) -> ExperimentAnswer:
    return answered(experiment_request([path], path.parent / "out", "arm", "none", ["spend", "bought"], **more))


def test_the_file_is_the_list_of_the_contract(path: Path) -> None:
    answer = asked(path)
    written = json.loads((path.parent / "out" / "experiment.json").read_text())
    assert written == answer.as_json()["experiment"]
    assert [(one["outcome"], one["arm"]) for one in written] == [("spend", "mail"), ("bought", "mail")]
    assert all(tuple(one) == ENTRY for one in written)
    assert answer.as_json()["arms"] == {"none": 300, "mail": 310}
    assert any("one size were meant" in said for said in answer.intake.assumed)


def test_shares_that_were_meant_are_held_against_the_arms(path: Path) -> None:
    assert asked(path, shares="1,1").as_json()["sample_ratio"]["standing"] == "agrees"  # type: ignore[index]
    stopped = asked(path, shares="mail=.9,none=.1")
    assert all("claim is stopped" in one.warnings[0] for one in stopped.comparisons)
    with pytest.raises(InputError, match="shares"):
        asked(path, shares="1,1,1")
