"""A run keeps its forecast for good, with what its own tests promised."""

from __future__ import annotations

from foretell.answers.published import PublishedRun
from foretell.outcomes.grading.promise import promise_of
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.loop.keeping import KEPT_FOR_GOOD
from foretell.pipeline.loop.rehearsing import rehearsal_of


def test_a_run_keeps_the_forecast_that_it_published_with_its_promise(shop_run: PublishedRun) -> None:
    (kept,) = shop_run.catalogue.kept_for_good(PUBLISHED_FORECAST.name)
    assert (kept.run, kept.as_of, kept.horizon_days) == (shop_run.record.run, shop_run.main.plan.as_of, 30)
    assert kept.kept == shop_run.record.artefacts[30, KEPT_FOR_GOOD[0]]
    forecast = shop_run.main.read(PUBLISHED_FORECAST)
    assert forecast.promise == promise_of(shop_run.main.proof, 30)
    assert forecast.model_id == shop_run.main.models.model_id
    assert forecast.segment_set == "rfm"
    assert forecast.rehearsal == rehearsal_of(kept_engine(shop_run.request), shop_run.main.plan, shop_run.main.proof)
    assert not kept.is_back_dated
    assert kept.known_until == kept.as_of
