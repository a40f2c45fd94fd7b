"""Training: the model that the proof chose for each target, taught by the newest ripe labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from foretell.backtest.proof import Proof
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.examples.plan import Plan
from foretell.examples.planned import PlannedExamples
from foretell.examples.policy import LEARNED_AS_USUAL, TaughtUnder
from foretell.features.registry import words_of
from foretell.forecasts.lifetime_value import lifetime_value
from foretell.forecasts.lifetime_value.lifetime_value import UNFITTED, LifetimeValue, restored_lifetime_value
from foretell.forecasts.orders.thresholds import TIER, thresholds_of, tier_shift_of
from foretell.forecasts.orders.without_tables import table_of
from foretell.forecasts.season.season import NO_SEASON, SeasonShift
from foretell.models import spend_distribution
from foretell.models.blend import Blend
from foretell.models.contract import CannotFit, Fitted
from foretell.models.fitted_once import FittedOnce
from foretell.models.level import Level
from foretell.models.levelled import levelled, mixed, seasoned
from foretell.models.registry import MODELS, STORED
from foretell.models.several_horizons import SeveralHorizons
from foretell.models.spend_distribution import SpendDistribution
from foretell.models.typical import NOTHING_TYPICAL, Typical, typical_of
from foretell.project.fingerprints import fingerprint, fingerprint_of_arrays
from foretell.project.objectives import Target
from foretell.project.request import IF_NOBODY
from foretell.storage.artefacts import Artefact
from foretell.storage.work import Work

UNPROVED = ("rfm_cells", "base_rate")
OVER_SEVERAL = ("purchase", "orders", "spend", TIER)
TYPICAL_ROWS = 3_000
BLENDS = frozenset({Blend.name, SeveralHorizons.name})


@dataclass(frozen=True)
class Serving:
    """The fitted models that serve, by target; `trained_horizon_days` differs from the horizon asked for where the
    log is too short for that. `model_id` is the fingerprint of everything that went in; `season` is what the
    level holds of it; `typical` is what its reasons are told against. `tier_shift` goes to the logit of the top tier:
    its chances, none above that of an order, then sum to its share. `under` is the policy that the scores follow."""

    model_id: str
    names: Mapping[str, str]
    models: Mapping[str, Fitted]
    scatter: SpendDistribution | None
    feature_names: tuple[str, ...]
    trained_horizon_days: int
    thresholds: Mapping[str, float]
    training_rows: int = 0
    lifetime: LifetimeValue = UNFITTED
    season: SeasonShift = NO_SEASON
    typical: Typical = NOTHING_TYPICAL
    tier_shift: float = 0.0
    under: TaughtUnder = LEARNED_AS_USUAL

    @property
    def far_sighted(self) -> frozenset[str]:
        """Targets whose model reaches beyond the horizon at which it learned."""
        return frozenset(target for target, name in self.names.items() if name == SeveralHorizons.name)

    def state(self) -> dict[str, Any]:
        """All that `restored` needs, as numbers, texts and arrays."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain | {
            "models": {target: dict(fitted.state()) for target, fitted in self.models.items()},
            "lifetime": dict(self.lifetime.state()),
        }

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> Serving:
        """The models of a stored state."""
        names, scatter = state["names"], state["scatter"]
        models = {target: STORED[names[target]].restore(kept) for target, kept in state["models"].items()}
        made = {
            "feature_names": tuple(state["feature_names"]),
            "models": models,
            "scatter": None if scatter is None else SpendDistribution(**scatter),
            "lifetime": restored_lifetime_value(state["lifetime"]),
            "season": SeasonShift(**state["season"]),
            "under": TaughtUnder(**state["under"]),
            "typical": Typical(**{**state["typical"], "features": tuple(state["typical"]["features"])}),
        }
        return cls(**{**state, **made})


MODELS_THAT_SERVE: Artefact[Serving] = Artefact("models", Serving, version=6)


def train(
    planned: PlannedExamples, today: Examples, plan: Plan, proof: Proof, season: SeasonShift, work: Work
) -> Serving:
    """Fit who serves each target; where nothing was proved, cells or the base rate; nothing without labels. Features of
    tables that add nothing, as the proof shows, are left out.

    `today` holds features and facts at the as-of date: they tell the level and, where the log is too short for the
    horizon, carry what was learned over a shorter one to the one asked for.
    """
    seed, examples = work.seed, planned.serving
    lifetime = lifetime_value.fit(today, proved_days(plan, proof))
    if examples is None or plan.serving is None:
        nothing, days = fingerprint(["nothing to learn", seed]), plan.horizon_days
        return Serving(nothing, {}, {}, None, (), days, {}, 0, lifetime, under=planned.under)
    taught = examples.take(np.isin(examples.cutoff, plan.serving.training))
    names = tuple(name for name in telling(taught) if table_of(name) not in proof.idle_tables)
    taught = taught.with_features(names)
    newest = taught.take(taught.cutoff == taught.cutoff.max())
    targets = [objective.target for objective in plan.objectives if not objective.target.told_by]
    work.progress.step("Training the models that serve", len(targets))
    models: dict[str, Fitted] = {}
    serving: dict[str, str] = {}
    today = today.with_features(names)
    is_short = plan.serving.shortened_from is not None
    once = FittedOnce(taught, seed)
    several = [rows.with_features(names) for rows in planned.several] or ([taught] if is_short else [])
    bridged = _over_several(several, today, targets, seed) if several else {}
    for target in targets:
        proved, told = proof.serving(target.name), _Told(proof, planned.under)
        work.progress.advance()
        if target.name in bridged and (is_short or proved in (None, Blend.name)):
            of_several = 0.0 if is_short else season.value
            models[target.name] = _levelled(bridged[target.name], today, target, told, of_several)
            serving[target.name] = SeveralHorizons.name
            continue
        for name in dict.fromkeys([*([proved] if proved else []), *UNPROVED]):
            try:
                fitted = once.fit(MODELS[name], target)
            except CannotFit:
                continue
            models[target.name] = fitted if is_short else _levelled(fitted, today, target, told, season.value)
            serving[target.name] = name
            break
    tier_shift = tier_shift_of(models, today)
    thresholds = thresholds_of(models, newest, [objective.target for objective in plan.objectives], tier_shift)
    scatter = _scatter(models, serving, taught, proof)
    content = fingerprint_of_arrays(
        taught.customer_key, taught.cutoff, taught.features, *(taught.labels[name] for name in sorted(taught.labels))
    )
    went_in = [content, serving, list(names), taught.horizon_days, plan.horizon_days, plan.as_of, seed]
    policy = planned.under.policy
    beside = [*([season.value] if season.is_used else []), *([policy] if policy == IF_NOBODY else [])]
    model_id = fingerprint([*went_in, *beside])
    return Serving(
        model_id=model_id,
        names=serving,
        models=models,
        scatter=scatter,
        feature_names=names,
        trained_horizon_days=taught.horizon_days,
        thresholds=thresholds,
        training_rows=len(taught),
        lifetime=lifetime,
        season=season,
        typical=_typical(models.get("purchase"), examples, names),
        tier_shift=tier_shift,
        under=planned.under,
    )


@dataclass(frozen=True)
class _Told:
    """The mix and the level that past cutoffs tell; no process has a say where the policy lets others teach."""

    proof: Proof
    under: TaughtUnder

    def level(self, target: str) -> Level:
        level = self.proof.levels.get(target, Level())
        return level.without_process if self.under.is_apart else level


def _levelled(fitted: Fitted, today: Examples, target: Target, told: _Told, season: float = 0.0) -> Fitted:
    """The model with the mix and the level that past cutoffs tell."""
    own = mixed(fitted, today, told.proof.mixes.get(target.name, {}))
    return levelled(own, today, target, told.level(target.name), season)


def _typical(purchase: Fitted | None, examples: Examples, names: Sequence[str]) -> Typical:
    """What is typical of the newest rows that taught the chance of an order; nothing without a model of it."""
    if purchase is None:
        return NOTHING_TYPICAL
    rows = np.flatnonzero(examples.cutoff == examples.cutoff.max())
    some = examples.take(rows[:: max(1, len(rows) // TYPICAL_ROWS)])
    told = [name for name in some.feature_names if words_of(name).says]
    return typical_of(some, purchase.contributions(some.with_features(tuple(names))), told)


def at_another_season(serving: Serving, season: SeasonShift) -> Serving:
    """The same models with the season of another day in place of their own."""
    moved = season.value - serving.season.value
    models = {target: seasoned(fitted, target, moved) for target, fitted in serving.models.items()}
    return replace(serving, models=models, season=season)


def proved_days(plan: Plan, proof: Proof) -> int:
    """The horizon over which past cutoffs tested forecasts of spend; 0 where none did."""
    return plan.proving.horizon_days if plan.proving is not None and proof.serving("spend") else 0


def _scatter(
    models: Mapping[str, Fitted], names: Mapping[str, str], taught: Examples, proof: Proof
) -> SpendDistribution | None:
    """How spend scattered around forecasts that were made before it: around the blend's where it serves, else around
    those of the models that do; around those of the training rows, where there are none or too few buyers."""
    if proof.scatter is not None and {names.get("purchase"), names.get("spend")} <= BLENDS:
        return proof.scatter
    tested = proof.pooled("purchase", "spend")
    try:
        return spend_distribution.fit(*tested) if tested else _scatter_of_rows(models, taught)
    except CannotFit:
        return None


def _scatter_of_rows(models: Mapping[str, Fitted], taught: Examples) -> SpendDistribution | None:
    if not {"purchase", "spend"} <= set(models):
        return None
    rows = taught.take(np.isfinite(taught.labels["spend"]))
    return spend_distribution.fit(models["purchase"].predict(rows), models["spend"].predict(rows), rows.labels["spend"])


def _over_several(
    taught: Sequence[Examples], today: Examples, targets: Sequence[Target], seed: int
) -> dict[str, Fitted]:
    """Models that reach beyond the horizons at which they learn: for orders, their number, spend and the top tier
    together, or for none of them, so that they agree."""
    asked = [target for target in targets if target.name in OVER_SEVERAL]
    try:
        return {target.name: SeveralHorizons().fit_with_rhythm(taught, today, target, seed) for target in asked}
    except CannotFit:
        return {}
