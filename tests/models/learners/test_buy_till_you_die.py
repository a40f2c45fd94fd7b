"""A process behind the contract: its own forecasts in the target's unit, learned from the newest facts alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.btyd import gamma_gamma
from foretell.btyd.beta_geometric import BG_NBD
from foretell.btyd.summary import in_weeks
from foretell.examples.examples import Examples
from foretell.models.baselines.outcome_table import OutcomeTable
from foretell.models.contract import CannotFit
from foretell.models.learners import buy_till_you_die
from foretell.models.learners.buy_till_you_die import OWN_RHYTHM, BgNbd, MbgNbd, ParetoNbd
from foretell.models.learners.spend_curve import SpendCurve
from foretell.project.objectives import TARGETS

PURCHASE, ORDERS, SPEND = (TARGETS[name] for name in ("purchase", "orders", "spend"))


def triples(examples: Examples) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return in_weeks(*(examples.facts[name] for name in ("purchase_days", "first_to_last_days", "observed_days")))


def test_each_target_is_told_in_its_unit(examples: Examples) -> None:
    weeks = examples.horizon_days / 7
    chance, orders, spend = (BgNbd().fit(examples, target, 0) for target in (PURCHASE, ORDERS, SPEND))
    assert chance.parameters == orders.parameters == spend.parameters
    told = BG_NBD.probability_of_order(chance.parameters, *triples(examples), weeks)
    np.testing.assert_allclose(chance.predict(examples), told, atol=1e-5)
    days = BG_NBD.expected_orders(chance.parameters, *triples(examples), weeks)
    np.testing.assert_allclose(orders.predict(examples), orders.orders_per_day * days, rtol=1e-9, atol=1e-6)
    assert spend.value is not None
    repeats, mean = examples.facts["purchase_days"] - 1, examples.facts["repeat_value_mean"]
    each = gamma_gamma.expected_value(spend.value, repeats, mean)
    np.testing.assert_allclose(spend.predict(examples), days * each, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("model", [BgNbd(), MbgNbd(), ParetoNbd()], ids=lambda model: model.name)
def test_only_the_newest_cutoff_teaches_and_labels_do_not(model: BgNbd, examples: Examples) -> None:
    newest = examples.take(examples.cutoff == examples.cutoff.max())
    fitted = model.fit(examples, PURCHASE, 0)
    assert model.fit(replace(newest, labels={}), PURCHASE, 9) == fitted


def test_of_many_customers_those_with_the_smallest_keys_teach(
    examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = examples.take(examples.cutoff == examples.cutoff.max())
    monkeypatch.setattr(buy_till_you_die, "MOST_CUSTOMERS", 100)
    few = newest.take(np.argsort(newest.customer_key)[:100])
    assert BgNbd().fit(newest.take(np.arange(len(newest))[::-1]), PURCHASE, 0) == BgNbd().fit(few, PURCHASE, 0)


@pytest.mark.parametrize(("target", "told_by"), [("high_value", SpendCurve), ("decline", OutcomeTable)])
def test_a_tier_and_a_decline_are_told_by_spend(target: str, told_by: type, examples: Examples) -> None:
    fitted = BgNbd().fit(examples, TARGETS[target], 0)
    assert isinstance(fitted.told_by_spend, told_by)
    ranking = fitted.expected_spend(examples, examples.horizon_days)
    if target == "decline":
        ranking /= np.maximum(examples.facts["trailing_spend"], 1e-4)
    steps = np.diff(fitted.predict(examples)[np.argsort(ranking, kind="stable")])
    assert (steps >= -1e-9).all() if target == "high_value" else (steps <= 1e-9).all()


def test_a_purchase_day_may_hold_several_orders(examples: Examples) -> None:
    doubled = replace(examples, facts={**examples.facts, "lifetime_orders": 2 * examples.facts["lifetime_orders"]})
    one, two = (BgNbd().fit(rows, ORDERS, 0).predict(examples) for rows in (examples, doubled))
    np.testing.assert_allclose(two, 2 * one, atol=1e-6)


def test_a_longer_horizon_and_a_shift_move_the_link(examples: Examples) -> None:
    fitted = BgNbd().fit(examples, ORDERS, 0)
    longer, shorter = fitted.link(examples, 180), fitted.link(examples, 60)
    assert (longer >= shorter).all()
    assert np.median(longer - shorter) > 0.5
    moved = replace(fitted, shift=0.5)
    np.testing.assert_allclose(moved.predict(examples), fitted.predict(examples) * np.exp(0.5))
    told = moved.contributions(examples)
    assert (told.names, told.base) == ((OWN_RHYTHM,), fitted.base + 0.5)


def test_nobody_and_no_values_are_refused(examples: Examples) -> None:
    with pytest.raises(CannotFit, match="there are no customers"):
        BgNbd().fit(examples.take(np.arange(0)), PURCHASE, 0)
    with pytest.raises(CannotFit, match="no order values were fitted"):
        BgNbd().fit(examples, PURCHASE, 0).expected_spend(examples, 30)
