"""The tables of the proof: every model on every question, best first, the best figure of each metric marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foretell.answers.published import RunOverHorizon
from foretell.backtest.forecast import Measured
from foretell.backtest.proof import Proof
from foretell.backtest.selection import Choice
from foretell.report.tables import MetricTable, kinds_tables, metric_tables
from foretell.words.metrics import OF_EVERYBODY, QUESTIONS


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
