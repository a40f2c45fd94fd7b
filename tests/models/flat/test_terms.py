"""Terms of linear members: even, bounded, and each with its column."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import QuantileTransformer, SplineTransformer

from foretell.examples.flat.table import FlatTable
from foretell.models.flat.terms import normal_scores, spline_basis, terms_of


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
