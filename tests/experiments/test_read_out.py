"""The whole read-out on arrays."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from foretell.experiments.comparison import Outcome
from foretell.experiments.read_out import read_out


def drawn(units: int, control: int, seed: int = 0) -> tuple[np.ndarray, np.random.Generator]:
    random = np.random.default_rng(seed)
    return random.permutation(np.where(np.arange(units) < control, "none", "mail")), random


def test_spend_and_orders_beside_the_holdout() -> None:
    arms, random = drawn(4_000, 2_000)
    bought = (random.random(4_000) < np.where(arms == "mail", 0.3, 0.2)).astype(float)
    spend = bought * random.lognormal(3, 0.5, 4_000)
    found = read_out([Outcome("bought", bought), Outcome("spend", spend)], arms, "none", {"none": 1, "mail": 1})
    shares, means = found.comparisons
    assert found.counts == {"none": 2_000, "mail": 2_000}
    assert found.sample_ratio.standing == "agrees"
    assert shares.is_share
    assert "Miettinen" in shares.method
    assert shares.effect == pytest.approx(bought[arms == "mail"].mean() - bought[arms == "none"].mean())
    scipy = ttest_ind(spend[arms == "mail"], spend[arms == "none"], equal_var=False)
    assert (means.low, means.high) == pytest.approx(tuple(scipy.confidence_interval()))
    assert means.detectable == pytest.approx(2.8016 * (means.high - means.low) / 2 / 1.96, rel=2e-3)  # type: ignore[operator]
    for one in found.comparisons:
        assert one.always_low < one.low < one.effect < one.high < one.always_high  # type: ignore[operator]
        assert one.relative_low < one.relative < one.relative_high  # type: ignore[operator]
        assert (one.e_value > 20) == (one.always_low > 0)  # type: ignore[operator]
        assert any("one of 2 comparisons" in warning for warning in one.warnings)


def test_a_ratio_is_not_the_mean_of_ratios() -> None:
    arms, random = drawn(3_000, 1_500, 1)
    orders = random.poisson(1.0, 3_000).astype(float)
    spend = orders * 20.0 + random.normal(0, 1, 3_000) * (orders > 0)
    (found,) = read_out([Outcome("spend/orders", spend, orders)], arms, "none").comparisons
    assert found.control_mean == pytest.approx(spend[arms == "none"].sum() / orders[arms == "none"].sum())
    assert "delta" in found.method
    (nothing,) = read_out([Outcome("spend/orders", spend, np.zeros(3_000))], arms, "none").comparisons
    assert nothing.effect is None
    assert "denominator" in nothing.warnings[-1]


def test_what_was_before_narrows_shares_and_spend() -> None:
    arms, random = drawn(6_000, 3_000, 2)
    before = random.gamma(1, 2, 6_000)
    visited = (random.random(6_000) < np.clip(before / 4, 0, 0.9)).astype(float)
    plain, adjusted = read_out(
        [Outcome("visited", visited), Outcome("visited", visited, before={"visits before": before})], arms, "none"
    ).comparisons
    assert "CUPED" in adjusted.method
    assert adjusted.is_share
    assert adjusted.high - adjusted.low < 0.9 * (plain.high - plain.low)  # type: ignore[operator]


def test_who_has_no_outcome_yet_is_left_out_and_counted() -> None:
    arms, random = drawn(1_000, 500, 3)
    spend = random.gamma(1, 1, 1_000)
    spend[(arms == "mail") & (np.arange(1_000) % 2 == 0)] = np.nan
    (found,) = read_out([Outcome("spend", spend)], arms, "none").comparisons
    assert found.n_control == 500
    assert found.n_arm == int(np.isfinite(spend[arms == "mail"]).sum())
    assert any(f"{500 - found.n_arm} in mail" in warning for warning in found.warnings)
    assert any("more often in one arm" in warning for warning in found.warnings)


def test_a_broken_sample_ratio_stops_every_claim_and_keeps_the_figures() -> None:
    arms, random = drawn(4_000, 1_800, 4)
    (found,) = read_out([Outcome("spend", random.gamma(1, 1, 4_000))], arms, "none", {"none": 1, "mail": 1}).comparisons
    assert found.is_stopped
    assert found.effect is not None
    assert "stopped" in found.warnings[0]


def test_amounts_above_a_limit_from_before_count_as_the_limit() -> None:
    arms, random = drawn(400, 200, 5)
    spend = random.gamma(1, 10, 400)
    (found,) = read_out([Outcome("spend", spend, cap=20.0)], arms, "none").comparisons
    held = np.minimum(spend, 20)
    assert found.effect == pytest.approx(held[arms == "mail"].mean() - held[arms == "none"].mean())
    assert "above 20 counted as that" in found.method
    assert any(f"{(spend > 20).sum():,} lie above 20" in warning for warning in found.warnings)


def test_nothing_is_made_up_where_nothing_can_be_told() -> None:
    arms = np.array(["none", "none", "mail", "mail", "post"])
    constant, alone = read_out([Outcome("spend", np.array([5.0, 5, 5, 5, 7]))], arms, "none").comparisons
    assert (constant.arm, constant.effect, constant.low, constant.p_value) == ("mail", 0, None, None)
    assert any("no spread" in warning for warning in constant.warnings)
    assert (alone.arm, alone.n_arm, alone.effect) == ("post", 1, None)
    few = read_out([Outcome("spend", np.array([1.0, 2, 3, 5, 7]))], arms, "none").comparisons[0]
    assert (few.effect, few.always_low) == (2.5, None)
    assert any("too few units yet" in warning for warning in few.warnings)
    missing = read_out([Outcome("spend", np.ones(5))], arms, "none", {"none": 1, "mail": 1, "post": 1, "gone": 1})
    assert missing.counts["gone"] == 0
    with pytest.raises(ValueError, match="no arm beside"):
        read_out([], np.array(["none"]), "none")


def test_every_arm_is_read_in_its_own_right() -> None:
    random = np.random.default_rng(6)
    arms = random.choice(["none", "mail", "post"], 3_000)
    spend = random.gamma(1, 1, 3_000) + (arms == "post")
    found = read_out([Outcome("spend", spend)], arms, "none").comparisons
    assert [one.arm for one in found] == ["mail", "post"]
    alone = read_out([Outcome("spend", spend[arms != "mail"])], arms[arms != "mail"], "none").comparisons[0]
    assert found[1].effect == pytest.approx(alone.effect)
    assert found[1].effect == pytest.approx(1, abs=0.15)


def test_the_figures_are_those_of_tea_tasting() -> None:
    """Figures of tea-tasting 1.14.0 on these rows, frozen: `Mean("spend")` and `RatioOfMeans("spend", "orders")` with
    `control="control"`, in the environment that `make bench-experiment` makes; there they are compared anew."""
    row = np.arange(600)
    arms = np.where(row * 7919 % 1000 < 430, "control", "treated")
    orders = (row * 37 % 4).astype(float)
    spend = np.where(orders > 0, row * 53 % 97 / 4 + orders * 2 + (arms == "treated") * 0.9 * orders, 0.0)
    means, ratios = read_out(
        [Outcome("spend", spend), Outcome("spend/orders", spend, orders)],
        arms,
        "control",
        {"control": 43, "treated": 57},
    ).comparisons
    assert (means.n_control, means.n_arm) == (256, 344)
    assert means.effect == pytest.approx(1.473800872093026)
    assert (means.low, means.high) == pytest.approx((-0.08901151277529906, 3.036613256961351))
    assert means.p_value == pytest.approx(0.06450439147632757)
    assert ratios.effect == pytest.approx(0.944579594062958)
    assert (ratios.low, ratios.high) == pytest.approx((0.14567921970628595, 1.74347996841963))
    assert ratios.p_value == pytest.approx(0.020572222020436754)
    assert ratios.relative == pytest.approx(0.11877018533358918)


def test_an_arm_in_which_nobody_bought_is_compared() -> None:
    arms = np.array(["control", "treated"] * 100)
    bought = np.where(arms == "control", (np.arange(200) % 7 == 0) * 10.0, 0.0)
    (one,) = read_out([Outcome("spend", bought)], arms, "control").comparisons
    assert one.effect is not None
    assert one.effect < 0
    assert one.relative == -1
    assert one.relative_high is None or one.relative_high < 0
