"""Keeping the forecast of a run, so that it can meet its outcome: what goes in, and that it stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from foretell.backtest.proof import PROOF
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE
from foretell.outcomes.grading.promise import promise_of
from foretell.outcomes.grading.published_forecast import (
    PUBLISHED_FORECAST,
    PublishedForecast,
    Terms,
    forecast_to_keep,
)
from foretell.outcomes.retraining.shadow import SHADOW_SCORES
from foretell.pipeline.facts import MONEY, PLANNED, SEGMENTS_ASKED, Given, RunFact
from foretell.scores.customers import CUSTOMERS, SCORES
from foretell.segments.movement.cut_points import CUTS
from foretell.storage.artefacts import Artefact

KEPT_FOR_GOOD = (PUBLISHED_FORECAST.name, SHADOW_SCORES.name)
"""What stays when its run is deleted."""
TO_KEEP_A_FORECAST: tuple[Artefact[Any] | RunFact[Any], ...] = (
    *(PLANNED, SEGMENTS_ASKED, MONEY),
    *(PROOF, MODELS_THAT_SERVE, CUTS, CUSTOMERS, SCORES),
)


def forecast_of_run(of: Given) -> PublishedForecast:
    """The forecast of a run as it is kept for good: the published scores, and what the tests promised of them."""
    plan, models = of(PLANNED), of(MODELS_THAT_SERVE)
    asked, cuts = of(SEGMENTS_ASKED), of(CUTS)
    own = {name: points for name, points in cuts.cuts.items() if name == asked.segment_set}
    own_cuts = replace(cuts, cuts=own, events=()) if own else None
    terms = Terms(of(MONEY).currency, models.model_id, asked, own_cuts, models.thresholds)
    promise = promise_of(of(PROOF), plan.horizon_days)
    return forecast_to_keep(of(SCORES), of(CUSTOMERS).table, plan, terms, promise)
