"""What became of a forecast, in sentences."""

from __future__ import annotations

import pytest

from foretell.answers.outcomes import (
    Outcome,
    by_segment,
    graded_before,
    headline,
    kept_promises,
    misses,
    newest_graded,
    sentences,
)
from foretell.answers.published import RunOverHorizon
from foretell.outcomes.grading.grade import Figure, Grade, Total
from foretell.outcomes.grading.promise import TOP_TENTH

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
    return Outcome("run", "2026-06-01", 90, "GBP", None, Grade(2000, 0, 9, "f", "2026-09-09", FIGURES, (), TOTALS))


def test_it_is_told_in_plain_words(outcome: Outcome) -> None:
    assert outcome.grade is not None
    assert headline(outcome, outcome.grade) == "As of 2026-06-01, over 90 days, graded by the log up to 2026-09-09:"
    assert [one.replace("\xa0", " ") for one in sentences(outcome, outcome.grade)] == [
        "Of the 200 it called most likely to order, 151 did; the tests had promised 140 to 163.",
        "900 customers were forecast to order; 880 did.",
        "65 % of customers are in the segment that was called likeliest; had all stayed where they were, that would be "
        "29 %.",
        "1 of 3 measures of all customers came out as the tests had promised, or better.",
    ]
    assert kept_promises(outcome.grade) == (1, 3)
    assert misses(outcome.grade) == [
        "! Who orders? AUROC .700 (promised .790 to .830)",
        "  How much is spent? interval width 20.00 (promised 9.00 to 11.00)",
    ]
    assert [one.slice for one in by_segment(outcome.grade)] == ["segment: Loyal"]


def test_json_has_the_grade_with_its_verdicts(outcome: Outcome) -> None:
    told = outcome.as_json()
    assert told["grade"]["customers"] == 2000
    assert [one["verdict"] for one in told["verdicts"]] == ["as promised", "worse", "outside"]


def test_the_newest_graded_is_the_first_that_has_a_grade(outcome: Outcome) -> None:
    waits = Outcome("later", "2026-07-01", 90, ripe_from="2026-09-29")
    assert newest_graded([waits, outcome]) is outcome
    assert newest_graded([waits]) is None


def test_a_run_without_a_graded_one_before_it_has_none_to_tell(shop_main: RunOverHorizon) -> None:
    assert graded_before(shop_main) is None
