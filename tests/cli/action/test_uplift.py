"""`foretell uplift`, as its user types it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from typed import typed


def written(folder: Path) -> None:
    random = np.random.default_rng(0)
    arm = random.integers(0, 3, 200)
    table = {
        "age": random.integers(18, 80, 200),
        "group": np.array(["No mail", "Mail A", "Mail B"])[arm],
        "bought": (random.random(200) < 0.2 + 0.5 * (arm > 0)).astype(int),
    }
    pa_csv.write_csv(pa.table(table), folder / "test.csv")
    pa_csv.write_csv(pa.table({"age": [30, 40, 50]}), folder / "others.csv")


COMMAND = ("uplift", "test.csv", "--arm", "group", "--control", "No mail", "--outcome", "bought")


def test_an_experiment_is_answered(tmp_path: Path) -> None:
    written(tmp_path)
    money = ("--value", "bought=5", "--cost", "Mail A=0.1", "--cost", "Mail B=0.1")
    ran = typed(*COMMAND, *money, "--score", "others.csv", "--out", "o", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("Treat all with Mail ")
    columns = ["row", *(f"{part}_Mail {a}" for a in "AB" for part in ("uplift", "low", "high")), "action"]
    assert pq.read_table(tmp_path / "o" / "uplift.parquet").column_names == columns
    assert pq.read_table(tmp_path / "o" / "uplift_scored.parquet")["row"].to_pylist() == [1, 2, 3]
    assert json.loads((tmp_path / "o" / "policy.json").read_text("utf-8"))["decision"] == "treat all"


def test_json_and_errors(tmp_path: Path) -> None:
    written(tmp_path)
    told = json.loads(typed(*COMMAND, "--json", folder=tmp_path).stdout)
    assert told["rows"]["used"] == 200
    assert Path(told["files"]["policy.json"]).name == "policy.json"
    wrong = typed("uplift", "test.csv", "--arm", "group", "--control", "no mal", "--outcome", "bought", folder=tmp_path)
    assert wrong.returncode == 2
    assert "not among the arms" in wrong.stderr
    assert "--control 'No mail'" in wrong.stderr
