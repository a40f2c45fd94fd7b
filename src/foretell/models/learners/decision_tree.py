"""A decision tree small enough to be read."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from foretell.examples.examples import Examples
from foretell.models.contract import State
from foretell.models.learners.trees import FittedTrees, restored_trees, trees_of
from foretell.models.training_rows import finite_features, varied_rows
from foretell.project.objectives import Kind, Target


class DecisionTree:
    """One tree of at most 32 leaves."""

    name: ClassVar[str] = "decision_tree"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"probability", "count", "amount"})
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = "mean outcome in the leaves of one tree of depth 5, at least 1 % of the rows a leaf"

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedTrees:
        rows, outcome = varied_rows(examples, target)
        features = finite_features(rows).astype(np.float32)
        shape = {"max_depth": 5, "min_samples_leaf": max(20, len(outcome) // 100), "random_state": seed % 2**31}
        if target.kind == "probability":
            unit = 1.0
            learner = DecisionTreeClassifier(criterion="log_loss", **shape).fit(features, outcome > 0.5)
        else:
            unit = float(outcome.mean())
            learner = DecisionTreeRegressor(criterion="poisson", **shape).fit(features, outcome / unit)
        return trees_of(target.kind, rows.feature_names, [learner.tree_], unit)

    def restore(self, state: State) -> FittedTrees:
        return restored_trees(state)
