"""What became of forecasts: which one is told of, and as what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foretell.answers.outcomes import Outcome, estimated, estimated_before, graded_before, newest_graded, outlook_first
from foretell.answers.published import RunOverHorizon
from foretell.outcomes.estimates.estimate import Estimates
from foretell.outcomes.grading.grade import Figure, Grade, Total
from foretell.outcomes.grading.grade_book import Restatement
from foretell.outcomes.grading.promise import TOP_TENTH
from foretell.storage.artefacts import Kept
from foretell.storage.kept_for_good import KeptForGood

FIGURES = (
    Figure("purchase", "all", TOP_TENTH, 0.755, 0.7, 0.8, 200, 0.76, 0.7, 0.815),
    Figure("purchase", "all", "auroc", 0.7, 0.6, 0.8, 2000, 0.81, 0.79, 0.83),
    Figure("spend", "all", "interval_width", 20, None, None, 2000, 10, 9, 11),
    Figure("next_segment: rfm", "all", "hit_share", 0.65, None, None, 2000),
    Figure("next_segment: rfm", "all", "stayed_share", 0.29, None, None, 2000),
)
TOTALS = (Total("buyers", "all", 2000, 900, 880), Total("buyers", "segment: Loyal", 300, 240, 251))


@pytest.fixture
def outcome() -> Outcome:
    return Outcome("run", "2026-06-01", 90, Grade(2000, 0, 9, "f", "2026-09-09", FIGURES, (), TOTALS))


def test_json_has_the_grade_with_its_verdicts(outcome: Outcome) -> None:
    told = outcome.as_json()
    assert told["grade"]["customers"] == 2000
    assert [one["verdict"] for one in told["verdicts"]] == ["as promised", "worse", "outside"]


def test_the_newest_graded_is_the_first_that_has_a_grade(outcome: Outcome) -> None:
    waits = Outcome("later", "2026-07-01", 90, ripe_from="2026-09-29")
    assert newest_graded([waits, outcome]) is outcome
    assert newest_graded([waits]) is None


def test_those_made_ahead_come_before_those_that_are_back_dated(outcome: Outcome) -> None:
    dated = replace(outcome, as_of="2026-08-01", back_dated=True)
    assert newest_graded([dated, outcome]) is outcome
    assert newest_graded([dated]) is dated
    assert dated.as_json()["back_dated"]


def test_of_those_that_wait_the_oldest_made_ahead_is_estimated(outcome: Outcome) -> None:
    kept = Kept("forecast", "key", "print", {})
    late, early = KeptForGood("b", 2, 20, 30, kept, 20), KeptForGood("a", 1, 10, 30, kept, 10)
    dated = KeptForGood("c", 3, 5, 30, kept, known_until=9)
    assert [one.run for one in outlook_first([dated, late, early])] == ["a", "b", "c"]
    told = replace(outcome, grade=None, estimates=Estimates(3))
    assert estimated([outcome, told]) is told
    assert estimated([outcome]) is None
    shown = told.as_json()["estimates"]
    assert (shown["by_day"], shown["each"]) == (3, [])


def test_news_say_that_it_was_graded_or_graded_anew(outcome: Outcome) -> None:
    assert outcome.news == "The forecast as of 2026-06-01 over 90 days met its outcome: foretell outcomes --run run"
    assert outcome.grade is not None
    again = replace(outcome, restated=(Restatement(outcome.grade, replace(outcome.grade, orders=12)),))
    assert "was graded anew. Restated because 3 orders became known later" in again.news


def test_a_run_without_a_graded_one_before_it_has_none_to_tell(shop_main: RunOverHorizon) -> None:
    assert graded_before(shop_main) is None
    assert estimated_before(shop_main) is None
