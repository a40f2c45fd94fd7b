"""What the answer says first."""

from __future__ import annotations

from foretell.flat import summary
from foretell.flat.run import FlatOutcome


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
