"""Boosted trees: the same for the same seed, refused on few rows, and bins shared between targets change nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.gradient_boosting import FEWEST_ROWS, GradientBoosting, deterministic_parameters
from foretell.project.objectives import TARGETS


def test_it_grows_75_trees_of_at_most_7_leaves(examples: Examples) -> None:
    fitted = GradientBoosting().fit(examples, TARGETS["purchase"], 1)
    trees = fitted.booster.dump_model()["tree_info"]
    assert len(trees) == 75
    assert max(tree["num_leaves"] for tree in trees) == 7


def test_bins_are_shared_by_targets_of_the_same_rows_only(examples: Examples) -> None:
    known = FittedOnce(examples, 1)
    for target in ("purchase", "spend", "high_value", "decline"):
        shared = GradientBoosting().fit(examples, TARGETS[target], 1, known).predict(examples)
        alone = GradientBoosting().fit(examples, TARGETS[target], 1).predict(examples)
        assert shared.tobytes() == alone.tobytes()
    assert len(known.prepared) == 2


def test_another_currency_changes_the_unit_alone(examples: Examples) -> None:
    dearer = replace(examples, labels={**examples.labels, "spend": 128 * examples.labels["spend"]})
    one, other = (GradientBoosting().fit(rows, TARGETS["spend"], 1).predict(examples) for rows in (examples, dearer))
    np.testing.assert_allclose(other, 128 * one, rtol=1e-4)


def test_features_that_tell_nothing_move_nothing(examples: Examples) -> None:
    told = GradientBoosting().fit(examples, TARGETS["purchase"], 1).contributions(examples)
    for name in ("always_null", "always_one"):
        assert np.abs(told.values[:, told.names.index(name)]).max() == 0.0
    assert np.abs(told.values[:, told.names.index("orders_90d")]).max() > 0.1


def test_few_rows_are_refused_with_their_number(examples: Examples) -> None:
    few = examples.take(np.argsort(examples.labels["ordered"][:300] == 1, kind="stable")[-(FEWEST_ROWS - 1) :])
    few = replace(few, labels={**few.labels, "ordered": np.arange(len(few)) % 2.0})
    with pytest.raises(CannotFit, match="only 39 rows have a known outcome; trees need 40"):
        GradientBoosting().fit(few, TARGETS["purchase"], 1)


def test_nobody_is_no_error_and_a_seed_always_fits(examples: Examples) -> None:
    fitted, nobody = GradientBoosting().fit(examples, TARGETS["orders"], 1), examples.take(np.arange(0))
    assert fitted.predict(nobody).shape == (0,)
    assert fitted.contributions(nobody).values.shape == (0, len(examples.feature_names))
    assert deterministic_parameters(2**31 + 5) == deterministic_parameters(5)
