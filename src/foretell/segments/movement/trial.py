"""A trial: forecasts of one set made at a past cutoff from what was known then, beside where customers came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.backtest.proof import Proof
from foretell.examples.plan import Plan
from foretell.segments.migration import landing_mixture
from foretell.segments.migration.moves import Moves, reachable
from foretell.segments.migration.order_paths import OrderProcess, Ruled, where_orders_lead
from foretell.segments.migration.transition_tables import AGEING_MIXTURE, BASELINES
from foretell.segments.movement.cut_points import window_days
from foretell.segments.movement.standings import At, moments_of, moves_at, newcomers_at, standings_at, taught_by
from foretell.segments.segment_set import SegmentSet
from foretell.timelines.engine import Engine

RHYTHM = "bg_nbd"
Chance = tuple[np.ndarray, np.ndarray]
"""The keys of customers, ascending, and P(order in the horizon) of each."""


@dataclass(frozen=True)
class Trial:
    """Forecasts of one set at one past cutoff, by model, float64 [customers, segments], beside where customers came.
    `newcomers` and `expected_newcomers` are float64 [segments]."""

    cutoff: int
    moves: Moves
    forecasts: Mapping[str, np.ndarray]
    newcomers: np.ndarray
    expected_newcomers: np.ndarray


@dataclass(frozen=True)
class _Cutoff:
    """One cutoff under test: the standings, the cutoffs that teach, and the chances of an order that the serving model
    and BG/NBD gave (None where they gave none)."""

    at: At
    cutoff: int
    teaching: tuple[int, ...]
    horizon_days: int
    serving: Chance | None
    rhythm: Chance | None


def trials(engine: Engine, plan: Plan, proof: Proof, sets: Sequence[SegmentSet], test: int) -> dict[str, Trial]:
    """The trial of each set at one test cutoff of the plan's proving grid, by name; none where no chance of an order
    was given to the same customers."""
    assert plan.proving is not None
    horizon, teaching = plan.proving.horizon_days, plan.proving.teaching(test)
    moments = [moment for cutoff in (*teaching, test) for moment in moments_of(cutoff, horizon)]
    features = tuple(dict.fromkeys(name for group in sets for name in group.features))
    at = standings_at(engine, moments, window_days(plan.history_days(test)), plan, features, plan.proving_key)
    serving, rhythm = (_chance(proof, name, test) for name in (proof.serving("purchase"), RHYTHM))
    under_test = _Cutoff(at, test, teaching, horizon, serving, rhythm)
    now, landing = (at[moment] for moment in moments_of(test, horizon)[:2])
    cuts = [group.fit(now) for group in sets]
    rules = [Ruled(group, own, reachable(group, own, landing, horizon)) for group, own in zip(sets, cuts, strict=True)]
    leads = where_orders_lead(OrderProcess.of(now), rules, now, landing, horizon)
    made = {rule.group.name: _trial(under_test, rule, lead) for rule, lead in zip(rules, leads, strict=True)}
    return {name: one for name, one in made.items() if one is not None}


def _chance(proof: Proof, model: str | None, test: int) -> Chance | None:
    for forecast in proof.forecasts:
        if (forecast.objective, forecast.model, forecast.cutoff) == ("purchase", model, test):
            order = np.argsort(forecast.customer_key, kind="stable")
            return forecast.customer_key[order], forecast.predicted[order]
    return None


def _trial(under_test: _Cutoff, rule: Ruled, leads: np.ndarray | None) -> Trial | None:
    at, test, horizon = under_test.at, under_test.cutoff, under_test.horizon_days
    taught = taught_by(at, rule.group, rule.cuts, under_test.teaching, horizon)
    asked = moves_at(at, rule.group, rule.cuts, test, horizon)
    served = _of_customers(under_test.serving, asked.customer_key)
    if served is None or not np.array_equal(served[0], asked.customer_key):
        return None
    if leads is not None:
        everybody = at[moments_of(test, horizon)[0]].customer_key
        asked = replace(asked, simulated=leads[np.searchsorted(everybody, asked.customer_key)])
    rhythm = _of_customers(under_test.rhythm, asked.customer_key) or served
    forecasts = {
        one.name: one.fit(taught)(asked, rhythm[1] if one is AGEING_MIXTURE else served[1]) for one in BASELINES
    }
    forecasts[landing_mixture.NAME] = landing_mixture.fit(taught, rule.possible).predict(asked, served[1])
    came = [newcomers_at(at, rule.group, rule.cuts, cutoff, horizon) for cutoff in (*under_test.teaching, test)]
    return Trial(test, asked, forecasts, came[-1], np.mean(came[:-1], axis=0))


def _of_customers(chance: Chance | None, keys: np.ndarray) -> Chance | None:
    """The forecasts of these customers, without those all of whose orders were taken back since."""
    if chance is None:
        return None
    own = np.isin(chance[0], keys)
    return chance[0][own], chance[1][own]
