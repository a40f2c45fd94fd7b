"""The outlook of a set: a chance for each segment and customer, of which headcounts, flows and money are sums."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.published import RunOverHorizon
from foretell.examples.plan import Plan
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days
from foretell.segments.movement.cut_points import CUTS, KeptCuts
from foretell.segments.movement.outlook import SetOutlook, outlooks, within_reach
from foretell.segments.movement.proof import OURS, SEGMENT_PROOF, SetProof
from foretell.segments.movement.sets import SetsOfRun, sets_of
from foretell.segments.value import Value
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine
from small_plan import moment, planned_orders

ORDERS = [("a", 0, 10.0), ("b", 5, 90.0), ("a", 40, 20.0)]
KEPT = KeptCuts(moment(45), 50.0, {"value": {"spend": [10.0, 50.0, 80.0]}})
TOP, HIGH, MIDDLE, LOW, NONE = range(5)
WEIGHTS = st.lists(st.tuples(*[st.integers(1, 9)] * 3), min_size=1, max_size=6)


def made(weights: list[tuple[int, ...]], newcomers: np.ndarray | None = None) -> SetOutlook:
    """An outlook over three segments; customers begin in one after the other, and their chances go as the weights."""
    chance = np.array(weights, dtype=np.float32)
    chance /= chance.sum(axis=1, keepdims=True)
    start = np.arange(len(weights)) % 3
    keys = np.arange(len(weights), dtype=np.uint64)
    return SetOutlook("made", ("x", "y", "z"), "markov", keys, start, chance, chance, newcomers, None)


def proof_of(shock: float) -> SetProof:
    return SetProof("made", 30, "markov", "", (), {}, 4, shock, shock, None)


@given(WEIGHTS)
def test_sums_of_chances_agree(weights: list[tuple[int, ...]]) -> None:
    found = made(weights)
    count, flows = found.headcount(None), found.flows()
    assert count.expected.sum() == pytest.approx(len(weights), rel=1e-5)
    np.testing.assert_allclose(flows.sum(axis=0), count.expected, rtol=1e-5)
    np.testing.assert_allclose(flows.sum(axis=1), np.bincount(found.start, minlength=3), rtol=1e-5)
    np.testing.assert_allclose(found.money(np.full(len(weights), 2.0)), 2 * flows, rtol=1e-5)
    assert ((count.low <= count.expected) & (count.expected <= count.high)).all()


def test_a_greater_shock_widens_the_interval_and_leaves_what_is_expected() -> None:
    found = made([(1, 2, 3)] * 60, np.array([0.0, 20.0, 5.0]))
    for sums in (SetOutlook.headcount, SetOutlook.newcomers):
        calm, wild = sums(found, proof_of(0.01)), sums(found, proof_of(1.0))
        assert calm is not None
        assert wild is not None
        assert calm.expected.tolist() == wild.expected.tolist()
        assert (wild.high[1:] > calm.high[1:]).all()
    assert made([(1, 2, 3)]).newcomers(None) is None


def test_what_takes_memory_is_left_out_and_nothing_else() -> None:
    found = made([(1, 2, 3), (3, 2, 1)])
    light = found.without_orders()
    assert light.after_order.shape == (0, 3)
    assert light.flows().tolist() == found.flows().tolist()


def looked_ahead(engine: Engine, plan: Plan, chance: float) -> SetOutlook:
    keys = np.sort(np.concatenate([bucket.read(plan.as_of, EVERY_KEY).customer_key for bucket in engine.buckets]))
    purchase = (keys, np.full(len(keys), chance))
    found, today = outlooks(engine, plan, SetsOfRun((Value(),), (), "value", KEPT), {}, purchase)
    assert today.customer_key.tolist() == found["value"].customer_key.tolist() == keys.tolist()
    return found["value"]


@pytest.mark.parametrize("chance", [0.0, 0.25, 1.0])
def test_where_nothing_could_be_learned_silence_or_simulated_orders_lead(tmp_path: Path, chance: float) -> None:
    engine, plan = planned_orders(tmp_path, ORDERS, 45, buckets=2)
    found = looked_ahead(engine, plan, chance)
    assert found.served == OURS
    np.testing.assert_allclose(found.after_order.sum(axis=1), 1, atol=1e-6)
    for start, row, after in zip(found.start, found.chance, found.after_order, strict=True):
        silence = MIDDLE if start == MIDDLE else NONE
        np.testing.assert_allclose(row, (1 - chance) * (np.arange(5) == silence) + chance * after, atol=1e-3)
        assert after[[TOP, HIGH, MIDDLE]].min() > 0, "an order may be worth little or much"


def test_past_windows_tell_how_many_come_and_what_they_do_next(tmp_path: Path) -> None:
    engine, plan = planned_orders(tmp_path, ORDERS, 45)
    untold = looked_ahead(engine, replace(plan, serving=None), 0.5)
    assert untold.expected_newcomers is None
    assert untold.following is None
    grid = plan.serving
    assert grid is not None
    found = looked_ahead(engine, plan, 0.5)
    assert found.expected_newcomers is not None
    assert found.following is not None
    came = [cutoff <= moment(5.5) < cutoff + days(grid.horizon_days) for cutoff in grid.training]
    assert found.expected_newcomers.sum() == pytest.approx(
        sum(came) / len(grid.training) * plan.horizon_days / grid.horizon_days
    )
    assert found.following.horizon_days == grid.horizon_days
    np.testing.assert_array_equal(found.after_order, untold.after_order)


def test_looking_ahead_again_tells_what_the_run_told(shop_main: RunOverHorizon) -> None:
    sets, proofs = sets_of(shop_main.request.asked, shop_main.read(CUTS)), shop_main.read(SEGMENT_PROOF)
    chosen = {name: proof.served for name, proof in proofs.items()}
    customers = shop_main.customers
    purchase = (customers["customer_key"].to_numpy(), customers["p_purchase"].to_numpy())
    found, _ = outlooks(kept_engine(shop_main.request), shop_main.plan, sets, chosen, purchase)
    for name, one in found.items():
        summary = shop_main.segmentation.summary(name)
        assert summary is not None
        assert one.served == summary.served == chosen[name]
        np.testing.assert_allclose(one.chance.sum(axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(one.after_order.sum(axis=1), 1, atol=1e-5)
        count = one.headcount(proofs[name])
        assert [line.expected for line in summary.segments] == pytest.approx(count.expected.tolist())
        assert [line.high for line in summary.segments] == pytest.approx(count.high.tolist())


@given(WEIGHTS, st.floats(0, 1))
def test_no_more_is_beyond_reach_than_the_chance_that_nothing_is_ordered(
    weights: list[tuple[int, int, int]], chance: float
) -> None:
    table = np.array(weights, dtype=np.float64)
    table /= table.sum(axis=1, keepdims=True)
    possible = np.array([True, True, False])
    held = within_reach(table, np.full(len(table), chance), possible)
    np.testing.assert_allclose(held.sum(axis=1), 1.0)
    assert (held[:, 2] <= max(1 - chance, 0) + 1e-12).all()
    untouched = table[:, 2] <= 1 - chance
    np.testing.assert_array_equal(held[untouched], table[untouched])
    np.testing.assert_allclose(held[:, 0] * table[:, 1], held[:, 1] * table[:, 0], atol=1e-12)
