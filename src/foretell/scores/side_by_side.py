"""Several models asked of the same customers at one moment: only what is compared, in one pass over the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.examples.assembly import Assembly
from foretell.examples.indicators import feature_behind
from foretell.examples.plan import Plan
from foretell.features import features_of
from foretell.forecasts.orders.serving import Serving, at_another_season
from foretell.forecasts.season.season import SeasonShift
from foretell.scores.customers import prior_of
from foretell.scores.scoring import Scoring
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class SideBySide:
    """What several models say of the same customers, in the order of their keys: `customer_key` uint64, `customer_id`
    as texts, `chance` of an order and expected `spend` float64 [models, customers]."""

    customer_key: np.ndarray
    customer_id: pa.Array
    chance: np.ndarray
    spend: np.ndarray


def side_by_side(
    engine: Engine, plan: Plan, cutoff: int, servings: Sequence[Serving], season: SeasonShift
) -> SideBySide:
    """What the models say over the plan's horizon at a cutoff, from what was known before it. Nobody ordered before it:
    arrays without customers."""
    names = features_of(engine.tables)
    assembly = Assembly((cutoff,), plan.horizon_days, names, plan.survey, labelled=False)
    prior = prior_of(plan)
    asked = _Asked(assembly, tuple(Scoring(assembly, at_another_season(one, season), prior) for one in servings))
    parts = list(engine.over(asked, cutoff))
    if not parts:
        nothing = np.zeros((len(servings), 0))
        return SideBySide(np.zeros(0, dtype=np.uint64), pa.array([], pa.string()), nothing, nothing)
    keys = np.concatenate([part.customer_key for part in parts])
    order = np.argsort(keys, kind="stable")
    ids = pa.concat_arrays([part.customer_id.cast(pa.string()) for part in parts])
    chance, spend = (np.concatenate([getattr(part, name) for part in parts], axis=1) for name in ("chance", "spend"))
    return SideBySide(keys[order], ids.take(pa.array(order)), chance[:, order], spend[:, order])


def lost_features(engine: Engine, serving: Serving) -> list[str]:
    """The features that the models learned from and the log yields no longer, as where a table was taken away."""
    there = set(features_of(engine.tables))
    return sorted({feature_behind(name) for name in serving.feature_names} - there)


@dataclass(frozen=True)
class _Asked:
    assembly: Assembly
    scorings: tuple[Scoring, ...]

    def __call__(self, batch: Timelines) -> SideBySide:
        everything = self.assembly(batch)
        rows = pa.array(np.searchsorted(batch.customer_key, everything.customer_key))
        told = [scoring.chance_and_spend(batch, everything) for scoring in self.scorings]
        chance, spend = (np.stack([one[place] for one in told]) for place in (0, 1))
        return SideBySide(everything.customer_key, batch.customer_id.take(rows), chance, spend)
