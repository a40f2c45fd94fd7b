"""Baselines say what their formula says."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.baselines.rfm_cells import FittedCells
from foretell.models.registry import MODELS
from foretell.project.objectives import TARGETS


def _known(examples: Examples, label: str) -> np.ndarray:
    return ~np.isnan(examples.labels[label])


def test_the_base_rate_is_the_mean_of_known_outcomes(examples: Examples) -> None:
    known = _known(examples, "orders")
    predicted = MODELS["base_rate"].fit(examples, TARGETS["orders"], 0).predict(examples)
    np.testing.assert_allclose(predicted, examples.labels["orders"][known].mean())


def test_recency_never_rises_with_the_days_since_the_last_order(examples: Examples) -> None:
    predicted = MODELS["recency"].fit(examples, TARGETS["purchase"], 0).predict(examples)
    by_recency = predicted[np.argsort(examples.facts["days_since_last"], kind="stable")]
    assert (np.diff(by_recency) <= 1e-12).all()
    assert by_recency[0] > by_recency[-1] + 0.2


@pytest.mark.parametrize(("target", "fact"), [("orders", "trailing_orders"), ("spend", "trailing_spend")])
def test_status_quo_repeats_the_last_horizon(target: str, fact: str, examples: Examples) -> None:
    predicted = MODELS["status_quo"].fit(examples, TARGETS[target], 0).predict(examples)
    np.testing.assert_allclose(predicted, examples.facts[fact], rtol=1e-9, atol=1e-6)


def test_a_cell_of_many_customers_has_their_mean(examples: Examples) -> None:
    copies = examples.take(np.repeat(np.flatnonzero(_known(examples, "ordered")), 200))
    predicted = MODELS["rfm_cells"].fit(copies, TARGETS["purchase"], 0).predict(copies)
    whole = copies.labels["ordered"].mean()
    assert predicted.mean() == pytest.approx(whole, abs=0.01)
    of_two = MODELS["frequency_money"].fit(copies, TARGETS["purchase"], 0)
    assert isinstance(of_two, FittedCells)
    assert of_two.facts == ("purchase_days", "lifetime_spend")


def test_scaling_all_money_scales_spend_forecasts(examples: Examples) -> None:
    facts = dict(examples.facts)
    for name in ("lifetime_spend", "trailing_spend", "repeat_value_mean"):
        facts[name] = facts[name] * 100
    richer = Examples(
        examples.horizon_days,
        examples.customer_key,
        examples.cutoff,
        examples.feature_names,
        examples.features,
        facts,
        {**examples.labels, "spend": examples.labels["spend"] * 100},
        examples.eligible,
    )
    for name in ("base_rate", "recency", "rfm_cells", "bg_nbd", "gradient_boosting", "tweedie_regression"):
        one = MODELS[name].fit(examples, TARGETS["spend"], 0).predict(examples)
        other = MODELS[name].fit(richer, TARGETS["spend"], 0).predict(richer)
        np.testing.assert_allclose(other, 100 * one, rtol=2e-2, atol=1e-3, err_msg=name)
