"""Ratios by the delta method."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.experiments.ratios import ratio_values


def test_the_spread_is_that_of_redrawn_ratios() -> None:
    random = np.random.default_rng(0)
    orders = 1.0 + random.poisson(2, 2_000)
    spend = orders * random.lognormal(3, 0.3, 2_000) + random.normal(0, 5, 2_000)
    values = ratio_values(spend, orders)
    assert values is not None
    assert values.mean() == pytest.approx(spend.sum() / orders.sum())
    draws = random.integers(0, 2_000, (1_500, 2_000))
    redrawn = (spend[draws].sum(axis=1) / orders[draws].sum(axis=1)).std()
    assert values.std() / np.sqrt(2_000) == pytest.approx(redrawn, rel=0.08)


def test_without_a_denominator_there_is_no_ratio() -> None:
    assert ratio_values(np.ones(3), np.zeros(3)) is None
    assert ratio_values(np.zeros(0), np.zeros(0)) is None
