"""A customer is scored from their own timeline alone, and the forecasts of one customer agree with each other."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.published import RunOverHorizon
from foretell.examples.assembly import Assembly
from foretell.features import FEATURES
from foretell.forecasts.orders.serving import Serving, at_another_season
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days
from foretell.scores.customers import prior_of
from foretell.scores.scoring import LEVELS, Scoring, moment_quantile
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.survey import Survey
from made_batch import batch

PRIOR = {"purchase": 0.25, "orders": 0.3, "high_value": 0.1}


def unlearned(*parts: tuple[int, int, int, int, int]) -> tuple[Scoring, Timelines]:
    """What scores where nothing could be learned, and a batch of order parts (customer, order, day, day, cents)."""
    made = batch(*((who, order, days(day), days(known), cents * 100) for who, order, day, known, cents in parts))
    assembly = Assembly((days(19_100),), 30, tuple(FEATURES), Survey.of(made), labelled=False)
    return Scoring(assembly, Serving("", {}, {}, None, tuple(FEATURES), 30, {}), PRIOR), made


@pytest.fixture(scope="module")
def scoring(shop_main: RunOverHorizon) -> Scoring:
    """What scored the shop."""
    plan, today = shop_main.plan, at_another_season(shop_main.models, shop_main.scored.season)
    return Scoring(
        Assembly((plan.as_of,), plan.horizon_days, tuple(FEATURES), plan.survey, labelled=False),
        today,
        prior_of(plan),
    )


@pytest.fixture(scope="module")
def timelines(shop_main: RunOverHorizon) -> Timelines:
    """Customers of the shop."""
    return kept_engine(shop_main.request).buckets[0].read(shop_main.plan.as_of, EVERY_KEY)


@pytest.fixture(scope="module")
def table(scoring: Scoring, timelines: Timelines) -> pa.Table:
    """Their scores."""
    return scoring(timelines)


def test_scores_are_those_that_the_run_kept(table: pa.Table, shop_main: RunOverHorizon) -> None:
    kept = shop_main.customers
    rows = np.searchsorted(kept["customer_key"].to_numpy(), table["customer_key"].to_numpy())
    for name in ("customer_id", "p_purchase", "expected_spend", "median_spend", "reasons", "lifetime_orders"):
        assert repr(table[name].to_pylist()) == repr(kept[name].take(pa.array(rows)).to_pylist()), name


def test_forecasts_of_a_customer_agree(table: pa.Table) -> None:
    p, orders, spend = (table[name].to_numpy() for name in ("p_purchase", "expected_orders", "expected_spend"))
    assert ((p > 0) & (p < 1) & (orders >= p) & (spend > 0)).all()
    names = ("low_90", "low", "low_50", "high_50", "high", "high_90")
    bounds = np.array([table[f"expected_spend_{name}"].to_numpy() for name in names])
    assert len(LEVELS) == len(names) + 1
    assert (np.diff(bounds, axis=0) >= 0).all()
    assert (bounds[0] >= 0).all()


def test_chance_and_spend_alone_are_those_of_the_table(scoring: Scoring, timelines: Timelines, table: pa.Table) -> None:
    chance, spend = scoring.chance_and_spend(timelines)
    assert chance.tolist() == table["p_purchase"].to_pylist()
    assert spend.tolist() == table["expected_spend"].to_pylist()


def test_beyond_the_horizon_that_was_trained_the_hazard_stays(scoring: Scoring, timelines: Timelines) -> None:
    near = replace(scoring, serving=replace(scoring.serving, names={}))
    far = replace(near, assembly=replace(near.assembly, horizon_days=2 * near.serving.trained_horizon_days))
    assert (near.stretch, far.stretch) == (1, 2)
    (chance, spend), (longer, more) = near.chance_and_spend(timelines), far.chance_and_spend(timelines)
    np.testing.assert_allclose(longer, 1 - (1 - chance) ** 2)
    np.testing.assert_allclose(more[spend > 1], 2 * spend[spend > 1])


def test_where_nothing_was_learned_everybody_has_the_prior_and_their_own_order_value() -> None:
    scoring, made = unlearned((1, 1, 19_000, 19_000, 1000), (1, 2, 19_050, 19_050, 3000), (2, 3, 19_090, 19_090, 500))
    table = scoring(made)
    assert table["customer_id"].to_pylist() == ["c1", "c2"]
    assert table["p_purchase"].to_pylist() == [0.25, 0.25]
    assert table["expected_orders"].to_pylist() == [0.3, 0.3]
    assert table["expected_spend"].to_pylist() == pytest.approx([0.3 * 20, 0.3 * 5])
    assert table["p_high_value"].to_pylist() == [0.1, 0.1]
    assert np.isnan(table["p_decline"].to_numpy()).all()
    assert table["lifetime_orders"].to_pylist() == [2, 1]


def test_a_customer_alone_scores_the_same_as_in_a_crowd() -> None:
    one, other = (1, 1, 19_000, 19_000, 1000), (2, 2, 19_090, 19_090, 500)
    scoring, both = unlearned(one, other)
    _, alone = unlearned(one)
    assert repr(scoring(alone).to_pylist()) == repr(scoring(both).to_pylist()[:1])


def test_who_only_gave_back_is_not_scored() -> None:
    scoring, made = unlearned((1, 1, 19_000, 19_000, 1000), (2, 2, 19_010, 19_010, -500))
    assert scoring(made)["customer_id"].to_pylist() == ["c1"]


CHANCES = st.floats(0.001, 1.0)
RANKS = np.linspace(0.01, 0.99, 50)


def at_levels(chance: float, orders: float, spend: float) -> np.ndarray:
    one = np.ones(1)
    return np.concatenate([moment_quantile(chance * one, orders * one, spend * one, level) for level in RANKS])


@given(CHANCES, st.floats(0.001, 50), st.floats(0, 1e6))
def test_a_higher_level_is_never_less_and_nothing_has_the_chance_of_no_order(
    chance: float, orders: float, spend: float
) -> None:
    found = at_levels(chance, orders, spend)
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert (found[1 - chance - 1e-9 > RANKS] == 0).all()
    assert (found[1 - chance + 1e-9 < RANKS] > 0).all() or spend < 1e-9


@given(CHANCES, st.floats(0.001, 50), st.floats(0.01, 1e6), st.floats(0.1, 100))
def test_in_another_currency_it_is_as_many_times_as_much(
    chance: float, orders: float, spend: float, rate: float
) -> None:
    np.testing.assert_allclose(at_levels(chance, orders, spend * rate), at_levels(chance, orders, spend) * rate)


def test_the_median_of_a_sure_order_is_that_of_the_log_normal() -> None:
    one = np.ones(1)
    assert moment_quantile(one, one, 90 * one, 0.5)[0] == pytest.approx(90 / math.sqrt(3))
    assert moment_quantile(one, 2 * one, 90 * one, 0.5)[0] == pytest.approx(90 / math.sqrt(2))


def test_the_mean_over_all_levels_is_the_expected_spend() -> None:
    levels = (np.arange(4_000) + 0.5) / 4_000
    for chance, orders in ((1.0, 1.0), (0.3, 0.5), (0.9, 8.0)):
        drawn = [
            moment_quantile(np.array([chance]), np.array([orders]), np.array([50.0]), level)[0] for level in levels
        ]
        assert np.mean(drawn) == pytest.approx(50, rel=0.02)


def test_many_orders_scatter_less_than_few() -> None:
    few, many = (at_levels(1.0, orders, 100.0) for orders in (1.0, 20.0))
    assert many[-1] - many[0] < few[-1] - few[0]


def test_customers_do_not_touch_each_other() -> None:
    chance, orders, spend = np.array([0.2, 1.0, 0.0]), np.array([0.3, 4.0, 0.0]), np.array([9.0, 70.0, 0.0])
    together = moment_quantile(chance, orders, spend, 0.9)
    alone = [
        moment_quantile(chance[row : row + 1], orders[row : row + 1], spend[row : row + 1], 0.9)[0] for row in range(3)
    ]
    assert together.tolist() == alone
    assert together[2] == 0
