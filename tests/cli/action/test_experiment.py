"""`foretell experiment`, as its user types it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from typed import typed


def test_an_experiment_in_a_file_is_read_out(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    rows = ["id;arm;spend"]
    for at in range(800):
        spend = f"{random.gamma(1, 10) + 5 * (at % 2):.2f}".replace(".", ",")
        rows.append(f"{at};{'mail' if at % 2 else 'Nobody'};{spend}")
    (tmp_path / "e.csv").write_text("\n".join(rows) + "\n")
    question = ("experiment", "e.csv", "--arm", "arm", "--control", "nobody", "--outcome", "spend", "--out", "o")
    printed = typed(*question, folder=tmp_path)
    assert printed.returncode == 0, printed.stderr
    assert "mail (400) beside Nobody (400), each customer once." in printed.stdout
    assert "More than in the control, beyond chance (p < .001), also if you looked every" in printed.stdout
    told = json.loads(typed(*question, "--json", folder=tmp_path).stdout)
    (entry,) = told["experiment"]
    assert entry["always_low"] < entry["low"] < 5 < entry["high"] < entry["always_high"]
    assert json.loads((tmp_path / "o" / "experiment.json").read_text()) == told["experiment"]
    wrong = typed(*question[:5], "nobdy", *question[6:], folder=tmp_path)
    assert wrong.returncode == 2
    assert "--control 'Nobody'" in wrong.stderr
