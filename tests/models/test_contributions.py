"""Contributions of what serves sum to the served logit: the blend, over longer horizons too, with its level moved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.blend import Blend, FittedBlend
from foretell.models.contract import Model
from foretell.models.level import Level
from foretell.models.levelled import levelled
from foretell.models.links import to_link
from foretell.models.registry import MODELS
from foretell.models.several_horizons import FittedSeveralHorizons, SeveralHorizons
from foretell.project.objectives import TARGETS
from kept import stored

Served = FittedBlend | FittedSeveralHorizons
LEARNERS: dict[str, Model] = {"blend": Blend(), "several_horizons_blend": SeveralHorizons()}


def assert_sums_to_the_link(served: Served, shown: Examples) -> None:
    parts = served.contributions(shown)
    assert parts.values.shape == (len(shown), len(parts.names))
    total = parts.base + parts.values.sum(axis=1)
    np.testing.assert_allclose(total, to_link(served.predict(shown), served.kind), atol=1e-9)


@pytest.mark.parametrize("target", ["purchase", "high_value"])
@pytest.mark.parametrize("name", LEARNERS)
def test_they_sum_to_the_logit_whatever_the_level(name: str, target: str, examples: Examples, tmp_path: Path) -> None:
    learner = LEARNERS[name]
    fitted = learner.fit(examples, TARGETS[target], 3)
    served = levelled(fitted, examples, TARGETS[target], Level())
    assert isinstance(served, Served)
    assert served.shift != 0
    for days in (examples.horizon_days, 365):
        shown = replace(examples, horizon_days=days)
        for shift in (served.shift, -3.0, 0.0, 3.0, 20.0):
            assert_sums_to_the_link(replace(served, shift=shift), shown)
        assert_sums_to_the_link(served, shown.take(np.arange(0)))
        assert_sums_to_the_link(served, shown.take(np.array([17])))
    again = stored(served, learner, tmp_path)
    assert again.contributions(examples).base == served.contributions(examples).base
    assert again.contributions(examples).values.tobytes() == served.contributions(examples).values.tobytes()


@pytest.mark.parametrize("target", ["purchase", "high_value"])
def test_a_level_moves_the_base_and_nothing_else(target: str, examples: Examples) -> None:
    fitted = Blend().fit(examples, TARGETS[target], 3)
    before, after = (replace(fitted, shift=shift).contributions(examples) for shift in (0.0, 0.4))
    assert after.base - before.base == pytest.approx(0.4)
    np.testing.assert_allclose(after.values, before.values, atol=1e-9)


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if "probability" in model.kinds])
def test_nobody_is_explained_by_nothing(name: str, examples: Examples) -> None:
    parts = MODELS[name].fit(examples, TARGETS["purchase"], 3).contributions(examples.take(np.arange(0)))
    assert parts.values.shape == (0, len(parts.names))
    assert np.isfinite(parts.base)
