"""The rows of a forecast are paired by customer, in whatever order they came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from foretell.backtest.forecast import Forecast
from foretell.project.objectives import Kind

Maker = Callable[..., Forecast]


@pytest.mark.parametrize("kind", ["probability", "count", "amount"])
def test_by_customer_the_order_of_rows_does_not_matter(
    kind: Kind, forecast_of: Maker, shuffled: Callable[[Forecast], Forecast]
) -> None:
    forecast = forecast_of(kind)
    moved = shuffled(forecast)
    assert moved.customer_key.tolist() != forecast.customer_key.tolist()
    for name in ("customer_key", "predicted", "actual"):
        one, other = getattr(forecast, name), getattr(moved, name)
        assert one[forecast.by_customer].tobytes() == other[moved.by_customer].tobytes()
    assert (np.diff(moved.customer_key[moved.by_customer].astype(np.int64)) > 0).all()


def test_rows_of_one_customer_stay_in_their_order(forecast_of: Maker) -> None:
    keys = np.tile(np.array([9, 2, 2**64 - 1], dtype=np.uint64), 100)
    places = replace(forecast_of(), customer_key=keys).by_customer.tolist()
    assert places == sorted(range(300), key=lambda place: (int(keys[place]), place))


def test_no_rows_have_no_order(forecast_of: Maker) -> None:
    forecast = forecast_of(rows=0)
    assert forecast.by_customer.tolist() == []
    assert forecast.by_customer.dtype == np.int64
