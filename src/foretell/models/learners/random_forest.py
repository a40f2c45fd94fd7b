"""A random forest whose leaves are large."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from foretell.examples.examples import Examples
from foretell.models.contract import State
from foretell.models.learners.trees import FittedTrees, restored_trees, trees_of
from foretell.models.training_rows import finite_features, varied_rows
from foretell.project.objectives import Kind, Target

TREES = 60
MOST_ROWS_A_TREE = 5_000


class RandomForest:
    """The mean of deep trees on resampled rows."""

    name: ClassVar[str] = "random_forest"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"probability", "count", "amount"})
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = f"mean of {TREES} trees on resampled rows, 20 rows a leaf, sqrt of features a split"

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedTrees:
        rows, outcome = varied_rows(examples, target)
        features = finite_features(rows).astype(np.float32)
        shape = {
            "n_estimators": TREES,
            "min_samples_leaf": 20,
            "max_depth": 12,
            "max_features": "sqrt",
            "max_samples": min(len(outcome), MOST_ROWS_A_TREE),
            "random_state": seed % 2**31,
            "n_jobs": 1,
        }
        if target.kind == "probability":
            unit = 1.0
            learner = RandomForestClassifier(criterion="gini", **shape).fit(features, outcome > 0.5)
        else:
            unit = float(outcome.mean())
            learner = RandomForestRegressor(criterion="poisson", **shape).fit(features, outcome / unit)
        grown = [tree.tree_ for tree in learner.estimators_]
        return trees_of(target.kind, rows.feature_names, grown, unit)

    def restore(self, state: State) -> FittedTrees:
        return restored_trees(state)
