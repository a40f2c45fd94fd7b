"""Measures over several cutoffs: each row counts once, and what has no value takes no part in a mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.backtest.forecast import Measured
from foretell.backtest.measures import Measures, OverCutoffs

CUTOFFS = ("2024-01-01", "2024-02-01", "2024-03-01")


def row(
    value: float | None = 0.5, cutoff: str = CUTOFFS[0], metric: str = "auroc", objective: str = "purchase"
) -> Measured:
    return Measured(objective, 30, cutoff, "all", "ours", metric, value, None, None, 100, 40)


def test_a_metric_is_summed_up_and_its_worst_cutoff_named() -> None:
    measures = Measures([row(0.75, CUTOFFS[1]), row(0.5), row(None, CUTOFFS[2])])
    assert measures.over_cutoffs("purchase", "all", "ours", "auroc") == OverCutoffs(0.625, 0.5, 0.75, CUTOFFS[0])


@pytest.mark.parametrize(
    ("metric", "worst"), [("auroc", CUTOFFS[0]), ("log_loss", CUTOFFS[1]), ("relative_bias", CUTOFFS[0])]
)
def test_what_is_worst_depends_on_the_metric(metric: str, worst: str) -> None:
    found = Measures([row(-0.75, metric=metric), row(0.5, CUTOFFS[1], metric)]).over_cutoffs(
        "purchase", "all", "ours", metric
    )
    assert found is not None
    assert (found.worst_cutoff, found.lowest, found.highest) == (worst, -0.75, 0.5)


@pytest.mark.parametrize("model", ["theirs", None])
def test_what_was_not_measured_has_no_sum(model: str | None) -> None:
    assert Measures([row(0.7)]).over_cutoffs("purchase", "all", model, "auroc") is None
    assert Measures([row(None)]).over_cutoffs("purchase", "all", "ours", "auroc") is None
    assert Measures([]).customers("purchase", "all") == (0, 0, 0)


def test_questions_come_as_they_are_asked_and_others_behind() -> None:
    measures = Measures([row(objective=name) for name in ("next_segment: rfm", "spend", "purchase", "churn")])
    assert measures.objectives() == ["purchase", "churn", "spend", "next_segment: rfm"]
    assert measures.models("spend", "all") == ["ours"]
    assert measures.models("spend", "active") == []
    assert measures.slices("spend") == ["all"]


def test_customers_are_counted_once_a_cutoff_whatever_was_measured() -> None:
    rows = [row(cutoff=cutoff, metric=metric) for cutoff in CUTOFFS[:2] for metric in ("auroc", "brier")]
    assert Measures(rows).customers("purchase", "all") == (200, 80, 2)
    assert Measures(rows).metrics("purchase") == ["auroc", "brier"]


@given(st.lists(st.tuples(st.sampled_from(CUTOFFS), st.floats(0, 1)), unique_by=lambda pair: pair[0]))
def test_a_row_said_twice_counts_once_and_the_oldest_comes_first(pairs: list[tuple[str, float]]) -> None:
    rows = [row(value, cutoff) for cutoff, value in pairs]
    once, twice = Measures(rows), Measures(rows + rows[::-1])
    assert twice.rows == once.rows
    assert twice.at_cutoffs("purchase", "all", "ours", "auroc") == sorted(rows, key=lambda one: one.cutoff)
