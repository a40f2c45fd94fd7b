"""`backtest` and `model show`, as their user types them: narrow, complete, from files alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from shop import made_shop, written
from typed import typed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a run has finished."""
    folder = tmp_path_factory.mktemp("proved")
    written(made_shop(60, 150), folder / "orders.csv")
    ran = typed("run", "orders.csv", "--horizon", "30d,14d", "--workers", "1", folder=folder)
    assert ran.returncode == 0, ran.stderr
    (folder / "orders.csv").unlink()
    return folder


def test_backtest_tells_each_question_in_79_columns(folder: Path) -> None:
    told = typed("backtest", folder=folder)
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert max(map(len, lines)) <= 79
    assert not any(line != line.rstrip() for line in lines)
    for words in (
        *("for the next 30 days", "for the next 14 days", "Who orders? (purchase)", "active customers:", "precision"),
        *("at the threshold:", "recall", "F1", "log loss", "RMSE", "bias", "Gini", "one order", "base rate: the mean"),
        *("orders over 2 test windows", " came, ", " expected [80 % "),
    ):
        assert words in told.stdout
    assert re.search(r"base rate +\.500 \[\.500 \.500\] [a-d]", told.stdout)


def test_one_metric_is_told_cutoff_by_cutoff(folder: Path) -> None:
    told = typed("backtest", "--metric", "auroc", folder=folder)
    assert told.returncode == 0, told.stderr
    rows = json.loads(typed("backtest", "--metric", "auroc", "--json", folder=folder).stdout)["rows"]
    assert {row["metric"] for row in rows} == {"auroc"}
    assert {row["horizon_days"] for row in rows} == {14, 30}
    figures = [line for line in told.stdout.splitlines() if re.search(r" \d{4}-\d\d-\d\d ", line)]
    assert len(figures) == len(rows)
    assert max(map(len, told.stdout.splitlines())) <= 79


def test_json_holds_the_rows_as_they_stand(folder: Path) -> None:
    told = json.loads(typed("backtest", "--json", folder=folder).stdout)
    assert told["rows"] == json.loads((folder / "foretell-results" / "backtest.json").read_text())
    assert told["grades"].keys() == told["serving"].keys()
    assert told["tracking"]["horizon_days"] == 30
    assert [one["tracking"]["horizon_days"] for one in told["other_horizons"]] == [14]


def test_model_show_tells_what_went_in(folder: Path) -> None:
    told = typed("model", "show", folder=folder)
    assert told.returncode == 0, told.stderr
    card = json.loads(typed("model", "show", "--json", folder=folder).stdout)
    assert max(map(len, told.stdout.splitlines())) <= 79
    for words in (card["model_id"], card["data_fingerprint"], "orders.csv", "lightgbm", "taught by", "tested at"):
        assert words in told.stdout
    assert "No season is in the level: a season can be told from 454 days" in " ".join(told.stdout.split())
    assert [one["horizon_days"] for one in card["other_horizons"]] == [14]
    assert told.stdout.count("\n  serves") == 2 * len(card["questions"])


@pytest.mark.parametrize("words", [("backtest",), ("model", "show")])
def test_without_a_run_both_say_what_to_do(words: tuple[str, ...], tmp_path: Path) -> None:
    told = typed(*words, folder=tmp_path)
    assert told.returncode == 2
    assert "hint: foretell run" in told.stderr
    assert json.loads(typed(*words, "--json", folder=tmp_path).stdout)["error"]
