"""What the answer says first."""

from __future__ import annotations

import pyarrow as pa
import pytest

import foretell as ft
from foretell.flat import summary
from foretell.flat.run import FlatOutcome
from made_customers import made_customers


@pytest.fixture(scope="module")
def outcome() -> FlatOutcome:
    """Sixty rows, five of them open; a column that leads all others under a name that tells nothing."""
    table = made_customers(60)
    labels = [None] * 5 + table["churned"].to_pylist()[5:]
    return ft.run(table.set_column(5, "churned", pa.array(labels)), label="churned", drop=["pay"]).outcome


def test_the_headline_counts(outcome: FlatOutcome) -> None:
    told = summary.headline(outcome)
    assert told.startswith("60 rows, 55 labels: churned is 'yes' for ")
    assert "5 rows without a label, " in told


def test_open_rows_are_listed_first_to_last(outcome: FlatOutcome) -> None:
    lines = summary.likeliest(outcome, 10)
    assert [line.label for line in lines] == [""] * 5
    chances = [line.chance for line in lines]
    assert chances == sorted(chances, reverse=True)
    assert summary.whom(outcome) == "Likeliest churned = yes among rows without a label"


def test_everything_left_out_is_told(outcome: FlatOutcome) -> None:
    told = " ".join(summary.findings_lines(outcome))
    assert "an id: client." in told
    assert "left out as asked: pay." in told
    assert any("rarer label" in warning for warning in summary.warnings(outcome))


def test_the_proof_names_every_baseline(outcome: FlatOutcome) -> None:
    told = summary.proof_line(outcome)
    assert all(name in told for name in ("the base rate", "plain logistic regression", "default LightGBM", "serves"))
