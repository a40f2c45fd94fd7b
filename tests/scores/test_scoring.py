"""A customer is scored from their own timeline alone, and the forecasts of one customer agree with each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.examples.assembly import Assembly
from foretell.features import FEATURES
from foretell.forecasts.orders.serving import at_another_season
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days
from foretell.scores.customers import prior_of
from foretell.scores.scoring import LEVELS, Scoring
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.survey import Survey
from made_batch import batch

PRIOR = {"purchase": 0.25, "orders": 0.3, "high_value": 0.1}


def unlearned(*parts: tuple[int, int, int, int, int]) -> tuple[Scoring, Timelines]:
    """What scores where nothing could be learned, and a batch of order parts (customer, order, day, day, cents)."""
    made = batch(*((who, order, days(day), days(known), cents * 100) for who, order, day, known, cents in parts))
    assembly = Assembly((days(19_100),), 30, tuple(FEATURES), Survey.of(made), labelled=False)
    return Scoring(assembly, {}, None, tuple(FEATURES), 30, frozenset(), PRIOR), made


@pytest.fixture(scope="module")
def scoring(shop_main: RunOverHorizon) -> Scoring:
    """What scored the shop."""
    plan, today = shop_main.plan, at_another_season(shop_main.models, shop_main.scored.season)
    return Scoring(
        Assembly((plan.as_of,), plan.horizon_days, tuple(FEATURES), plan.survey, labelled=False),
        today.models,
        today.scatter,
        today.feature_names,
        today.trained_horizon_days,
        today.far_sighted,
        prior_of(plan),
        today.lifetime,
        typical=today.typical,
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
    near = replace(scoring, far_sighted=frozenset())
    far = replace(near, assembly=replace(near.assembly, horizon_days=2 * near.trained_horizon_days))
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
