"""Kinds of customers: who serves stands beside the best baseline, and the better one is marked."""

from __future__ import annotations

from foretell.answers.kinds_of_customers import KindsTable, kinds_table
from foretell.answers.published import RunOverHorizon
from foretell.backtest.forecast import Measured
from foretell.backtest.measures import Measures
from foretell.examples.slices import SLICES


def row(
    kind: str, model: str, metric: str, value: float | None, day: str = "2024-01-01", came: tuple[int, int] = (5, 20)
) -> Measured:
    """What a model was worth on a kind of customers; `came` are those who ordered, and all."""
    return Measured("purchase", 30, day, kind, model, metric, value, None, None, came[1], came[0])


def table(*rows: Measured, serving: str = "blend", baseline: str | None = "recency") -> KindsTable:
    return kinds_table(Measures(rows), "purchase", serving, baseline)


def test_the_better_one_of_a_pair_is_marked() -> None:
    found = table(
        row("one order", "blend", "auroc", 0.75),
        row("one order", "recency", "auroc", 0.5),
        row("one order", "blend", "log_loss", 0.5),
        row("one order", "recency", "log_loss", 0.25),
    )
    assert found.columns == ("by history and age", "forecasts", "came true", "AUROC", "recency", "log loss", "recency")
    assert found.rows == (("one order", "20", "25\xa0%", ".750", ".500", ".500", ".250"),)
    assert found.better == ((False, False, False, True, False, False, True),)


def test_a_tie_marks_both_and_a_missing_value_neither() -> None:
    found = table(
        row("one order", "blend", "auroc", 0.5),
        row("one order", "recency", "auroc", 0.5),
        row("one order", "blend", "log_loss", None),
    )
    assert found.rows[0][3:] == (".500", ".500", "–", "–")
    assert found.better[0][3:] == (True, True, False, False)


def test_forecasts_add_up_over_cutoffs_and_figures_are_their_means() -> None:
    found = table(
        row("one order", "blend", "auroc", 0.6, "2024-01-01", (1, 10)),
        row("one order", "blend", "auroc", 0.8, "2024-02-01", (3, 30)),
        baseline=None,
    )
    assert found.rows[0][:4] == ("one order", "40", "10\xa0%", ".700")


def test_a_baseline_that_serves_stands_alone() -> None:
    found = table(row("one order", "recency", "auroc", 0.5), serving="recency", baseline="recency")
    assert found.columns[3:] == ("AUROC", "log loss")


def test_kinds_without_customers_have_no_row_and_everybody_is_no_kind() -> None:
    found = table(row("all", "blend", "auroc", 0.5), row("one order", "blend", "auroc", None, came=(0, 0)))
    assert (found.rows, found.better) == ((), ())


def test_values_of_the_first_order_come_last_and_are_named_in_the_head() -> None:
    names = ("channel: web", "one order", "channel: other")
    found = table(*(row(name, "blend", "auroc", 0.5) for name in names))
    assert [one[0] for one in found.rows] == ["one order", "channel: web", "channel: other"]
    assert found.columns[0] == "by history, age, channel"


def test_amounts_are_told_by_gini_and_rmse(shop_main: RunOverHorizon) -> None:
    choice = shop_main.proof.choices["spend"]
    found = kinds_table(Measures(shop_main.proof.measured), "spend", choice.model, choice.best_baseline)
    assert found.columns[3] == "Gini"
    assert "RMSE" in found.columns
    assert [one[0] for one in found.rows] == list(SLICES)
    assert {len(one) for one in (*found.rows, *found.better)} == {len(found.columns)}
