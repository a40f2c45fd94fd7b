"""A trial holds every forecast of a set at a past cutoff, made of what was known then, and where customers came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.backtest.proof import Proof
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days
from foretell.segments.migration import landing_mixture
from foretell.segments.migration.transition_tables import BASELINES
from foretell.segments.movement.trial import trials
from foretell.segments.rfm import Rfm
from foretell.segments.value import Value
from foretell.timelines.engine import Engine


class ValueByFeature(Value):
    """The same tiers of a set that says it reads a feature, which no simulated order can change."""

    name = "by_feature"
    features = ("gap_days_mean",)


@pytest.fixture(scope="module")
def engine(shop_main: RunOverHorizon) -> Engine:
    """The engine over the shop."""
    return kept_engine(shop_main.request)


def cutoffs_of(run: RunOverHorizon) -> tuple[int, ...]:
    assert run.plan.proving is not None
    return run.plan.proving.tests


def test_every_forecast_is_a_distribution_over_the_same_customers(shop_main: RunOverHorizon, engine: Engine) -> None:
    found = trials(engine, shop_main.plan, shop_main.proof, [Rfm(), Value()], cutoffs_of(shop_main)[0])
    assert list(found) == ["rfm", "value"]
    for one in found.values():
        assert set(one.forecasts) == {landing_mixture.NAME, *(baseline.name for baseline in BASELINES)}
        for chance in one.forecasts.values():
            assert chance.shape == (len(one.moves), len(one.moves.segments))
            np.testing.assert_allclose(chance.sum(axis=1), 1, atol=1e-6)
        assert one.moves.simulated is not None
        assert len(one.moves.simulated) == len(one.moves)
        assert one.newcomers.sum() == int(one.newcomers.sum()) >= 0


def test_what_came_after_the_cutoff_changes_no_forecast(shop_main: RunOverHorizon, engine: Engine) -> None:
    plan, test = shop_main.plan, cutoffs_of(shop_main)[-1]
    assert plan.proving is not None
    found = trials(engine, plan, shop_main.proof, [Value()], test)["value"]
    early = replace(plan, as_of=test + days(1))
    again = trials(engine, early, shop_main.proof, [Value()], test)["value"]
    both = np.isin(found.moves.customer_key, again.moves.customer_key)
    for name, chance in again.forecasts.items():
        np.testing.assert_array_equal(chance, found.forecasts[name][both], name)
    assert (again.moves.came()[0] != found.moves.came()[0][both]).any(), "what came is not known yet"


def test_only_where_simulated_orders_change_what_a_set_reads_they_are_asked(
    shop_main: RunOverHorizon, engine: Engine
) -> None:
    sets, test = [Value(), ValueByFeature()], cutoffs_of(shop_main)[0]
    found = trials(engine, shop_main.plan, shop_main.proof, sets, test)
    assert found["by_feature"].moves.simulated is None
    plain, other = (found[name].forecasts for name in ("value", "by_feature"))
    assert (plain["stays"] == other["stays"]).all()
    assert (plain[landing_mixture.NAME] != other[landing_mixture.NAME]).any()


def test_without_a_chance_of_an_order_nothing_is_tried(shop_main: RunOverHorizon, engine: Engine) -> None:
    nobody = Proof((), (), {}, {}, {})
    assert trials(engine, shop_main.plan, nobody, [Value()], cutoffs_of(shop_main)[0]) == {}
