"""Estimating the forecast of a shop: at its start, and by what has come of its own customers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.outcomes.estimates.confidence import expected_measures
from foretell.outcomes.estimates.rehearsal import TOTAL, Rehearsal
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.outcomes.grading.realised import realised
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.loop.estimating import estimates_so_far
from foretell.project.intervals import days


def test_at_the_start_it_is_what_the_chances_say(shop_main: RunOverHorizon) -> None:
    forecast = shop_main.read(PUBLISHED_FORECAST)
    found = estimates_so_far(kept_engine(shop_main.request), forecast, forecast.as_of)
    assert found.day == 0
    told = {(one.objective, one.metric): one.promised + one.change for one in found.each}
    chance = forecast.column("p_purchase")
    expected = expected_measures(chance, chance, forecast.thresholds["purchase"])
    assert {name: told["purchase", name] for name in expected} == pytest.approx(expected)
    active = forecast.customers["active"].to_numpy()
    leaving = expected_measures(1 - chance[active], 1 - chance[active], None)
    assert told["churn", "auroc"] == pytest.approx(leaving["auroc"])
    assert {one.tests for one in found.each} <= {2, 3, 4}


def test_what_has_come_is_that_of_its_own_customers(shop_main: RunOverHorizon) -> None:
    engine, kept = kept_engine(shop_main.request), shop_main.read(PUBLISHED_FORECAST)
    earlier = replace(kept, as_of=kept.as_of - days(20), customers=kept.customers.slice(0, 150))
    found = estimates_so_far(engine, earlier, kept.as_of)
    assert found.day == 19
    happened = realised(engine, earlier.as_of, 19, shop_main.plan.survey).of_keys(earlier.keys)[1]
    came = {one.objective: one.so_far for one in found.each if one.metric == TOTAL}
    assert came == pytest.approx(
        {"buyers": happened["ordered"].sum(), "orders": happened["orders"].sum(), "spend": happened["spend"].sum()}
    )
    assert all(np.isfinite(one.promised + one.change) for one in found.each)


def test_nothing_rehearsed_says_why(shop_main: RunOverHorizon) -> None:
    forecast = replace(shop_main.read(PUBLISHED_FORECAST), rehearsal=Rehearsal(missing="nothing was tested"))
    found = estimates_so_far(kept_engine(shop_main.request), forecast, forecast.as_of)
    assert (found.missing, found.each) == ("nothing was tested", ())
