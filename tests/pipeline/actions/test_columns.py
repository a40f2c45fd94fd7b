"""Rules of playbooks read scores, and features whether the run kept them or not."""

from __future__ import annotations

import numpy as np

from foretell.answers.published import PublishedRun
from foretell.pipeline.actions.columns import columns_named, kinds_of_run


def test_features_that_a_run_did_not_keep_are_computed_as_of_its_day(shop_run: PublishedRun) -> None:
    found = columns_named(shop_run, ["orders_life", "orders_7d", "spend_365d", "segment"])
    kept = shop_run.main.customers
    assert "orders_7d" not in kept.column_names
    assert found["orders_life"].tolist() == kept["lifetime_orders"].to_pylist()
    assert (found["orders_7d"] <= found["orders_life"]).all()
    late = kept["days_since_last"].to_numpy() < 7
    assert ((found["orders_7d"] > 0) == late).all()
    assert np.isfinite(found["spend_365d"]).all()


def test_every_feature_and_score_may_be_named_and_no_table_that_is_not_there(shop_run: PublishedRun) -> None:
    kinds = kinds_of_run(shop_run)
    assert kinds["orders_7d"] == kinds["p_churn"] == "number"
    assert kinds["segment"] == "text"
    assert "contacts_30d" not in kinds
