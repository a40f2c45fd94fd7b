"""The whole loop at its smallest size, through the door of its user."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from foretell.pipeline.simulation.drifts import LOST, SOURCE_STOPS
from foretell.pipeline.simulation.policies import BEST, NOTHING, OURS, RIVALS
from typed import typed


def test_the_loop_tells_of_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sizes = ("--weeks", "2", "--seeds", "1", "--customers", "200", "--redraws", "3")
    done = typed("simulate", *sizes, "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())
    told = json.loads(done.stdout)
    budget = told["money"]["budget_a_week"]
    (shop,) = told["shops"]
    assert [week["day"] for week in shop["weeks"]] == ["2024-06-30", "2024-07-07"]
    first, second = shop["weeks"]
    assert first["contacts"] == budget
    assert first["contacts"] + first["aside"] == first["reachable"]
    assert second["reachable"] < first["reachable"]
    for week in shop["weeks"]:
        assert week["earned"][OURS]["contacts"] == week["contacts"] <= budget
        assert week["earned"][NOTHING]["profit"] == 0
        assert week["earned"][BEST]["profit"] >= max(week["earned"][name]["profit"] for name in (OURS, *RIVALS))
    totals = {one["policy"]: one["profit"] for one in told["policies"]}
    assert totals[OURS] == pytest.approx(sum(week["earned"][OURS]["profit"] for week in shop["weeks"]))
    assert len({one["campaign"] for one in told["coverage"]}) == 2
    assert {one["redraws"] for one in told["coverage"]} == {3}
    seen = {one["drift"]: one["after_days"] for one in told["detections"]}
    assert set(seen) == set(LOST)
    assert seen[SOURCE_STOPS] == 7
    assert told["false_alarms"]["days"] == 7
    assert told["calibration"]["graded"] == 0
