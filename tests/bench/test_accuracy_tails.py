from __future__ import annotations

import numpy as np
import pytest
from bench.accuracy.intervals import QUANTILES
from bench.accuracy.tails import Share, right, tails

Forecasts = dict[str, np.ndarray]


def customers(number: int) -> tuple[Forecasts, np.ndarray, np.ndarray]:
    """Customers who spend nothing, or exponentially with a mean, and what right scores say of them."""
    random = np.random.default_rng(5)
    chance, mean = random.uniform(0.3, 1.0, number), random.gamma(2, 50, number)
    ranks = {name: np.clip((level - (1 - chance)) / chance, 0.0, None) for name, level in QUANTILES.items()}
    quantiles = {name: -mean * np.log1p(-rank) for name, rank in ranks.items()}
    spent = np.where(random.random(number) < chance, random.exponential(mean), 0.0)
    return {"purchase": chance, "spend": chance * mean, **quantiles}, spent, np.arange(number, dtype=np.uint64)


def test_a_tenth_lies_beyond_each_end_where_the_scores_are_right() -> None:
    found = tails(*customers(60_000))
    for name in ("above_high", "below_low", "buyers_above", "buyers_below"):
        for number in range(1, 6):
            assert found[f"{name}_{number}"].share == pytest.approx(0.1, abs=0.03)
    assert found["above_high_1"].customers == 12_000
    for name in ("pit_inside", "pit_inside_of_buyers"):
        assert found[name].share == pytest.approx(0.8, abs=0.015)


def test_buyers_show_what_the_zeros_of_others_hide() -> None:
    forecasts, spent, keys = customers(60_000)
    found = tails(forecasts, np.where(forecasts["spend"] < 30, spent * 2, spent), keys)
    assert found["buyers_above_1"].share > 0.2
    assert found["buyers_above_5"].share == pytest.approx(0.1, abs=0.02)
    assert found["buyers_above_1"].share > found["above_high_1"].share


def test_what_nobody_falls_into_is_left_out() -> None:
    forecasts, _, keys = customers(50)
    found = tails({**forecasts, "spend_low": np.zeros(50)}, np.zeros(50), keys)
    assert "pit_inside" in found
    assert not any(name.startswith(("buyers", "below")) or name.endswith("buyers") for name in found)


def test_a_share_of_few_is_allowed_more_chance_and_of_very_few_is_not_asked() -> None:
    shares = [Share(0.12, 5_000), Share(0.14, 5_000), Share(0.16, 100), Share(0.5, 9)]
    assert right(shares, 0.1, 0.03) == (3, 1, 2)
