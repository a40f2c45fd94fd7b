from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from foretell.backtest.forecast import Forecast
from foretell.backtest.panels import checked, is_finite, rows_of

Maker = Callable[..., Forecast]


def test_rows_come_by_ascending_customer_key(forecast_of: Maker) -> None:
    forecast = forecast_of()
    rows = rows_of(forecast, "active")
    assert forecast.slices["active"][rows].all()
    assert len(rows) == forecast.slices["active"].sum()
    assert (np.diff(forecast.customer_key[rows].astype(np.int64)) > 0).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"predicted": np.zeros(2)}, "predicted has shape"),
        ({"slices": {"all": np.ones(4, dtype=bool)}}, "slice all has shape"),
        ({"customer_key": np.array([1, 1, 2], dtype=np.uint64)}, "more than one row"),
        ({"actual": np.array([0.0, 1.0, np.nan])}, "not a finite number"),
        ({"actual": np.array([0.0, 1.0, 2.0])}, "neither 0 nor 1"),
        ({"predicted": np.array([0.0, 1.0, 1.1])}, "outside"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(forecast_of: Maker, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        checked(replace(forecast_of(rows=3), **wrong))


def test_a_number_that_is_none_is_noticed_wherever_it_stands(forecast_of: Maker) -> None:
    forecast = forecast_of("amount", rows=3)
    assert is_finite(forecast)
    assert not is_finite(replace(forecast, high=np.array([1.0, np.inf, 2.0])))
