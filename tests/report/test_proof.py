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
from foretell.report.proof import GRADED, MetricTable, evidence, formulas, graded, kinds_tables, levels, metric_tables
from foretell.words.metrics import OF_EVERYBODY, QUESTIONS
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


def row(
    model: str, metric: str, value: float | None, cutoff: str = "2024-01-01", objective: str = "purchase"
) -> Measured:
    low, high = (None, None) if value is None else (value / 2, value * 2)
    return Measured(objective, 30, cutoff, "all", model, metric, value, low, high, 100, 25)


def proof(*rows: Measured, serving: str = "blend") -> Proof:
    scores = {"blend": 0.4, "recency": 0.5}
    choice = Choice("purchase", 30, serving, "log_loss", scores, "recency", {}, "why")
    return Proof((), rows, {"purchase": choice}, {}, {})


def table(*rows: Measured) -> MetricTable:
    (found,) = metric_tables(proof(*rows), "EUR")
    return found


def test_models_stand_in_the_order_of_the_choice_and_others_after_them() -> None:
    found = table(*(row(name, "auroc", 0.5) for name in ("status_quo", "base_rate", "recency", "blend")))
    assert [(one.name, one.role) for one in found.rows] == [
        ("blend of models", "serves"),
        ("recency", "baseline"),
        ("base rate", "baseline"),
        ("status quo", "baseline"),
    ]
    assert found.title == "Who orders? · all customers"
    assert found.note == "100 forecasts at 1 cutoff; 25\xa0% ordered."


def test_a_cell_is_the_mean_over_cutoffs_with_its_mean_interval() -> None:
    found = table(
        row("blend", "log_loss", 0.4, "2024-01-01"),
        row("blend", "log_loss", 0.6, "2024-02-01"),
        row("recency", "log_loss", 0.7),
        row("recency", "auroc", None),
    )
    assert found.columns == ("AUROC", "log loss")
    ours, theirs = (one.cells for one in found.rows)
    assert (ours[1].value, ours[1].interval, ours[1].best) == (".500", ".250 to 1.000", True)
    assert (theirs[1].value, theirs[1].best) == (".700", False)
    assert [(cell.value, cell.interval, cell.best) for cell in (ours[0], theirs[0])] == [("–", "", False)] * 2
    assert "200 forecasts at 2 cutoffs" in found.note


def test_the_best_is_the_highest_or_the_lowest_and_ties_are_both_marked() -> None:
    found = table(
        row("blend", "auroc", 0.7),
        row("recency", "auroc", 0.7),
        row("blend", "log_loss", 0.4),
        row("recency", "log_loss", 0.3),
    )
    assert [[cell.best for cell in one.cells] for one in found.rows] == [[True, False], [True, True]]


@pytest.mark.parametrize(("currency", "column"), [("EUR", "MAE, EUR"), ("", "MAE")])
def test_money_is_told_in_its_currency(currency: str, column: str) -> None:
    (found,) = metric_tables(proof(row("blend", "mae", 9.0, objective="spend")), currency)
    assert found.columns == (column,)
    (orders,) = metric_tables(proof(row("blend", "mae", 9.0, objective="orders")), currency)
    assert orders.columns == ("MAE",)


def test_a_run_has_a_table_for_each_question_and_kind(shop_main: RunOverHorizon) -> None:
    tables = metric_tables(shop_main.proof, "")
    assert len(tables) == len(QUESTIONS) + len(OF_EVERYBODY) - 1
    for found in tables:
        assert {len(one.cells) for one in found.rows} == {len(found.columns)}
        assert [one.role for one in found.rows].count("serves") == 1
    assert metric_tables(replace(shop_main.proof, measured=()), "") == []


def test_kinds_are_told_of_questions_with_a_choice(shop_main: RunOverHorizon) -> None:
    told = kinds_tables(shop_main.proof)
    assert [title.partition(" · ")[0] for title, _ in told] == list(QUESTIONS.values())
    assert all(found.rows for _, found in told)
    only = replace(shop_main.proof, choices={"purchase": shop_main.proof.choices["purchase"]})
    assert [title.partition(" · ")[0] for title, _ in kinds_tables(only)] == ["Who orders?", "Who leaves?"]
