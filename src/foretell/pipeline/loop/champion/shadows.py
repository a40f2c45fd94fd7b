"""Shadow scores of a run: what the predecessor and the best baseline say of the same customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.backtest.proof import PROOF, Proof
from foretell.examples.plan import Plan
from foretell.forecasts.orders.baselines import BASELINES
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE, Serving
from foretell.forecasts.season.windows import SEASON, shift_at
from foretell.outcomes.grading.realised import realised
from foretell.outcomes.retraining.early import early_days, fitted_exponent
from foretell.outcomes.retraining.model_version import ModelVersion
from foretell.outcomes.retraining.shadow import BASELINE, CHAMPION, PREDECESSOR, SHADOW_SCORES, ShadowScores
from foretell.pipeline.loop.versions import Listed
from foretell.project.intervals import days
from foretell.scores.side_by_side import lost_features, side_by_side
from foretell.storage.artefacts import Kept
from foretell.storage.catalogue import Catalogue
from foretell.storage.kept_for_good import KeptForGood
from foretell.timelines.engine import Engine

LINE = "line"
"""What the ingredients of shadow scores name beside fingerprints: the line of versions whose scores are judged
together."""


@dataclass(frozen=True)
class Shadowed:
    """What shadow scores of a run are made from: its log, its plan and results over the main horizon, by name, the
    version that serves with its predecessor, and the line that it belongs to."""

    engine: Engine
    plan: Plan
    made: Mapping[str, Kept]
    version: ModelVersion
    predecessor: Listed | None
    line: int


def shadow_scores(catalogue: Catalogue, of: Shadowed) -> Kept | None:
    """Keep the shadow scores of a run; None where there is nobody to compare with, or where the window of an earlier
    run of the line overlaps the early days of this one: it would tell nothing more."""
    artefacts, early = catalogue.artefacts, days(early_days(of.plan.horizon_days))
    earlier = [one.as_of for one in of_line(catalogue, of.line) if one.as_of < of.plan.as_of]
    if earlier and max(earlier) + early > of.plan.as_of:
        return None
    asked, went_in = {CHAMPION: of.made[MODELS_THAT_SERVE.name]}, {LINE: str(of.line)}
    if of.predecessor is not None:
        asked[PREDECESSOR] = of.predecessor.over(of.plan.horizon_days)[MODELS_THAT_SERVE.name]
    servings = {name: artefacts.read(MODELS_THAT_SERVE, kept) for name, kept in asked.items()}
    if of.predecessor is not None and lost_features(of.engine, servings[PREDECESSOR]):
        del servings[PREDECESSOR]
    if BASELINES.name in of.made and not of.version.stands_for:
        asked[BASELINE] = of.made[BASELINES.name]
        servings[BASELINE] = artefacts.read(BASELINES, asked[BASELINE])
    servings = {name: one for name, one in servings.items() if "purchase" in one.models}
    if CHAMPION not in servings or len(servings) < 2:
        return None
    went_in |= {name: asked[name].fingerprint for name in servings}
    went_in |= {"plan": of.made["plan"].fingerprint, "season": of.made[SEASON.name].fingerprint}
    kept, _ = artefacts.kept_or_made(SHADOW_SCORES, went_in, lambda: _made(catalogue, of, servings))
    return kept


def of_line(catalogue: Catalogue, line: int) -> list[KeptForGood]:
    """The shadow scores of a line, one a moment, the newest run's, the oldest moment first."""
    own = [one for one in catalogue.kept_for_good(SHADOW_SCORES.name) if one.kept.ingredients.get(LINE) == str(line)]
    return sorted({one.as_of: one for one in reversed(own)}.values(), key=lambda one: one.as_of)


def drop_other_lines(catalogue: Catalogue, line: int) -> None:
    """Keep no longer the shadow scores that nobody judges any more."""
    for one in catalogue.kept_for_good(SHADOW_SCORES.name):
        if one.kept.ingredients.get(LINE) != str(line):
            catalogue.drop_kept(one)


def early_exponent(engine: Engine, plan: Plan, proof: Proof) -> float:
    """What carries chances over the plan's horizon to its early days: fitted to the forecast of the newest test cutoff
    of the model that serves, and to who ordered in its first days; their part of the horizon without one."""
    early = early_days(plan.horizon_days)
    serves = proof.serving("purchase")
    tested = [
        one
        for one in proof.forecasts
        if (one.objective, one.model, one.horizon_days) == ("purchase", serves, plan.horizon_days)
    ]
    part = early / plan.horizon_days
    if not tested:
        return part
    newest = max(tested, key=lambda one: one.cutoff)
    known, came = realised(engine, newest.cutoff, early, plan.survey).of_keys(newest.customer_key)
    return fitted_exponent(newest.predicted[known], came["ordered"] > 0, part)


def _made(catalogue: Catalogue, of: Shadowed, servings: Mapping[str, Serving]) -> ShadowScores:
    plan, artefacts = of.plan, catalogue.artefacts
    season = shift_at(artefacts.read(SEASON, of.made[SEASON.name]), plan.as_of, plan)
    told = side_by_side(of.engine, plan, plan.as_of, list(servings.values()), season)
    columns = {name: told.chance[place].astype(np.float32) for place, name in enumerate(servings)}
    choice = artefacts.read(PROOF, of.made[PROOF.name]).choices.get("purchase")
    return ShadowScores(
        plan.as_of,
        plan.horizon_days,
        plan.timezone,
        of.version.number,
        of.predecessor.number if of.predecessor and PREDECESSOR in servings else 0,
        (choice.best_baseline if choice and BASELINE in servings else None) or "",
        early_days(plan.horizon_days),
        of.version.early_exponent,
        pa.table({"customer_key": told.customer_key, "customer_id": told.customer_id, **columns}),
    )
