"""The report on a flat table: every model beside its interval, the drawings, and the command that repeats it."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.flat.page import METRICS, command, figures, flat_report, making, model_lines, page
from foretell.flat.proof import BASE_RATE, metric_of
from foretell.flat.run import FlatOutcome
from foretell.words.wording import decimal


def test_every_model_is_told_lowest_log_loss_first(outcome: FlatOutcome) -> None:
    lines, proof = model_lines(outcome), outcome.proof
    assert len(lines) == len({one.model for one in proof.forecasts})
    assert {len(line.cells) for line in lines} == {len(METRICS)}
    losses = [float(line.cells[0][0]) for line in lines]
    assert losses == sorted(losses)
    assert [line.role for line in lines].count("serves") == 1
    serving = next(line for line in lines if line.role == "serves")
    found = metric_of(proof.measured, proof.serving, "auroc")
    assert found is not None
    assert serving.cells[1] == (decimal(found.value), f"{decimal(found.low)} to {decimal(found.high)}")


def test_where_the_base_rate_serves_nothing_can_be_ranked(outcome: FlatOutcome) -> None:
    assert [one.title for one in figures(outcome)] == [
        "Do the chances come true?",
        "How many are found?",
        "Where to draw the line?",
    ]
    plain = replace(outcome, proof=replace(outcome.proof, serving=BASE_RATE))
    assert [one.title for one in figures(plain)] == ["Do the chances come true?"]


def test_the_making_tells_rows_weights_and_who_serves(outcome: FlatOutcome) -> None:
    told = dict(making(outcome))
    assert told["Rows with a label"] == "55 rows"
    assert told["Predicted"] == "churned is yes (the other value is no)"
    assert told["Weights of the members"].count(",") == len(outcome.proof.weights) - 1
    unknown = replace(outcome, proof=replace(outcome.proof, grade=replace(outcome.proof.grade, skill=None)))
    assert dict(making(unknown))["Skill"] == "not computable"


def test_the_command_repeats_what_was_asked(outcome: FlatOutcome) -> None:
    request = replace(
        outcome.request, files=(Path("my table.csv"),), keep=("plan",), drop=("pay", "a'b"), seed=3, out=Path("out")
    )
    told = "foretell run 'my table.csv' --label churned --id client --keep plan --drop pay --drop"
    assert shlex.split(command(replace(outcome, request=request))) == [
        *shlex.split(told),
        *("a'b", "--seed", "3", "--out", "out"),
    ]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a\u202eb"])
def test_what_came_from_outside_is_text(outcome: FlatOutcome, name: str) -> None:
    hostile = replace(outcome, request=replace(outcome.request, name=name))
    html = flat_report(hostile)
    assert name not in html
    assert html.startswith("<!doctype html>")


def test_the_sections_hold_everybody_and_everything(outcome: FlatOutcome) -> None:
    told = page(outcome)
    assert len(told["people"]) == 5
    assert [one.column for one in told["others"]] == ["client", "pay"]
    assert {name for name, _ in told["columns"]} == {one.name for one in outcome.intake.audit.kept}
