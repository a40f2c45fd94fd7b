"""What a reader sees first says how good the forecasts were, or why nobody can tell."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from foretell.answers.summary import summarised
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import published_run
from foretell.project.progress import Silent

BEGIN = date(2024, 1, 1)
Row = tuple[str, int]
ONCE = [(f"C{n}", n) for n in range(60)]
DAILY = [(f"C{n}", day) for day in range(42) for n in range(6)]
LOGS: dict[str, tuple[list[Row], dict[str, str], str]] = {
    "everybody once": (ONCE, {}, "past cutoffs nobody ordered"),
    "everybody daily": (DAILY, {}, "past cutoffs everybody ordered"),
    "long after": (DAILY, {"as_of": "2025-12-31"}, "past cutoffs nobody ordered"),
    "one day": ([(f"C{n}", 0) for n in range(9)], {}, "the log is too short"),
    "one customer": ([("A", 9 * n) for n in range(12)], {}, "past cutoffs everybody ordered"),
}


@pytest.mark.parametrize("name", LOGS)
def test_where_nothing_can_be_proved_one_line_says_why(name: str, tmp_path: Path) -> None:
    rows, asked, why = LOGS[name]
    path = tmp_path / "orders.csv"
    lines = [f"{customer},{BEGIN + timedelta(days=day)},{5 + day % 7}.5" for customer, day in rows]
    path.write_text("\n".join(["customer_id,date,amount", *lines]) + "\n")
    run = published_run(request_for_files([path], tmp_path / "out", **asked), Silent())
    told = summarised(run.main).proof_lines()
    assert len([line for line in told if line.startswith(("Proved", "Not proved"))]) == 1
    assert told[0].startswith("Not proved: ")
    assert why in told[0]


def test_amounts_of_nothing_make_forecasts_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    random = np.random.default_rng(3)
    lines = [f"C{random.integers(20)},{BEGIN + timedelta(days=n // 3)},0" for n in range(96)]
    path.write_text("\n".join(["customer_id,date,amount", *lines]) + "\n")
    summary = summarised(published_run(request_for_files([path], tmp_path / "out"), Silent()).main)
    assert " orders and 0 expected" in summary.headline()
    assert {(line.expected, line.interval, line.stake) for line in summary.customers(20)} == {("0", "[0, 0]", "0")}
    told = summary.as_json({})
    assert (told["expected_spend"], told["at_stake"]) == (0, 0)
