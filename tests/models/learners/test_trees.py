"""Our few lines apply trees as scikit-learn does."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from foretell.examples.examples import Examples
from foretell.models.learners import trees
from foretell.project.objectives import Kind


@pytest.mark.parametrize("kind", ["probability", "amount"])
def test_trees_fall_where_those_of_scikit_learn_fall(
    kind: Kind, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "PARENT_ROWS", 0.0)
    random = np.random.default_rng(4)
    features = examples.features.copy()
    features[random.random(features.shape) < 0.2] = np.nan
    shown = features.astype(np.float32)
    holed = Examples(
        examples.horizon_days,
        examples.customer_key,
        examples.cutoff,
        examples.feature_names,
        features,
        examples.facts,
        examples.labels,
        examples.eligible,
    )
    outcome = np.nan_to_num(examples.labels["ordered" if kind == "probability" else "spend"])
    if kind == "probability":
        learner = DecisionTreeClassifier(max_depth=6, min_samples_leaf=10, random_state=0).fit(shown, outcome > 0.5)
        expected = np.clip(learner.predict_proba(shown)[:, 1], 3e-6, 1 - 3e-6)
    else:
        learner = DecisionTreeRegressor(max_depth=6, min_samples_leaf=10, random_state=0).fit(shown, outcome)
        expected = learner.predict(shown)
    ours = trees.trees_of(kind, examples.feature_names, [learner.tree_], 1.0)
    np.testing.assert_allclose(ours.predict(holed), expected, rtol=1e-6, atol=1e-6)


def test_shrinking_pulls_small_leaves_to_their_parents(examples: Examples) -> None:
    features = examples.features.astype(np.float32)
    outcome = np.nan_to_num(examples.labels["ordered"]) > 0.5
    learner = DecisionTreeClassifier(min_samples_leaf=3, random_state=0).fit(features, outcome)
    raw = learner.tree_.value[:, 0, 1]
    pulled = trees.trees_of("probability", examples.feature_names, [learner.tree_], 1.0).value
    assert raw.min() == 0.0
    assert raw.max() == 1.0
    assert pulled.min() > 0.0
    assert pulled.max() < 1.0
    parent = np.zeros(len(raw), dtype=int)
    for children in (learner.tree_.children_left, learner.tree_.children_right):
        parent[children[children > 0]] = np.flatnonzero(children > 0)
    assert (np.abs(pulled - pulled[parent]) <= np.abs(raw - pulled[parent])).all()
