"""A grade: its verdicts, and that it comes back from plain values as it was."""

from __future__ import annotations

import json

import pytest

from foretell.outcomes.grading.grade import Figure, Grade
from foretell.outcomes.grading.graded import graded
from foretell.outcomes.grading.promise import TOP_TENTH
from outcomes.grading.kept_forecasts import forecast, happened


@pytest.mark.parametrize(
    ("metric", "value", "verdict"),
    [
        ("auroc", 0.85, "as promised"),
        ("auroc", 0.95, "better"),
        ("auroc", 0.7, "worse"),
        ("brier", 0.7, "better"),
        ("brier", 0.95, "worse"),
        (TOP_TENTH, 0.95, "better"),
        (TOP_TENTH, 0.7, "worse"),
        ("interval_coverage", 0.79, "better"),
        ("interval_coverage", 0.6, "worse"),
        ("interval_width", 0.7, "outside"),
    ],
)
def test_a_verdict_goes_by_the_range_of_the_tests_and_the_side_that_is_better(
    metric: str, value: float, verdict: str
) -> None:
    assert Figure("purchase", "all", metric, value, None, None, 9, 0.85, 0.8, 0.9).verdict == verdict
    assert Figure("purchase", "all", metric, value, None, None, 9).verdict == ""


def test_a_grade_comes_back_as_it_was() -> None:
    grade = graded(forecast({"a": 0.75, "b": 0.5, "c": 0.25}), happened({"a": 5.0, "b": 0.0, "c": 1.0}), "2022-05-01")
    assert Grade.restored(json.loads(json.dumps(grade.as_plain()))) == grade
    assert grade.deciles_of("purchase") is not None
    assert grade.deciles_of("decline") is None
    assert grade.figure("purchase", "none") is None
    assert grade.total("none") is None
