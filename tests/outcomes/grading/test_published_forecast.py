"""The forecast that is kept: what was published, small, and without those who are forgotten."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.forecasts.orders.baselines import BASELINES
from foretell.outcomes.estimates.rehearsal import NOT_REHEARSED
from foretell.outcomes.grading.published_forecast import (
    AMOUNTS,
    CHANCES,
    OF_BASELINES,
    PUBLISHED_FORECAST,
    Terms,
    forecast_to_keep,
)
from foretell.project.intervals import days
from foretell.project.request import Asked
from outcomes.grading.kept_forecasts import AS_OF, forecast

BYTES_A_CUSTOMER = 82


def test_what_is_kept_is_what_was_published(shop_main: RunOverHorizon) -> None:
    kept, scores = shop_main.read(PUBLISHED_FORECAST), shop_main.scores
    assert kept.customers["customer_id"].to_pylist() == scores["customer_id"].to_pylist()
    assert (np.diff(kept.keys.astype(object)) > 0).all()
    for name in (*CHANCES, *AMOUNTS):
        told = scores[name].to_numpy()
        assert np.allclose(kept.column(name), told, rtol=1e-6, equal_nan=True), name
    assert kept.customers["segment"].to_pylist() == scores["segment"].to_pylist()
    assert kept.thresholds == shop_main.models.thresholds
    baselines = shop_main.read(BASELINES)
    serving = shop_main.models.names
    assert kept.baselines == {target: name for target, name in baselines.names.items() if serving.get(target) != name}
    for name, column in OF_BASELINES.items():
        assert np.isfinite(kept.column(column)).all()
        assert not np.allclose(kept.column(name), kept.column(column))
    assert (kept.as_of, kept.horizon_days) == (shop_main.plan.as_of, 30)


def test_it_is_slim(shop_main: RunOverHorizon) -> None:
    kept = shop_main.read(PUBLISHED_FORECAST)
    assert kept.customers.nbytes / len(kept.customers) < BYTES_A_CUSTOMER


def test_an_age_that_no_shop_has_is_cut_and_none_is_new(shop_main: RunOverHorizon) -> None:
    customers = shop_main.customers
    age = np.full(len(customers), 1e6)
    age[0] = np.nan
    place = customers.column_names.index("age_days")
    odd = customers.set_column(place, "age_days", [age])
    kept = forecast_to_keep(
        shop_main.scores,
        odd,
        shop_main.plan,
        Terms("", "", Asked(), None, {}, NOT_REHEARSED, {}),
        shop_main.read(PUBLISHED_FORECAST).promise,
    )
    assert kept.customers["age_days"].to_pylist()[:2] == [0, 2**15 - 1]


@pytest.mark.parametrize("who", ["b", " B "])
def test_the_row_of_a_forgotten_customer_goes_and_the_others_stay(who: str) -> None:
    own = forecast({"a": 0.5, "b": 0.6, "c": 0.7})
    rest = own.without(Forgotten.looked_for([who.strip().lower()]))
    assert sorted(rest.customers["customer_id"].to_pylist()) == ["a", "c"]
    assert own.without(Forgotten.looked_for(["nobody"])) is own
    assert (rest.window.start, rest.window.end) == (AS_OF, AS_OF + days(30))
