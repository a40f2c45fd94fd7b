"""A regression on few features: it reads those alone, and is the linear model of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit
from foretell.models.learners.logistic import Logistic
from foretell.models.learners.rfm_regression import FEW_FEATURES, RfmRegression
from foretell.project.objectives import TARGETS


@pytest.mark.parametrize("target", ["purchase", "orders", "spend"])
def test_no_other_feature_is_read(target: str, examples: Examples) -> None:
    fitted = RfmRegression().fit(examples, TARGETS[target], 0)
    others = [name for name in examples.feature_names if name not in FEW_FEATURES]
    features = examples.features.copy()
    features[:, [examples.feature_names.index(name) for name in others]] = np.nan
    blind = replace(examples, features=features)
    np.testing.assert_array_equal(fitted.predict(blind), fitted.predict(examples))
    alike = RfmRegression().fit(blind, TARGETS[target], 0)
    np.testing.assert_array_equal(alike.predict(examples), fitted.predict(examples))
    assert set(fitted.contributions(examples).names) <= set(FEW_FEATURES)


def test_each_feature_moves_somebody(examples: Examples) -> None:
    fitted = RfmRegression().fit(examples, TARGETS["purchase"], 0)
    moved = fitted.contributions(examples)
    assert moved.names == tuple(name for name in FEW_FEATURES if name in examples.feature_names)
    assert (np.abs(moved.values).max(axis=0) > 0).all()


def test_it_is_the_logistic_regression_of_these_features(examples: Examples) -> None:
    few = examples.with_features([name for name in FEW_FEATURES if name in examples.feature_names])
    np.testing.assert_array_equal(
        RfmRegression().fit(examples, TARGETS["purchase"], 0).predict(examples),
        Logistic().fit(few, TARGETS["purchase"], 0).predict(few),
    )


def test_rows_without_any_of_them_are_refused(examples: Examples) -> None:
    other = examples.with_features([name for name in examples.feature_names if name not in FEW_FEATURES][:3])
    with pytest.raises(CannotFit, match="none of its features"):
        RfmRegression().fit(other, TARGETS["purchase"], 0)
