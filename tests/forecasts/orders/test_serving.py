"""Training: what goes with the models that serve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.examples.labels import TOP_TIER_SHARE
from foretell.examples.planned import EXAMPLES, todays_examples
from foretell.forecasts.orders.serving import Serving, train
from foretell.forecasts.season.season import NO_SEASON
from foretell.models.blend import FittedBlend
from foretell.models.level import SEASONAL
from foretell.pipeline.intake.log import kept_engine
from foretell.project.objectives import TARGETS
from foretell.storage.work import Work


def blending(run: RunOverHorizon) -> Serving:
    """What would serve if the blend did everywhere."""
    choices = {name: replace(choice, model="blend") for name, choice in run.proof.choices.items()}
    today = todays_examples(kept_engine(run.request), run.plan)
    proof = replace(run.proof, choices=choices)
    return train(run.read(EXAMPLES), today, run.plan, proof, NO_SEASON, Work(run.request.settings.seed))


def test_every_chance_that_is_asked_has_a_threshold_of_its_own(shop_main: RunOverHorizon) -> None:
    serving = shop_main.models
    asked = {name for name, target in TARGETS.items() if target.kind == "probability"}
    assert set(serving.thresholds) <= asked
    assert {"purchase", "high_value", "becomes_high_value"} <= set(serving.thresholds)
    assert all(0 < threshold < 1 for threshold in serving.thresholds.values())
    assert serving.thresholds["becomes_high_value"] != serving.thresholds["purchase"]


def test_the_tier_is_no_likelier_than_an_order_and_sums_to_its_share(shop_main: RunOverHorizon) -> None:
    scores = shop_main.scores
    chance, tier = (scores[name].to_numpy() for name in ("p_purchase", "p_high_value"))
    assert (tier <= chance).all()
    assert tier.mean() == pytest.approx(min(TOP_TIER_SHARE, chance.mean()), rel=0.01)


def test_mix_and_level_of_the_proof_are_those_that_serve(shop_main: RunOverHorizon) -> None:
    proof, serving = shop_main.proof, blending(shop_main)
    assert set(proof.levels) == set(SEASONAL)
    for name in ("purchase", "orders", "spend", "high_value"):
        own = serving.models[name]
        assert isinstance(own, FittedBlend)
        assert own.weights == pytest.approx(dict(proof.mixes[name]))
        assert own.shift != 0


def test_intervals_are_told_by_the_scatter_around_what_serves(shop_main: RunOverHorizon) -> None:
    """The blend's own scatter is no more that of a baseline than its forecasts are."""
    proof = shop_main.proof
    assert proof.scatter is not None
    served = blending(shop_main).scatter
    assert served is not None
    np.testing.assert_array_equal(served.errors, proof.scatter.errors)
    choices = {name: replace(choice, model="rfm_cells") for name, choice in proof.choices.items()}
    today = todays_examples(kept_engine(shop_main.request), shop_main.plan)
    asked = (shop_main.read(EXAMPLES), today, shop_main.plan, replace(proof, choices=choices), NO_SEASON)
    of_cells = train(*asked, Work(shop_main.request.settings.seed)).scatter
    assert of_cells is not None
    assert not np.array_equal(of_cells.errors, proof.scatter.errors)
