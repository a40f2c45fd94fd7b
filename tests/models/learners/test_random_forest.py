"""A forest is the mean of sixty trees on resampled rows: steadier than one, the same for the same seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.learners import random_forest
from foretell.models.learners.random_forest import TREES, RandomForest
from foretell.project.objectives import TARGETS


@pytest.mark.parametrize("target", ["purchase", "spend"])
def test_it_is_the_mean_of_sixty_trees(target: str, examples: Examples) -> None:
    fitted = RandomForest().fit(examples, TARGETS[target], 1)
    assert len(fitted.roots) == TREES
    alone = [replace(fitted, roots=fitted.roots[[place]]).predict(examples) for place in range(TREES)]
    np.testing.assert_allclose(fitted.predict(examples), np.mean(alone, axis=0), rtol=1e-6, atol=1e-5)
    assert len({forecast.tobytes() for forecast in alone}) > TREES / 2


def test_another_seed_grows_other_trees_and_a_large_one_is_no_error(examples: Examples) -> None:
    one, other, large = (RandomForest().fit(examples, TARGETS["orders"], seed) for seed in (1, 2, 2**31 + 1))
    assert one.predict(examples).tobytes() != other.predict(examples).tobytes()
    assert one.predict(examples).tobytes() == large.predict(examples).tobytes()
    assert np.corrcoef(one.predict(examples), other.predict(examples))[0, 1] > 0.9


def test_another_currency_changes_the_unit_alone(examples: Examples) -> None:
    dearer = replace(examples, labels={**examples.labels, "spend": 128 * examples.labels["spend"]})
    one, other = (RandomForest().fit(rows, TARGETS["spend"], 1).predict(examples) for rows in (examples, dearer))
    np.testing.assert_allclose(other, 128 * one, rtol=1e-6)


def test_of_many_rows_each_tree_sees_a_part(examples: Examples, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = RandomForest().fit(examples, TARGETS["purchase"], 1)
    monkeypatch.setattr(random_forest, "MOST_ROWS_A_TREE", 100)
    part = RandomForest().fit(examples, TARGETS["purchase"], 1)
    assert len(part.value) < len(whole.value)
