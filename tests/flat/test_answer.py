"""The files of a run on a flat table say what it found, and never take the place of those of a run on orders."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from foretell.answers.published import PublishedRun
from foretell.flat.answer import backtest_rows, flat_answer, write_flat
from foretell.flat.page import flat_report
from foretell.flat.request import flat_request
from foretell.flat.run import FlatOutcome
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from kept import copied
from made_customers import made_customers


def test_every_file_says_what_the_run_found(outcome: FlatOutcome, tmp_path: Path) -> None:
    own = replace(outcome, request=replace(outcome.request, out=tmp_path / "out"))
    files = write_flat(own)
    assert set(files) == {path.name for path in (tmp_path / "out").iterdir()}
    assert pq.read_table(files["scores.parquet"]).equals(own.scores)
    assert pq.read_table(files["rejected.parquet"]).num_rows == 0
    assert pa_csv.read_csv(files["scores.csv"])["p_label"].to_pylist() == own.scores["p_label"].to_pylist()
    assert json.loads(files["backtest.json"].read_text()) == backtest_rows(own)
    assert files["report.html"].read_text(encoding="utf-8") == flat_report(own)


def test_rows_of_the_backtest_have_no_cutoff_and_no_horizon(outcome: FlatOutcome) -> None:
    rows = backtest_rows(outcome)
    assert len(rows) == len(outcome.proof.measured)
    assert {(row["cutoff"], row["horizon_days"]) for row in rows} == {(None, None)}


def test_the_results_of_a_run_on_orders_are_left_alone(shop_run: PublishedRun, tmp_path: Path) -> None:
    out = copied(shop_run, tmp_path / "out").place.out
    pa_csv.write_csv(made_customers(60), tmp_path / "table.csv")
    with pytest.raises(InputError, match="results of a run on orders") as caught:
        flat_answer(flat_request([tmp_path / "table.csv"], out, "churned"), Silent())
    assert caught.value.file == str(out)
    assert not (out / "scores.parquet").exists()
