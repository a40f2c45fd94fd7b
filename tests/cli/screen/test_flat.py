"""A table of one row a customer on the screen: warnings, who is likeliest and why, then how good that is."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from foretell.cli.screen.flat import ROWS_SHOWN, show_flat_run
from foretell.flat.request import FlatRequest, flat_request
from made_customers import made_customers


@pytest.fixture
def request_of(tmp_path: Path) -> FlatRequest:
    """A table with seven open rows, whose ids say so."""
    table = made_customers(60)
    labels = pa.array([None] * 7 + table["churned"].to_pylist()[7:])
    names = pa.array([f"[open] {number}" for number in range(7)] + table["client"].to_pylist()[7:])
    pa_csv.write_csv(table.set_column(5, "churned", labels).set_column(0, "client", names), tmp_path / "table.csv")
    return flat_request([tmp_path / "table.csv"], tmp_path / "out", "churned", customer="client")


def test_open_rows_are_listed_on_a_small_screen(request_of: FlatRequest, capsys: pytest.CaptureFixture[str]) -> None:
    show_flat_run(request_of, as_json=False)
    *lines, files = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 79
    assert not any("\xa0" in line for line in lines)
    assert any(line.startswith("60 rows, 53 labels: churned is 'yes' for") for line in lines)
    assert "Likeliest churned = yes among rows without a label:" in lines
    people = [line for line in lines if line.startswith("[open] ")]
    chances = [int(line.split()[2].lstrip("<>")) for line in people]
    assert len(people) == ROWS_SHOWN
    assert chances == sorted(chances, reverse=True)
    assert "left out as an id" not in people[0]
    assert files == f"Report: {request_of.out / 'report.html'}  Scores: {request_of.out / 'scores.parquet'}"


def test_json_names_the_files_that_were_written(request_of: FlatRequest, capsys: pytest.CaptureFixture[str]) -> None:
    show_flat_run(request_of, as_json=True)
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert captured.err == ""
    assert all(Path(path).is_file() for path in told["files"].values())
    assert set(told["files"]) >= {"report.html", "scores.parquet", "backtest.json"}
