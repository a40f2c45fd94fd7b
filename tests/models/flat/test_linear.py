"""The linear members: straight terms see lines alone, splines see bends, and both stay where they learned."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import QuantileTransformer, SplineTransformer

from foretell.examples.flat.table import FlatTable
from foretell.models.contract import CannotFit
from foretell.models.flat.linear import (
    FittedTerms,
    PlainLogistic,
    SplineLogistic,
    normal_scores,
    spline_basis,
    terms_of,
)

Taught = tuple[FlatTable, np.ndarray]
EITHER = pytest.mark.parametrize("model", [PlainLogistic(), SplineLogistic()], ids=lambda model: model.name)


def numbers(*columns: np.ndarray) -> FlatTable:
    names = tuple("abc"[: len(columns)])
    rows = len(columns[0])
    kinds, levels = ("number",) * len(columns), ((),) * len(columns)
    return FlatTable(names, kinds, levels, np.column_stack(columns), np.arange(rows, dtype=np.uint64))  # type: ignore[arg-type]


def test_a_bend_is_seen_by_splines_alone() -> None:
    value = np.linspace(-3, 3, 400)
    outcome = (np.abs(value) > 1.5).astype(float)
    table = numbers(value)
    plain, spline = (model.fit(table, outcome, 0).link(table) for model in (PlainLogistic(), SplineLogistic()))
    assert np.ptp(plain) < 0.2
    assert spline[outcome == 1].min() > spline[outcome == 0].min() + 1
    assert spline[[0, -1]] == pytest.approx(spline[[-1, 0]], abs=0.5)


def test_a_column_that_tells_nothing_has_hardly_a_coefficient() -> None:
    random = np.random.default_rng(1)
    tells, noise = random.normal(size=(2, 2000))
    outcome = (random.random(2000) < 1 / (1 + np.exp(-2 * tells))).astype(float)
    fitted = PlainLogistic().fit(numbers(tells, noise), outcome, 0)
    assert fitted.coefficients == pytest.approx([2, 0], abs=0.25)
    assert fitted.intercept == pytest.approx(0, abs=0.2)


@EITHER
def test_another_unit_changes_no_forecast(model: PlainLogistic, taught: Taught) -> None:
    _, outcome = taught
    tenure = np.random.default_rng(2).integers(0, 72, len(outcome)).astype(float) + 10 * outcome
    one, other = numbers(tenure), numbers(1000 * tenure + 7)
    expected = model.fit(one, outcome, 0).link(one)
    np.testing.assert_allclose(model.fit(other, outcome, 0).link(other), expected, atol=1e-4)


@EITHER
def test_the_mean_customer_is_the_base(model: PlainLogistic, taught: Taught) -> None:
    fitted: FittedTerms = model.fit(*taught, 0)
    told = fitted.contributions(taught[0])
    assert told.base == pytest.approx(fitted.link(taught[0]).mean(), abs=1e-6)
    np.testing.assert_allclose(told.values.mean(axis=0), 0, atol=1e-6)


@EITHER
def test_columns_that_are_the_same_for_all_are_refused(model: PlainLogistic) -> None:
    with pytest.raises(CannotFit, match="every column is the same for all rows"):
        model.fit(numbers(np.ones(50), np.full(50, np.nan)), np.arange(50) % 2.0, 0)


def test_the_basis_is_that_of_scikit_learn() -> None:
    scores = np.linspace(-3, 3, 101)[:, None]
    theirs = SplineTransformer(n_knots=5, degree=3, include_bias=False).fit_transform(scores)
    assert spline_basis(scores[:, 0]) == pytest.approx(theirs, abs=1e-9)


def test_normal_scores_are_those_of_scikit_learn_inside() -> None:
    values = np.random.default_rng(0).gamma(2, 3, 3000)
    theirs = QuantileTransformer(n_quantiles=201, output_distribution="normal", subsample=None).fit(values[:, None])
    ours = normal_scores(values, np.quantile(values, np.linspace(0, 1, 201)))
    inside = np.abs(ours) < 2.5
    assert ours[inside] == pytest.approx(theirs.transform(values[:, None])[inside, 0], abs=0.02)


@pytest.mark.parametrize("splines", [False, True])
def test_every_term_has_a_column(taught: tuple[FlatTable, np.ndarray], splines: bool) -> None:
    table, _ = taught
    terms = terms_of(table, splines)
    matrix = terms.matrix(table)
    assert matrix.shape == (len(table), len(terms.source()))
    assert set(terms.source().tolist()) == set(range(len(table.names)))
    assert np.abs(matrix).max() <= 6.0
