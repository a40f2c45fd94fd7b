"""One tree, small enough to be read: few leaves, none of few rows, each near the mean of its rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit
from foretell.models.learners.decision_tree import DecisionTree
from foretell.project.objectives import TARGETS


def with_one_feature(examples: Examples, values: np.ndarray, **labels: np.ndarray) -> Examples:
    return replace(examples, feature_names=("x",), features=values[:, None], labels={**examples.labels, **labels})


@pytest.mark.parametrize("target", ["purchase", "orders", "spend"])
def test_it_is_one_tree_of_at_most_32_leaves_of_20_rows(target: str, examples: Examples) -> None:
    fitted = DecisionTree().fit(examples, TARGETS[target], 0)
    assert fitted.roots.tolist() == [0]
    assert fitted.depth <= 5
    leaves = int((fitted.left == np.arange(len(fitted.left))).sum())
    assert 1 < leaves <= 32
    known = examples.take(np.isfinite(examples.labels[TARGETS[target].label]))
    _, rows = np.unique(fitted.predict(known), return_counts=True)
    assert rows.min() >= 20


def test_a_threshold_is_found_and_its_sides_are_pulled_a_little_to_the_mean(examples: Examples) -> None:
    value = np.arange(len(examples), dtype=np.float64)
    half = len(examples) // 2
    made = with_one_feature(examples, value, orders=np.where(value < half, 1.0, 4.0))
    found = DecisionTree().fit(made, TARGETS["orders"], 0).predict(made)
    mean = made.labels["orders"].mean()
    np.testing.assert_allclose(found[:half], (half + 10 * mean) / (half + 10), rtol=1e-6)
    rest = len(examples) - half
    np.testing.assert_allclose(found[half:], (4 * rest + 10 * mean) / (rest + 10), rtol=1e-6)


def test_whether_a_value_is_there_can_tell(examples: Examples) -> None:
    value = np.where(np.arange(len(examples)) % 3 == 0, np.nan, 1.0)
    made = with_one_feature(examples, value, ordered=np.isnan(value).astype(float))
    found = DecisionTree().fit(made, TARGETS["purchase"], 0).predict(made)
    assert found[np.isnan(value)].min() > 0.9
    assert found[~np.isnan(value)].max() < 0.1


def test_one_outcome_for_all_is_refused(examples: Examples) -> None:
    made = with_one_feature(examples, np.arange(len(examples)) * 1.0, ordered=np.ones(len(examples)))
    with pytest.raises(CannotFit, match="have the same outcome"):
        DecisionTree().fit(made, TARGETS["purchase"], 0)
