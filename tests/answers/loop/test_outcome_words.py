"""What became of a forecast, in sentences."""

from __future__ import annotations

from dataclasses import replace

from foretell.answers.loop.outcome_words import (
    by_segment,
    estimate_headline,
    headline,
    kept_promises,
    misses,
    sentences,
)
from foretell.answers.outcomes import Outcome
from foretell.outcomes.estimates.estimate import Estimates
from foretell.outcomes.grading.grade import Figure, Grade, Lead, Total
from foretell.outcomes.grading.promise import TOP_TENTH

FIGURES = (
    Figure("purchase", "all", TOP_TENTH, 0.755, 0.7, 0.8, 200, 0.76, 0.7, 0.815),
    Figure("purchase", "all", "auroc", 0.7, 0.6, 0.8, 2000, 0.81, 0.79, 0.83),
    Figure("spend", "all", "interval_width", 20, None, None, 2000, 10, 9, 11),
    Figure("next_segment: rfm", "all", "hit_share", 0.65, None, None, 2000),
    Figure("next_segment: rfm", "all", "stayed_share", 0.29, None, None, 2000),
)
TOTALS = (Total("buyers", "all", 2000, 900, 880), Total("buyers", "segment: Loyal", 300, 240, 251))


GRADE = Grade(2000, 0, 9, "f", "2026-09-09", FIGURES, (), TOTALS)
OUTCOME = Outcome("run", "2026-06-01", 90, GRADE)


def test_it_is_told_in_plain_words() -> None:
    assert headline(OUTCOME, GRADE) == "As of 2026-06-01, over 90 days, graded by the log up to 2026-09-09:"
    assert [one.replace("\xa0", " ") for one in sentences(GRADE)] == [
        "Of the 200 it called most likely to order, 151 did; the tests had promised 140 to 163.",
        "900 customers were forecast to order; 880 did.",
        "65 % of customers are in the segment that was called likeliest; had all stayed where they were, that would be "
        "29 %.",
        "1 of 3 measures of all customers came out as the tests had promised, or better.",
    ]
    assert kept_promises(GRADE) == (1, 3)
    assert misses(GRADE) == [
        "! Who orders? AUROC .700 (promised .790 to .830)",
        "  How much is spent? interval width 20.00 (promised 9.00 to 11.00)",
    ]
    assert [one.slice for one in by_segment(GRADE)] == ["segment: Loyal"]


def test_a_back_dated_one_says_both_dates() -> None:
    dated = replace(OUTCOME, back_dated=True, made_on="2026-10-02", known_until="2026-09-30")
    told = "As of 2026-06-01, over 90 days (back-dated: made on 2026-10-02, when the log reached 2026-09-30)"
    assert headline(dated, GRADE).startswith(f"{told}, graded")
    waits = replace(dated, grade=None, ripe_from="2026-12-30")
    assert estimate_headline(waits, Estimates(8)) == f"{told}, ripe on 2026-12-30, estimated by its first 8 days:"
    assert estimate_headline(OUTCOME, Estimates()).endswith("estimated by its chances alone:")


def test_who_was_ahead_of_the_best_baseline_is_told() -> None:
    leads = (
        Lead("purchase", "rfm_cells", 0.1, 0.05, 0.15, 0.02, 0.08),
        Lead("orders", "own_rate", 0.0, -0.02, 0.02),
        Lead("spend", "own_rate", -0.1, -0.2, -0.05),
    )
    told = [one.replace("\xa0", " ") for one in sentences(replace(GRADE, figures=(), totals=(), leads=leads))]
    assert told[:3] == [
        "Who orders? Ahead of the best baseline, RFM cells: +5 % to +15 % less of its loss (promised +2 % to +8 %).",
        "How many orders? Neither ahead of nor behind the best baseline, own past rate: −2 % to +2 % less of its loss.",
        "How much is spent? Behind the best baseline, own past rate: −20 % to −5 % less of its loss.",
    ]
