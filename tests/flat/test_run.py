"""Whole runs on flat tables, and what must hold for all of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foretell as ft
from foretell.python import FlatResult
from made_customers import made_customers

KEYS = {"objective", "horizon_days", "cutoff", "slice", "model", "metric", "value", "low", "high", "n", "positives"}


@pytest.fixture(scope="module")
def customers() -> pa.Table:
    """With twenty rows whose label is empty, and ten that stand there twice under another id."""
    table = made_customers(170)
    labels = table["churned"].to_pylist()
    labels[:20] = [None] * 20
    table = table.set_column(5, "churned", pa.array(labels, pa.string()))
    again = table.slice(100, 10).set_column(0, "client", pa.array([f"X{n}" for n in range(10)]))
    return pa.concat_tables([table, again])


@pytest.fixture(scope="module")
def result(customers: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> FlatResult:
    return ft.run(customers, label="churned", id="client", out=tmp_path_factory.mktemp("run") / "out")


def test_every_row_is_scored_in_the_order_of_the_file(result: FlatResult, customers: pa.Table) -> None:
    scores = result.scores
    assert scores.column_names == ["customer_id", "label", "p_label", "fold", "reasons"]
    assert scores["customer_id"].to_pylist() == customers["client"].to_pylist()
    assert scores["label"].to_pylist() == customers["churned"].to_pylist()
    p = scores["p_label"].to_numpy()
    assert ((p > 0) & (p < 1)).all()
    assert [fold is None for fold in scores["fold"].to_pylist()] == [v is None for v in scores["label"].to_pylist()]
    assert all(1 <= len(reasons) <= 3 for reasons in scores["reasons"].to_pylist())


def test_the_files_say_the_same(result: FlatResult) -> None:
    assert set(result.files) == {"scores.parquet", "scores.csv", "backtest.json", "rejected.parquet", "report.html"}
    assert pq.read_table(result.files["scores.parquet"]).equals(result.scores)
    rows = json.loads(result.files["backtest.json"].read_text())
    assert set(rows[0]) == KEYS
    assert {(row["objective"], row["slice"], row["cutoff"]) for row in rows} == {("churned", "all", None)}
    assert {"flat_blend", "base_rate", "plain_logistic", "default_boosting"} <= {row["model"] for row in rows}


def test_it_beats_the_base_rate_and_says_what_serves(result: FlatResult) -> None:
    loss = {row["model"]: row["value"] for row in result.backtest.to_pylist() if row["metric"] == "log_loss"}
    assert loss["flat_blend"] < loss["base_rate"]
    assert result.outcome.proof.serving == "flat_blend"


def test_rows_that_are_the_same_share_fold_and_score(result: FlatResult) -> None:
    rows = result.scores.to_pylist()
    for first, again in zip(rows[100:110], rows[170:], strict=True):
        assert (first["fold"], first["p_label"]) == (again["fold"], again["p_label"])
        assert first["reasons"] == again["reasons"]


def test_the_order_of_rows_and_columns_changes_nothing(result: FlatResult, customers: pa.Table) -> None:
    order = np.random.default_rng(0).permutation(len(customers))
    shuffled = customers.take(order).select(customers.column_names[::-1])
    other = ft.run(shuffled, label="churned", id="client")
    assert other.scores.sort_by("customer_id").equals(result.scores.sort_by("customer_id"))


def test_a_script_in_the_data_does_not_reach_the_report(tmp_path: Path) -> None:
    table = made_customers(60).rename_columns(
        ["client", "<script>alert(1)</script>", "plan", "pay", "joined", "churned"]
    )
    html = ft.run(table, label="churned", out=tmp_path).files["report.html"].read_text()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_a_planted_answer_is_shown_and_kept_out(customers: pa.Table, tmp_path: Path) -> None:
    told = [None if value is None else f"{value}!" for value in customers["churned"].to_pylist()]
    found = ft.run(customers.append_column("verdict", pa.array(told)), label="churned", out=tmp_path)
    assert [f.column for f in found.outcome.intake.audit.left_out if f.why == "answer"] == ["verdict"]
    assert "--keep verdict" in found.files["report.html"].read_text()


CELLS = st.one_of(st.none(), st.sampled_from(["a", "b", "", "é", "1", "2", "3.5", "2024-01-05", "\u202e"]))
NAMES = st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=4, unique=True)


@settings(max_examples=25)
@given(NAMES, st.integers(1, 14), st.data())
def test_an_ugly_table_is_scored_or_clearly_refused(names: list[str], rows: int, data: st.DataObject) -> None:
    cells = [data.draw(st.lists(CELLS, min_size=rows, max_size=rows)) for _ in names]
    label = data.draw(st.lists(st.sampled_from(["yes", "no", None]), min_size=rows, max_size=rows))
    table = pa.table(
        {**{f"_{name}": pa.array(column, pa.string()) for name, column in zip(names, cells, strict=True)}, "y": label}
    )
    if len(set(label) - {None}) < 2:
        with pytest.raises(ft.InputError, match=r"No row has a label|one value only"):
            ft.run(table, label="y")
        return
    scores = ft.run(table, label="y").scores
    p = scores["p_label"].to_numpy()
    assert len(p) == rows
    assert np.isfinite(p).all()
    assert ((p > 0) & (p < 1)).all()


def test_a_table_of_one_class_in_a_fold_still_ends() -> None:
    table = pa.table({"x": list(range(12)), "y": ["no"] * 11 + ["yes"]})
    assert ft.run(table, label="y").outcome.proof.serving in ("flat_blend", "base_rate")
