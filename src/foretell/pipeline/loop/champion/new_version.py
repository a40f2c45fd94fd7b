"""From a training run to a model version: the record that is kept with its results, and its changelog."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from foretell.backtest.proof import PROOF
from foretell.examples.plan import Plan
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE, Serving
from foretell.forecasts.season.windows import SEASON, shift_at
from foretell.outcomes.retraining.changelog import Moved, changelog
from foretell.outcomes.retraining.model_version import MODEL_VERSION, ModelVersion, Recipe, Taught
from foretell.outcomes.retraining.shadow import SHADOW_SCORES
from foretell.pipeline.card import blend_in
from foretell.pipeline.facts import feature_code
from foretell.pipeline.intake.log import Log
from foretell.pipeline.loop.champion.shadows import Shadowed, early_exponent, shadow_scores
from foretell.pipeline.loop.versions import (
    Listed,
    ServingNow,
    listed,
    models_in,
    next_number,
    predecessor_of,
    proofs_to_keep,
)
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import day_of
from foretell.project.request import Request
from foretell.scores.customers import SCORES
from foretell.scores.side_by_side import lost_features, side_by_side
from foretell.storage.artefacts import Kept
from foretell.storage.catalogue import Catalogue

Made = Mapping[tuple[int, str], Kept]


@dataclass(frozen=True)
class Unpublished:
    """What a run made and nobody has published yet: the log, the plans, the main one first, and the results by
    horizon and name."""

    catalogue: Catalogue
    log: Log
    plans: Sequence[Plan]
    made: Made

    @property
    def main(self) -> dict[str, Kept]:
        """The results over the main horizon, by name."""
        return {name: kept for (days, name), kept in self.made.items() if days == self.plans[0].horizon_days}

    @property
    def request(self) -> Request:
        """What was asked, with the horizons that were settled."""
        days = tuple(plan.horizon_days for plan in self.plans)
        return replace(self.log.request, asked=replace(self.log.request.asked, horizons=days))


@dataclass(frozen=True)
class Versioned:
    """The results with the version and its shadow scores beside them, and what says that the version serves."""

    made: Made
    version: ModelVersion
    now: ServingNow


def versioned(found: Unpublished) -> Versioned:
    """The version that a training run is: a new one, or the one that has the same models. It serves once the run is
    published."""
    catalogue, plan = found.catalogue, found.plans[0]
    models = models_in(found.made)
    same = next((one for one in listed(catalogue) if one.can_serve and one.version.models == models), None)
    before = next((one for one in listed(catalogue) if one.serves), None)
    if same is not None:
        version, kept = same.version, same.parts[plan.horizon_days, MODEL_VERSION.name]
    else:
        version = _new(found, models, before)
        kept, _ = catalogue.artefacts.kept_or_made(
            MODEL_VERSION, {"version": fingerprint([version.request, version.as_json()])}, lambda: version
        )
    on = before is not None and not version.recipe.differences(before.version.recipe)
    now = ServingNow.of(catalogue).taken_over(version.number, same_line=on).scored(plan.as_of_day())
    proofs = proofs_to_keep(catalogue.artefacts, found.made)
    made = {**found.made, **proofs, (plan.horizon_days, MODEL_VERSION.name): kept}
    return Versioned(with_shadow(found, made, version, now), version, now)


def with_shadow(found: Unpublished, made: Made, version: ModelVersion, now: ServingNow) -> Made:
    """The results of a run that this version scores, with shadow scores where they tell something."""
    plan = found.plans[0]
    predecessor = next((one for one in listed(found.catalogue) if one.number == version.predecessor), None)
    there = predecessor if predecessor is not None and predecessor.can_serve else None
    asked = Shadowed(found.log.engine, plan, found.main, version, there, now.line)
    kept = shadow_scores(found.catalogue, asked)
    return {**made, (plan.horizon_days, SHADOW_SCORES.name): kept} if kept is not None else made


def recipe_of(found: Unpublished) -> Recipe:
    """How the models of a training run were made."""
    request, models = found.request, found.catalogue.artefacts.read(MODELS_THAT_SERVE, found.main["models"])
    return Recipe(
        dict(models.names),
        request.asked.horizons,
        request.settings.value,
        request.asked.proof,
        request.settings.seed,
        feature_code(),
        tuple(sorted(found.log.engine.tables)),
    )


def _new(found: Unpublished, models: str, before: Listed | None) -> ModelVersion:
    catalogue, plan = found.catalogue, found.plans[0]
    serving_now = catalogue.artefacts.read(MODELS_THAT_SERVE, found.main[MODELS_THAT_SERVE.name])
    held = predecessor_of(catalogue, plan.as_of, plan.horizon_days)
    version = ModelVersion(
        next_number(catalogue),
        before.number if before else 0,
        held.number if held else 0,
        plan.as_of,
        models,
        json.dumps(found.request.as_plain()),
        recipe_of(found),
        _taught(found, serving_now),
        early_exponent=early_exponent(found.log.engine, plan, catalogue.artefacts.read(PROOF, found.main[PROOF.name])),
    )
    told = changelog(version, before.version if before else None, _moved(found, serving_now, before))
    return replace(version, changes=told)


def _taught(found: Unpublished, models: Serving) -> Taught:
    plan, intake = found.plans[0], found.log.intake
    sources: dict[str, int] = {}
    for load in intake.loads:
        name = PurePath(load.source).name
        sources[name] = sources.get(name, 0) + load.rows_read - load.rejected
    blend = blend_in(models.models.get("purchase"))
    return Taught(
        plan.as_of_day(),
        day_of(plan.survey.log_start, plan.timezone),
        int(plan.survey.orders.counts.sum()),
        plan.survey.customers,
        sources,
        dict(intake.columns),
        models.feature_names,
        dict(blend.weights) if blend else {},
        fingerprint(sorted(load.load for load in intake.loads)),
    )


def _moved(found: Unpublished, models: Serving, before: Listed | None) -> Moved | None:
    """How far customers' chances move from the version that served; None where it cannot be asked."""
    plan, engine, artefacts = found.plans[0], found.log.engine, found.catalogue.artefacts
    then = before.over(plan.horizon_days).get(MODELS_THAT_SERVE.name) if before else None
    if then is None:
        return None
    others = artefacts.read(MODELS_THAT_SERVE, then)
    if lost_features(engine, others) or not (models.models and others.models):
        return None
    season = shift_at(artefacts.read(SEASON, found.main[SEASON.name]), plan.as_of, plan)
    told = side_by_side(engine, plan, plan.as_of, [models, others], season)
    scores = artefacts.read(SCORES, found.main[SCORES.name])
    of_id = dict(zip(map(str, scores["customer_id"].to_pylist()), scores["segment"].to_pylist(), strict=True))
    segment = [of_id.get(one) for one in told.customer_id.to_pylist()]
    return Moved.between(told.chance[0], told.chance[1], segment)
