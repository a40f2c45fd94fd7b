"""Side by side, each model says what it says alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foretell.answers.published import PublishedRun
from foretell.forecasts.orders.baselines import BASELINES
from foretell.pipeline.intake.log import kept_engine
from foretell.project.intervals import days
from foretell.scores.side_by_side import lost_features, side_by_side


def test_models_say_together_what_they_say_alone_and_what_was_published(shop_run: PublishedRun) -> None:
    main, engine = shop_run.main, kept_engine(shop_run.request)
    models, baselines = main.models, main.read(BASELINES)
    both = side_by_side(engine, main.plan, main.plan.as_of, [models, baselines], main.scored.season)
    alone = side_by_side(engine, main.plan, main.plan.as_of, [baselines], main.scored.season)
    assert both.chance[1].tolist() == alone.chance[0].tolist()
    assert both.customer_key.tolist() == main.customers["customer_key"].to_pylist()
    assert both.customer_id.to_pylist() == [str(one) for one in main.customers["customer_id"].to_pylist()]
    assert both.chance[0] == pytest.approx(main.customers["p_purchase"].to_pylist(), abs=1e-12)
    assert both.spend[0] == pytest.approx(main.customers["expected_spend"].to_pylist(), rel=1e-9)


def test_before_every_order_there_is_nobody(shop_run: PublishedRun) -> None:
    main, engine = shop_run.main, kept_engine(shop_run.request)
    nobody = side_by_side(engine, main.plan, main.plan.as_of - days(900), [main.models], main.scored.season)
    assert nobody.chance.shape == nobody.spend.shape == (1, 0)
    assert len(nobody.customer_key) == len(nobody.customer_id) == 0


def test_features_that_the_log_yields_no_longer_are_named(shop_run: PublishedRun) -> None:
    engine, models = kept_engine(shop_run.request), shop_run.main.models
    assert lost_features(engine, models) == []
    more = replace(models, feature_names=(*models.feature_names, "visits_in_a_dream: often"))
    assert lost_features(engine, more) == ["visits_in_a_dream"]
