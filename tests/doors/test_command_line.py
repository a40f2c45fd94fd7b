"""The command line, as its user types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars
import pyarrow.parquet as pq
import pytest

import foretell
from foretell.scores.table import SCORES
from foretell.segments.movement.tables import snake
from foretell.segments.rfm import Rfm
from shop import made_shop, written
from typed import typed


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after `init` and `run`."""
    folder = tmp_path_factory.mktemp("project")
    written(made_shop(130, 85), folder / "orders.csv")
    words = [sys.executable, "-m", "foretell", "init", "orders.csv", "--yes"]
    begun = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert begun.returncode == 0, begun.stderr
    assert "customer" in begun.stdout
    ran = typed("run", "--horizon", "30d", folder=folder)
    assert ran.returncode == 0, ran.stderr
    return folder


def test_init_writes_a_declaration_that_a_person_can_read(project: Path) -> None:
    text = (project / "foretell.toml").read_text()
    assert 'customer = "customer"' in text
    assert 'time = "sold_at"' in text
    assert len(text.splitlines()) <= 14
    again = typed("init", "orders.csv", "--yes", folder=project)
    assert again.returncode == 2
    assert "--force" in again.stderr


def test_run_writes_its_files(project: Path) -> None:
    out = project / "foretell-results"
    scores = pq.read_table(out / "scores.parquet")
    assert tuple(scores.column_names) == (*SCORES, *(f"p_next_{snake(name)}" for name in Rfm.segments))
    assert len(scores) > 100
    assert set(json.loads((out / "backtest.json").read_text())[0]) == {
        "objective", "horizon_days", "cutoff", "slice", "model", "metric", "value", "low", "high", "n", "positives"
    }  # fmt: skip
    assert (out / "report.html").read_text().startswith("<!doctype html>")
    assert pq.read_table(out / "rejected.parquet").num_rows == 0
    assert polars.read_csv(out / "scores.csv").height == len(scores)


def test_scores_keep_their_promises(project: Path) -> None:
    scores = polars.read_parquet(project / "foretell-results" / "scores.parquet")
    assert scores["p_purchase"].is_between(0, 1).all()
    assert (scores["expected_orders"] >= scores["p_purchase"]).all()
    assert (scores["expected_spend_low"] <= scores["median_spend"]).all()
    assert (scores["median_spend"] <= scores["expected_spend_high"]).all()
    churn = scores.filter(polars.col("p_churn").is_not_null())
    assert ((churn["p_churn"] + churn["p_purchase"] - 1).abs() < 1e-12).all()
    assert (scores["reasons"].list.len() <= 3).all()


def test_a_second_run_reads_what_the_first_has_finished(project: Path) -> None:
    steps = project / ".foretell" / "artefacts"
    before = {path.name: path.stat().st_mtime_ns for path in steps.iterdir()}
    assert len(before) > 10
    scores = (project / "foretell-results" / "scores.parquet").read_bytes()
    assert typed("run", "--horizon", "30d", folder=project).returncode == 0
    assert {path.name: path.stat().st_mtime_ns for path in steps.iterdir()} == before
    assert (project / "foretell-results" / "scores.parquet").read_bytes() == scores


def test_explain_tells_of_one_customer(project: Path) -> None:
    told = typed("explain", "C0003", folder=project)
    assert told.returncode == 0, told.stderr
    assert "C0003" in told.stdout
    assert "P(order)" in told.stdout
    as_json = json.loads(typed("explain", "C0003", "--json", folder=project).stdout)
    assert as_json["customer_id"] == "C0003"
    unknown = typed("explain", "nobody", folder=project)
    assert unknown.returncode == 2
    assert "C0" in unknown.stderr


def test_explain_tells_what_sets_a_segment_apart(project: Path) -> None:
    scores = polars.read_parquet(project / "foretell-results" / "scores.parquet")
    name, count = scores["segment"].value_counts(sort=True).row(0)
    told = typed("explain", "--segment", name.upper(), folder=project)
    assert told.returncode == 0, told.stderr
    assert f"{name}, {count} customers as of" in told.stdout
    assert told.stdout.count("not causes") == 1
    as_json = json.loads(typed("explain", "--segment", name, "--json", folder=project).stdout)
    assert (as_json["segment"], as_json["customers"]) == (name, count)
    assert all(reason in told.stdout for reason in as_json["reasons"])
    assert all(reason.startswith("odds ") for reason in as_json["reasons"])
    unknown = typed("explain", "--segment", "nobody", folder=project)
    assert unknown.returncode == 2
    assert name in unknown.stderr
    assert typed("explain", folder=project).returncode == 2
    assert typed("explain", "C0003", "--segment", name, folder=project).returncode == 2


def test_score_again_at_another_date_without_training(project: Path) -> None:
    scores = project / "foretell-results" / "scores.parquet"
    before, columns = scores.read_bytes(), pq.read_schema(scores)
    scored = typed("score", "--as-of", "2024-04-05", "--json", folder=project)
    assert scored.returncode == 0, scored.stderr
    assert json.loads(scored.stdout)["as_of"] == "2024-04-05"
    assert pq.read_schema(scores).equals(columns)
    assert pq.read_table(scores)["as_of"][0].as_py().date().isoformat() == "2024-04-05"
    too_early = typed("score", "--as-of", "2024-02-20", folder=project)
    assert too_early.returncode == 2
    assert "know what happened after that day" in too_early.stderr
    assert typed("run", "--horizon", "30d", folder=project).returncode == 0
    assert scores.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "nothing.csv"), "nothing.csv"),
        (("run", "orders.csv", "--horizon", "soon", "--out", "x"), "90d"),
        (("run", "orders.csv", "--as-of", "yesterday", "--out", "x"), "2011-06-12"),
        (("run", "orders.csv", "--as-of", "1999-01-01", "--out", "x"), "No customer has an order before"),
        (("run", "orders.csv", "--columns", "buyer=customer", "--out", "x"), "buyer"),
        (("run", "orders.csv", "--columns", "customer=nobody,time=sold_at,amount=amount", "--out", "x"), "nobody"),
        (("run", "orders.csv", "--timezone", "Mars/Olympus", "--out", "x"), "Mars/Olympus"),
        (("explain", "C0003", "--out", "nowhere"), "foretell run"),
    ],
)
def test_a_mistake_gets_one_clear_error(project: Path, words: tuple[str, ...], said: str) -> None:
    done = typed(*words, folder=project)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_as_json(project: Path) -> None:
    done = typed("run", "nothing.csv", "--json", folder=project)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]


def test_python_gives_the_same_scores_from_a_frame(project: Path) -> None:
    frame = polars.read_csv(project / "orders.csv")
    result = foretell.run(frame, horizon="30d")
    same = polars.read_parquet(project / "foretell-results" / "scores.parquet")
    ours = polars.from_arrow(result.scores)
    assert isinstance(ours, polars.DataFrame)
    assert ours.sort("customer_id").drop("as_of").equals(same.sort("customer_id").drop("as_of"))
    assert not result.files
