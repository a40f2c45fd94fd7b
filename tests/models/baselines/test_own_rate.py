"""The own past rate is what plain counting says, and nobody's but the customer's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.baselines.own_rate import TOLD_AS, OwnRate
from foretell.models.registry import MODELS
from foretell.project.objectives import TARGETS


def mean_of(examples: Examples, label: str) -> float:
    known = examples.labels[label][~np.isnan(examples.labels[label])]
    return float((known.sum() + 0.5) / (len(known) + 1) if label == "ordered" else known.mean())


def test_the_chance_is_the_share_of_own_windows_with_an_order(examples: Examples) -> None:
    said = OwnRate().fit(examples, TARGETS["purchase"], 0).predict(examples)
    windows, ordered = examples.facts["past_windows"], examples.facts["past_windows_ordered"]
    assert (ordered <= windows).all()
    assert (windows > 0).any()
    np.testing.assert_allclose(said, (ordered + mean_of(examples, "ordered")) / (windows + 1), rtol=1e-9)


@pytest.mark.parametrize("target", ["orders", "spend"])
def test_orders_and_spend_are_those_of_an_own_horizon(target: str, examples: Examples) -> None:
    said = OwnRate().fit(examples, TARGETS[target], 0).predict(examples)
    facts, horizons = examples.facts, examples.facts["observed_days"] / examples.horizon_days
    spent = facts["repeat_value_mean"] * (facts["purchase_days"] - 1)
    happened = facts["lifetime_orders"] - 1 if target == "orders" else spent
    np.testing.assert_allclose(said, (happened + mean_of(examples, target)) / (horizons + 1), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("target", ["purchase", "orders", "spend"])
def test_who_is_brand_new_gets_the_mean(target: str, examples: Examples) -> None:
    fitted = OwnRate().fit(examples, TARGETS[target], 0)
    new = {name: np.zeros(len(examples)) for name in examples.facts}
    new |= {name: np.ones(len(examples)) for name in ("lifetime_orders", "purchase_days")}
    said = fitted.predict(replace(examples, facts=new))
    np.testing.assert_allclose(said, fitted.mean)
    assert set(fitted.contributions(examples).names) == {TOLD_AS[fitted.kind]}


def test_it_is_printed_beside_the_other_baselines() -> None:
    assert MODELS["own_rate"].is_baseline
