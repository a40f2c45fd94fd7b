from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.backtest.comparison import MARGINS, compare, holm
from foretell.backtest.forecast import Forecast

Maker = Callable[..., Forecast]


def test_a_clearly_better_model_is_better_whichever_way_the_metric_points(forecast_of: Maker) -> None:
    forecasts = [forecast_of(seed=s, model=m, noise=n) for s in (1, 2) for m, n in (("good", 0.1), ("poor", 2.0))]
    metrics = ["auroc", "average_precision", "log_loss"]
    found = compare(forecasts, "good", ["poor"], metrics, seed=1)
    assert [c.verdict for c in found] == ["better"] * 3
    assert all(c.gain is not None and c.low is not None and 0 < c.low < c.gain for c in found)
    assert [c.verdict for c in compare(forecasts, "poor", ["good"], metrics, seed=1)] == ["worse"] * 3


def test_a_difference_within_the_margin_is_a_tie_however_sure(forecast_of: Maker) -> None:
    true = forecast_of(rows=4_000)
    biased = replace(true, model="biased", predicted=np.clip(true.predicted * 1.02, 0, 1))
    (found,) = compare([true, biased], "ours", ["biased"], ["log_loss"], seed=1)
    assert found.gain is not None
    assert 0 < found.gain < found.margin
    assert found.verdict == "tie"


def test_a_difference_that_may_be_chance_is_a_tie_however_large(forecast_of: Maker) -> None:
    forecasts = [forecast_of(rows=40, model="ours", noise=0.6), forecast_of(rows=40, model="other", noise=0.9)]
    (found,) = compare(forecasts, "ours", ["other"], ["auroc"], seed=1)
    assert found.gain is not None
    assert found.adjusted_p is not None
    assert abs(found.gain) > found.margin
    assert found.adjusted_p > 0.05
    assert found.verdict == "tie"


def test_the_margin_of_log_loss_is_a_share_of_the_others(forecast_of: Maker) -> None:
    other = forecast_of(model="other", noise=1.0)
    (found,) = compare([forecast_of(), other], "ours", ["other"], ["log_loss"], seed=1)
    loss = -np.log(np.where(other.actual > 0, other.predicted, 1 - other.predicted)).mean()
    assert found.margin == pytest.approx(0.01 * loss)


def test_what_cannot_be_computed_is_unknown_and_does_not_count_as_a_test(forecast_of: Maker) -> None:
    nothing = [replace(forecast_of(model=m), slices={"all": np.zeros(300, dtype=bool)}) for m in ("ours", "other")]
    (found,) = compare(nothing, "ours", ["other"], ["auroc"], seed=1)
    assert (found.verdict, found.gain, found.adjusted_p) == ("unknown", None, None)


def test_a_metric_without_a_margin_is_refused_with_those_that_have_one(forecast_of: Maker) -> None:
    with pytest.raises(ValueError, match=r"no margin for spearman; there is one for .*auroc"):
        compare([forecast_of()], "ours", [], ["spearman"], seed=1)


def test_margins_are_those_of_the_protocol() -> None:
    sizes = {name: margin.size for name, margin in MARGINS.items()}
    assert sizes["auroc"] == 0.004
    assert sizes["average_precision"] == 0.006
    assert sizes["normalised_gini"] == 0.01
    assert sizes["log_loss"] == 0.01


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_rejects_what_stepping_down_rejects(p_values: list[float]) -> None:
    adjusted = holm(np.array(p_values))
    for level in (0.01, 0.05, 0.2):
        rejected = set()
        for rank, index in enumerate(np.argsort(p_values, kind="stable")):
            if p_values[index] * (len(p_values) - rank) > level:
                break
            rejected.add(int(index))
        assert rejected == set(np.flatnonzero(adjusted <= level).tolist())
