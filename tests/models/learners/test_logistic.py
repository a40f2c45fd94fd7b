"""Linear models: a ridge holds them, no mean is above any outcome seen, and an indicator speaks for its feature."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit
from foretell.models.learners.logistic import FittedLinear, Logistic, PoissonRegression, TweedieRegression, refitted
from foretell.models.training_rows import finite_features, varied_rows
from foretell.project.objectives import TARGETS

MODELS = pytest.mark.parametrize(
    ("model", "target"), [(Logistic(), "purchase"), (PoissonRegression(), "orders"), (TweedieRegression(), "spend")]
)


def fitted(model: Logistic | PoissonRegression, target: str, examples: Examples) -> FittedLinear:
    return model.fit(examples, TARGETS[target], 0)


@pytest.mark.parametrize(("model", "target"), [(Logistic(), "purchase"), (PoissonRegression(), "orders")])
def test_on_the_rows_that_teach_the_mean_is_the_mean_outcome(
    model: Logistic | PoissonRegression, target: str, examples: Examples
) -> None:
    label = examples.labels[TARGETS[target].label]
    found = replace(fitted(model, target, examples), highest=35.0).predict(examples.take(np.isfinite(label)))
    assert found.mean() == pytest.approx(np.nanmean(label), rel=1e-4)


@pytest.mark.parametrize(("model", "target"), [(PoissonRegression(), "orders"), (TweedieRegression(), "spend")])
def test_no_mean_is_above_the_largest_outcome(model: PoissonRegression, target: str, examples: Examples) -> None:
    found = fitted(model, target, examples)
    largest = np.nanmax(examples.labels[TARGETS[target].label])
    assert found.predict(examples).max() < largest
    np.testing.assert_allclose(replace(found, intercept=found.intercept + 30).predict(examples), largest)


def test_another_currency_changes_the_unit_alone(examples: Examples) -> None:
    dearer = replace(examples, labels={**examples.labels, "spend": 100 * examples.labels["spend"]})
    one, other = (fitted(TweedieRegression(), "spend", rows) for rows in (examples, dearer))
    np.testing.assert_allclose(other.predict(examples), 100 * one.predict(examples), rtol=1e-5)


def test_a_null_feature_and_its_indicator_are_told_as_one(examples: Examples) -> None:
    empty = np.arange(len(examples)) % 3 == 0
    features = np.column_stack([np.where(empty, np.nan, np.arange(len(examples)) % 7.0), np.arange(len(examples)) % 5])
    ordered = (np.arange(len(examples)) % 6 < 3).astype(float)
    made = replace(examples, feature_names=("x", "y"), features=features, labels={"ordered": ordered})
    found = fitted(Logistic(), "purchase", made)
    assert found.design.source.tolist() == [0, 1, 0]
    terms = found.coefficients[:, None] * found.design.columns(features)
    told = found.contributions(made)
    np.testing.assert_allclose(told.values, np.column_stack([terms[0] + terms[2], terms[1]]), atol=1e-9)
    assert told.base == found.intercept


@MODELS
def test_constant_features_are_refused(model: Logistic | PoissonRegression, target: str, examples: Examples) -> None:
    with pytest.raises(CannotFit, match="feature"):
        fitted(model, target, replace(examples, features=np.ones_like(examples.features)))


def test_a_refit_on_some_columns_is_the_fit_without_the_others(examples: Examples) -> None:
    whole = fitted(Logistic(), "purchase", examples)
    rows, outcome = varied_rows(examples, TARGETS["purchase"])
    columns = whole.design.columns(finite_features(rows))
    kept = whole.design.source >= 1
    names = examples.feature_names[1:]
    found = refitted(whole, columns, outcome > 0.5, kept)
    cold = fitted(Logistic(), "purchase", examples.with_features(names))
    assert (found.coefficients[~kept] == 0).all()
    np.testing.assert_allclose(found.predict(examples), cold.predict(examples.with_features(names)), atol=1e-6)
