"""`foretell run --label`, as its user types it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from foretell.cli.main import main
from foretell.storage.catalogue import Catalogue
from made_customers import made_customers


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["foretell", "run", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture
def customers_csv(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    pa_csv.write_csv(made_customers(90), path, pa_csv.WriteOptions(delimiter=";"))
    return path


def test_a_table_is_answered(
    customers_csv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with customers_csv.open("a") as file:
        file.write("only;three;cells\n")
    out = customers_csv.parent / "out"
    assert typed(monkeypatch, str(customers_csv), "--label", "churned", "--drop", "pay", "--out", str(out)) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "90 rows, 90 labels: churned is 'yes' for" in printed
    assert "Kept out, an id: client." in printed
    assert "left out as asked: pay." in printed
    assert "1 row could not be used" in printed
    assert (out / "report.html").read_text().startswith("<!doctype html>")


def test_json_holds_audit_and_measures(
    customers_csv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = typed(
        monkeypatch, str(customers_csv), "--label", "churned", "--json", "--out", str(customers_csv.parent / "o")
    )
    assert code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["label"] == {"column": "churned", "positive": "yes", "negative": "no"}
    assert told["customer"] == "client"
    assert {"column": "client", "why": "id", "reason": "it names the customer"} in told["left_out"]
    assert len(told["likeliest"]) == 5


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--label", "churn"), "There is no column 'churn'"),
        (("--label", "plan"), "The label has 3 values"),
        (("--label", "churned", "--id", "nobody"), "There is no column 'nobody'"),
        (("--label", "churned", "--keep", "nothing"), "There is no column 'nothing'"),
        (("--label", "churned", "--horizon", "90d"), "has no dates"),
    ],
)
def test_what_cannot_be_done_is_said(
    customers_csv: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    what: str,
) -> None:
    out = customers_csv.parent / "refused"
    assert typed(monkeypatch, str(customers_csv), *words, "--out", str(out)) == 2
    assert what in capsys.readouterr().err
    assert not out.exists()


def test_results_of_another_kind_are_not_overwritten(
    customers_csv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = customers_csv.parent / "orders"
    (out / ".foretell").mkdir(parents=True)
    Catalogue(out / ".foretell").publish(0, {"horizons": [30]}, {})
    assert typed(monkeypatch, str(customers_csv), "--label", "churned", "--out", str(out)) == 2
    assert "a run on orders" in capsys.readouterr().err
    assert not (out / "scores.csv").exists()


def test_a_label_of_one_value_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "same.csv"
    pa_csv.write_csv(pa.table({"x": [1, 2, 3], "y": [1, 1, 1]}), path)
    assert typed(monkeypatch, str(path), "--label", "y", "--out", str(tmp_path / "out")) == 2
    assert "one value only" in capsys.readouterr().err
