"""The proof in the report: grades, formulas, evidence and how far totals were missed, only where there is any."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from changed_runs import changed
from foretell.answers.model import MODEL_CARD
from foretell.answers.published import RunOverHorizon
from foretell.backtest.forecast import Measured
from foretell.backtest.proof import PROOF, Proof
from foretell.backtest.selection import Choice
from foretell.models.registry import MODELS
from foretell.report.page import report_html
from foretell.report.proof import GRADED, evidence, formulas, graded, levels
from foretell.words.wording import model_name

NOTHING = Proof((), (), {}, {}, {}, "too short")


def spend(metric: str, value: float | None, cutoff: str, model: str = "blend") -> Measured:
    return Measured("spend", 30, cutoff, "all", model, metric, value, None, None, 9, 3)


def served(*rows: Measured) -> Proof:
    choice = Choice("spend", 30, "blend", "tweedie_deviance", {"blend": 1.0}, None, {}, "why")
    return replace(NOTHING, measured=rows, choices={"spend": choice})


def test_a_reader_needs_four_grades_first(shop_main: RunOverHorizon) -> None:
    proof = shop_main.proof
    assert graded(proof) == [proof.grades[name] for name in GRADED]
    assert graded(replace(proof, grades={"purchase": proof.grades["purchase"]})) == [proof.grades["purchase"]]
    assert graded(NOTHING) == []


def test_a_grade_is_told_in_words_and_figures(shop_main: RunOverHorizon) -> None:
    figures: dict[str, Any] = {"predictability": 0.8, "skill": 0.1, "skill_low": 0.05, "skill_high": 0.2}
    figures |= {"best_baseline": "recency", "skill_word": "adds a little"}
    grade = replace(shop_main.proof.grades["purchase"], **figures)
    told = (
        "Who orders?",
        ">.80<",
        "AUROC, .50 is chance",
        ">+10 %<",
        "90 %: +5 % to +20 %",
        "rule: recency",
    )
    unknown = replace(grade, skill=None, skill_low=None, skill_high=None, predictability=None)
    itself = replace(grade, skill_word="the baseline serves")
    for one, said in ((grade, told), (unknown, (">–<", ">skill</p>")), (itself, ("does it best",))):
        html = report_html(changed(shop_main, {PROOF.name: replace(shop_main.proof, grades={"purchase": one})}).run)
        assert [text for text in said if text not in html.replace("\xa0", " ")] == []
        assert ("Best simple rule:" in html) == (one is not itself)


def test_every_judged_model_has_its_formula_baselines_first(shop_main: RunOverHorizon) -> None:
    found = formulas(shop_main.proof)
    judged = {row.model for row in shop_main.proof.measured}
    assert {name for name, _, _ in found} == {model_name(name) for name in judged & set(MODELS)}
    kinds = [is_baseline for _, _, is_baseline in found]
    assert kinds == sorted(kinds, reverse=True)
    assert all(formula for _, formula, _ in found)
    assert formulas(NOTHING) == []


def test_the_evidence_counts_cutoffs_windows_and_customers(shop_main: RunOverHorizon) -> None:
    told = dict(evidence(shop_main))
    assert told["Tested at"].startswith("4 past cutoffs: 2024-06-16, ")
    assert told["Windows that do not overlap"] == "2 of 4, of 30 days each"
    assert told["Customers in the bootstrap"] == "120 of 120, drawn 100 times"
    assert told["Training rows"] == "960, a row a customer at each of 8 cutoffs"
    card = replace(shop_main.read(MODEL_CARD), test_horizon_days=None, training_rows=0)
    assert evidence(changed(shop_main, {MODEL_CARD.name: card})) == []


@pytest.mark.parametrize(
    ("missed", "said"),
    [
        ([0.1], "missed by +10 % at 1 past cutoff."),
        ([0.1, -0.25, None], "missed by −25 % to +10 % at 2 past cutoffs."),
    ],
)
def test_totals_that_were_missed_are_told(missed: list[float | None], said: str) -> None:
    rows = [spend("relative_bias", value, f"2024-0{place + 1}-01") for place, value in enumerate(missed)]
    (told,) = levels(served(*rows, spend("relative_bias", 9.0, "2024-01-01", "recency")))
    assert told.replace("\xa0", " ").endswith(said)


def test_what_the_interval_held_is_told_where_it_was_measured() -> None:
    assert levels(NOTHING) == []
    assert levels(served(spend("relative_bias", None, "2024-01-01"))) == []
    rows = [
        spend(metric, value, "2024-01-01")
        for metric, value in (
            ("interval_coverage", 0.9),
            ("interval_coverage_of_buyers", 0.7),
            ("share_above_high", 0.05),
        )
    ]
    (told,) = levels(served(*rows))
    assert told.replace("\xa0", " ") == (
        "The 80 % interval of spend held what 90 % of all customers spent, 70 % of those who bought; "
        "5 % spent more than its upper end."
    )
