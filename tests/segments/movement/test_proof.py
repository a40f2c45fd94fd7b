"""A migration forecast is proved at past cutoffs beside its baselines, and the same proof is made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.backtest.proof import Proof
from foretell.pipeline.intake.log import kept_engine
from foretell.segments.migration.transition_tables import BASELINES
from foretell.segments.movement.proof import OURS, SEGMENT_PROOF, SetProof, prove_sets
from foretell.segments.value import Value
from foretell.timelines.engine import Engine


@pytest.fixture(scope="module")
def engine(shop_main: RunOverHorizon) -> Engine:
    """The engine over the shop."""
    return kept_engine(shop_main.request)


@pytest.fixture(scope="module")
def kept(shop_main: RunOverHorizon) -> Mapping[str, SetProof]:
    """The proofs that the run kept."""
    return shop_main.read(SEGMENT_PROOF)


def test_proving_again_gives_what_was_kept_whatever_other_sets_there_are(
    shop_main: RunOverHorizon, engine: Engine, kept: Mapping[str, SetProof]
) -> None:
    seed = shop_main.request.settings.seed
    again = prove_sets(engine, shop_main.plan, shop_main.proof, [Value()], seed)
    assert repr(again) == repr({"value": kept["value"]})
    other = prove_sets(engine, shop_main.plan, shop_main.proof, [Value()], seed + 1)["value"]
    assert replace(other, behind=again["value"].behind) == again["value"]
    assert {name: gain for name, (gain, _, _) in other.behind.items()} == {
        name: gain for name, (gain, _, _) in again["value"].behind.items()
    }


def test_without_a_test_nothing_is_proved(shop_main: RunOverHorizon, engine: Engine) -> None:
    plan = shop_main.plan
    assert prove_sets(engine, replace(plan, proving=None), shop_main.proof, [Value()], 0) == {}
    assert prove_sets(engine, plan, shop_main.proof, [], 0) == {}
    assert prove_sets(engine, plan, Proof((), (), {}, {}, {}), [Value()], 0) == {}


def test_every_model_is_measured_at_every_test(shop_main: RunOverHorizon, kept: Mapping[str, SetProof]) -> None:
    assert shop_main.plan.proving is not None
    names = {OURS, *(one.name for one in BASELINES)}
    for proof in kept.values():
        assert proof.tests == len({row.cutoff for row in proof.measured}) == len(shop_main.plan.proving.tests)
        assert {row.model for row in proof.measured} == names
        assert set(proof.behind) == names - {OURS}
        losses = [row.value for row in proof.measured if row.metric == "log_loss"]
        assert len(losses) == len(names) * proof.tests
        for row in proof.measured:
            if row.value is not None and row.metric != "log_loss":
                assert 0 <= row.value <= (np.inf if row.metric == "ranked_probability_score" else 1), row.metric


def test_the_reason_says_by_how_much_the_serving_model_is_better(kept: Mapping[str, SetProof]) -> None:
    for proof in kept.values():
        rows = [row for row in proof.measured if row.metric == "log_loss" and row.value is not None]
        models = {row.model for row in rows}
        losses = {name: float(np.mean([row.value for row in rows if row.model == name])) for name in models}
        best = min(models - {OURS}, key=lambda name: losses[name])
        assert proof.reason.startswith(f"{proof.served} serves")
        if proof.served == OURS:
            gain, low, _ = proof.behind[best]
            assert f"{losses[OURS]:.3f}, {gain:.3f} below the best baseline, {best}" in proof.reason
            assert ("that may be chance" in proof.reason) == (low <= 0)
        else:
            assert f"its log loss is {losses[best]:.3f}, the landing mixture's {losses[OURS]:.3f}" in proof.reason


def test_shocks_and_coverage_are_told_by_the_tests(kept: Mapping[str, SetProof]) -> None:
    for proof in kept.values():
        assert proof.shock >= 0
        assert proof.newcomer_shock >= 0
        assert (proof.coverage is None) == (proof.tests < 2)
        assert proof.coverage is None or 0 <= proof.coverage <= 1
