"""Columns that a draw cannot have changed."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2_contingency, kruskal

from foretell.examples.flat.columns import FlatColumn
from foretell.flat.uplift.balance import _chi_squared, _of_values, imbalances

ARM = np.random.default_rng(0).integers(0, 3, 600)
ARMS = ("none", "a", "b")


def test_columns_after_the_draw_are_found_with_figures_and_others_are_not() -> None:
    random = np.random.default_rng(1)
    visits = (random.random(600) < 0.2 + 0.2 * ARM).astype(np.float64)
    columns = (
        FlatColumn("before", "number", random.standard_normal(600)),
        FlatColumn("visits", "number", visits),
        FlatColumn("page", "category", visits, ("home", "shop")),
        FlatColumn("answer", "number", np.where(ARM == 1, np.nan, 1.0)),
    )
    found = {one.column: one for one in imbalances(columns, ARM, ARMS)}
    assert set(found) == {"visits", "page", "answer"}
    assert f"none {visits[ARM == 0].mean():.4g}" in found["visits"].reason
    assert f"b {1 - visits[ARM == 2].mean():.1%}" in found["page"].reason
    assert "a none" in found["answer"].reason


def test_fair_draws_are_seldom_doubted() -> None:
    random = np.random.default_rng(2)
    doubted = 0
    for _ in range(60):
        columns = tuple(FlatColumn(str(at), "number", random.poisson(1.0, 600).astype(float)) for at in range(5))
        doubted += bool(imbalances(columns, ARM, ARMS))
    assert doubted <= 3


def test_the_tests_are_those_of_scipy() -> None:
    values = np.random.default_rng(3).poisson(1.0, 600).astype(float)
    ours = _of_values(FlatColumn("x", "number", values), ARM, 3)
    np.testing.assert_allclose(ours, kruskal(*(values[a == ARM] for a in range(3))).pvalue)
    code = np.minimum(values, 2).astype(np.int64)
    table = np.array([[((code == c) & (a == ARM)).sum() for a in range(3)] for c in range(3)])
    np.testing.assert_allclose(_chi_squared(code, ARM, 3), chi2_contingency(table, correction=False).pvalue)
