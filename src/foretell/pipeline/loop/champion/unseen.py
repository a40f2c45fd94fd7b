"""Outcomes that neither model could have seen: a challenger's tests at cutoffs on or after the champion's training."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from foretell.backtest.forecast import Forecast
from foretell.backtest.proof import PROOF
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE
from foretell.forecasts.season.windows import SEASON, shift_at
from foretell.outcomes.retraining.challenge import Compared, compared, on_the_same_rows
from foretell.pipeline.loop.champion.new_version import Unpublished
from foretell.pipeline.loop.versions import Listed
from foretell.scores.side_by_side import lost_features, side_by_side

ASKED = ("purchase", "spend")
NAME = "champion"


def comparisons(challenger: Unpublished, champion: Listed) -> list[Compared]:
    """The questions on which both are held against the same outcomes; none where no cutoff is unseen by the champion,
    it was asked over other horizons, or the log yields its features no longer."""
    artefacts, plan, main = challenger.catalogue.artefacts, challenger.plans[0], challenger.main
    kept = champion.over(plan.horizon_days).get(MODELS_THAT_SERVE.name)
    if kept is None:
        return []
    models = artefacts.read(MODELS_THAT_SERVE, kept)
    if lost_features(challenger.log.engine, models) or not set(ASKED) <= set(models.models):
        return []
    proof, season = artefacts.read(PROOF, main[PROOF.name]), artefacts.read(SEASON, main[SEASON.name])
    tested = sorted(
        (
            one
            for one in proof.forecasts
            if one.objective in ASKED
            and one.model == proof.serving(one.objective)
            and one.cutoff >= champion.version.as_of
            and one.horizon_days == plan.horizon_days
        ),
        key=lambda one: one.cutoff,
    )

    def pairs() -> Iterator[tuple[Forecast, Forecast]]:
        for cutoff, own in groupby(tested, key=lambda one: one.cutoff):
            told = side_by_side(challenger.log.engine, plan, cutoff, [models], shift_at(season, cutoff, plan))
            said = {"purchase": told.chance[0], "spend": told.spend[0]}
            for one in own:
                yield on_the_same_rows(one, told.customer_key, said[one.objective], NAME)

    found = [pair for pair in pairs() if len(pair[0].actual)]
    rows = []
    for question in ASKED:
        ours, theirs = ([pair[place] for pair in found if pair[0].objective == question] for place in (0, 1))
        rows.append(compared(ours, theirs, challenger.request.settings.seed))
    return [one for one in rows if one is not None]
