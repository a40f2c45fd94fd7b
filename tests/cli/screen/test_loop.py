"""The loop, on a shop as small as can be: forecast, go on, grade."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.cli.screen.loop import show_loop
from foretell.pipeline.intake.requests import request_for_files
from shop import made_shop, written


def test_the_first_forecast_meets_its_outcome_and_the_second_waits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = written(made_shop(customers=30, days=60), tmp_path / "orders.csv")
    request = request_for_files([orders], tmp_path / "out", as_of="2024-01-25", horizons=(15,), workers=1)
    show_loop(request, as_json=True)
    waits, graded = json.loads(capsys.readouterr().out)["outcomes"]
    assert graded["as_of"] == "2024-01-25"
    assert graded["grade"]["customers"] > 0
    assert waits["ripe_from"] > waits["as_of"] > graded["as_of"]
    show_loop(request, as_json=False)
    printed = capsys.readouterr().out
    assert printed.startswith("As of 2024-01-25, knowing nothing later")
    assert f"can be graded once the log reaches {waits['ripe_from']}" in printed
