"""Without a table: the regression that has not its features, and nothing where there is no such table."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.examples.examples import FACTS, Examples
from foretell.forecasts.orders.without_tables import WITH_ALL, table_of, tables_of, without_tables
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.logistic import Logistic
from foretell.project.objectives import TARGETS

ROWS = 400


@pytest.fixture
def rows() -> Examples:
    """Customers who order where they visit; messages tell nothing."""
    random = np.random.default_rng(5)
    names = ("orders_life", "events_30d", "contacts_30d", "contacts_90d")
    features = random.poisson(3, (ROWS, len(names))).astype(np.float64)
    ordered = (random.random(ROWS) < 1 / (1 + np.exp(3 - features[:, 1]))).astype(np.float64)
    return Examples(
        30, np.arange(ROWS, dtype=np.uint64), np.full(ROWS, 7), names, features, dict.fromkeys(FACTS, np.ones(ROWS)),
        {"ordered": ordered}, {"all": np.ones(ROWS, dtype=bool)},
    )  # fmt: skip


def test_a_feature_and_its_indicator_belong_to_a_table() -> None:
    assert [table_of(name) for name in ("orders_life", "visit_days_7d", "profile_city: Bonn", "no such")] == [
        "", "events", "profiles", "",
    ]  # fmt: skip
    assert tables_of(["orders_life", "profile_city: Bonn", "events_7d", "events_30d"]) == ("events", "profiles")


def test_each_table_is_left_out_in_turn(rows: Examples) -> None:
    taught, judged = rows.take(np.arange(ROWS) < 300), rows.take(np.arange(ROWS) >= 300)
    found = without_tables(FittedOnce(taught, 0), judged)
    assert set(found) == {WITH_ALL, "events", "contacts"}
    kept = ["orders_life", "contacts_30d", "contacts_90d"]
    alone = Logistic().fit(taught.with_features(kept), TARGETS["purchase"], 0).predict(judged.with_features(kept))
    assert found["events"].predicted == pytest.approx(alone, abs=1e-6)
    for one in found.values():
        assert one.actual.tolist() == judged.labels["ordered"].tolist()
        assert one.customer_key.tolist() == judged.customer_key.tolist()


def test_orders_alone_and_one_outcome_teach_nothing(rows: Examples) -> None:
    assert without_tables(FittedOnce(rows.with_features(["orders_life"]), 0), rows) == {}
    same = rows.take(rows.labels["ordered"] == 1)
    assert without_tables(FittedOnce(same, 0), same) == {}
