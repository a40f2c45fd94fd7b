from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from foretell.backtest.bootstrap import CustomerWeights
from foretell.backtest.forecast import Forecast
from foretell.backtest.paired import difference, replicated, same_rows

Maker = Callable[..., Forecast]


def weights_for(forecasts: list[Forecast], replicates: int = 200, most: int = 20_000) -> CustomerWeights:
    return CustomerWeights.drawn([f.customer_key for f in forecasts], 1, replicates, most)


def test_a_model_does_not_differ_from_itself(forecast_of: Maker) -> None:
    forecasts = [forecast_of(seed=1), forecast_of(seed=2)]
    own = replicated(forecasts, "auroc", "all", weights_for(forecasts))
    found = difference(own, own)
    assert found is not None
    assert (found.value, found.low, found.high, found.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_the_difference_is_the_mean_over_cutoffs_and_turns_its_sign(forecast_of: Maker) -> None:
    ours = [forecast_of(seed=s) for s in (2, 1)]
    theirs = [forecast_of(seed=s, model="theirs", noise=1.5) for s in (1, 2)]
    weights = weights_for(ours)
    a, b = (replicated(f, "auroc", "all", weights) for f in (ours, theirs))
    found, turned = difference(a, b), difference(b, a)
    assert found is not None
    assert turned is not None
    assert found.value == pytest.approx((a.values - b.values).mean())
    assert found.low > 0
    assert found.p_value < 0.01
    assert (turned.value, turned.low, turned.high) == pytest.approx((-found.value, -found.high, -found.low))


def test_pairing_makes_the_interval_narrower_than_two_models_apart(forecast_of: Maker) -> None:
    ours, theirs = [forecast_of(noise=0.3)], [forecast_of(model="theirs", noise=0.5)]
    weights = weights_for(ours)
    a, b = (replicated(f, "auroc", "all", weights) for f in (ours, theirs))
    paired = (a.replicates - b.replicates).std()
    assert paired < 0.7 * np.hypot(a.replicates.std(), b.replicates.std())


def test_a_cutoff_without_value_is_left_out_of_the_mean(forecast_of: Maker) -> None:
    ours, theirs = (
        [forecast_of(seed=1, model=m, noise=n), replace(forecast_of(seed=2, model=m), actual=np.zeros(300))]
        for m, n in (("ours", 0.0), ("theirs", 1.0))
    )
    weights = weights_for(ours)
    a, b = (replicated(f, "auroc", "all", weights) for f in (ours, theirs))
    found = difference(a, b)
    assert found is not None
    assert np.isnan(a.values[1])
    assert found.value == a.values[0] - b.values[0]


def test_a_sample_spreads_like_all_around_the_value_of_all(forecast_of: Maker) -> None:
    forecasts = [forecast_of(rows=4_000)]
    everybody = replicated(forecasts, "log_loss", "all", weights_for(forecasts))
    sample = replicated(forecasts, "log_loss", "all", weights_for(forecasts, most=1_000))
    assert sample.values.tolist() == everybody.values.tolist()
    assert sample.replicates.mean() == pytest.approx(everybody.values[0], abs=0.003)
    assert sample.replicates.std() == pytest.approx(everybody.replicates.std(), rel=0.25)


def test_different_cutoffs_or_rows_are_refused(forecast_of: Maker) -> None:
    one, other = forecast_of(seed=1), forecast_of(seed=2)
    weights = weights_for([one, other])
    with pytest.raises(ValueError, match="different cutoffs"):
        difference(replicated([one], "auroc", "all", weights), replicated([other], "auroc", "all", weights))
    with pytest.raises(ValueError, match="not judged on the same rows"):
        same_rows([one, replace(one, model="theirs", customer_key=one.customer_key + np.uint64(1))])


def test_the_same_rows_may_come_in_any_order(forecast_of: Maker, shuffled: Callable[[Forecast], Forecast]) -> None:
    one = forecast_of()
    same_rows([one, replace(shuffled(one), model="theirs")])
    weights = weights_for([one])
    first, again = (replicated([f], "auroc", "all", weights) for f in (one, shuffled(one)))
    found = difference(first, again)
    assert found is not None
    assert found.value == 0.0


def test_cutoffs_that_disagree_widen_the_interval_where_they_are_drawn_too(forecast_of: Maker) -> None:
    good, bad = ([forecast_of(noise=noise, rows=800, seed=seed) for seed in (1, 2)] for noise in (0.0, 2.0))
    weights = weights_for([*good, *bad])
    ours, theirs = (replicated(found, "auroc", "all", weights) for found in ([good[0], bad[1]], [bad[0], good[1]]))
    alike, drawn = difference(ours, theirs), difference(ours, theirs, over_cutoffs=True)
    assert alike is not None
    assert drawn is not None
    assert alike.value == drawn.value
    assert drawn.high - drawn.low > 2 * (alike.high - alike.low)
