"""The outlook: for every customer of today, the chance of each segment at the end of the horizon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.examples.plan import Plan
from foretell.project.intervals import days
from foretell.segments.migration import landing_mixture
from foretell.segments.migration.flows import expected_flows
from foretell.segments.migration.headcount import Headcount, chance_variance, headcount
from foretell.segments.migration.landing_mixture import UNTAUGHT, LandingMixture
from foretell.segments.migration.moves import Moves, moves, reachable
from foretell.segments.migration.order_paths import OrderProcess, Ruled, where_orders_lead
from foretell.segments.migration.transition_tables import BASELINES
from foretell.segments.movement.proof import OURS, SetProof
from foretell.segments.movement.sets import SetsOfRun
from foretell.segments.movement.standings import moments_of, newcomers_at, standings_at, taught_by
from foretell.segments.profile import BEHAVIOUR, Following
from foretell.segments.standing import Moment, Standing, Standings, joined
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine

ROWS_AT_ONCE = 100_000


@dataclass(frozen=True)
class SetOutlook:
    """One set: `start` int64 [customers] codes of today, `chance` float32 [customers, segments] at the end of the
    horizon, by `served`; `after_order` float32 the same given an order. `expected_newcomers` float64 [segments] will be
    there besides, None where no past window tells how many come. `following`: what members did next in the past."""

    name: str
    segments: tuple[str, ...]
    served: str
    customer_key: np.ndarray
    start: np.ndarray
    chance: np.ndarray
    after_order: np.ndarray
    expected_newcomers: np.ndarray | None
    following: Following | None

    def without_orders(self) -> SetOutlook:
        """The same without `after_order`, which takes as much memory as `chance`."""
        return replace(self, after_order=np.zeros((0, len(self.segments)), dtype=np.float32))

    def headcount(self, proof: SetProof | None) -> Headcount:
        """Today's customers by segment at the end of the horizon."""
        shock, past = (proof.shock, proof.tests) if proof else (0.25, 1)
        return headcount(self.chance.sum(axis=0, dtype=np.float64), chance_variance(self.chance), shock, past)

    def newcomers(self, proof: SetProof | None) -> Headcount | None:
        """Who will have come by then, by segment."""
        if self.expected_newcomers is None:
            return None
        shock, past = (proof.newcomer_shock, proof.tests) if proof else (0.5, 1)
        return headcount(self.expected_newcomers, self.expected_newcomers, shock, past)

    def flows(self) -> np.ndarray:
        """float64 [segments, segments]: expected customers from row to column."""
        return expected_flows(self.start, self.chance)

    def money(self, spend: np.ndarray) -> np.ndarray:
        """float64 [segments, segments]: what the customers of each flow are expected to spend on the way; who spends
        has ordered."""
        return expected_flows(self.start, self.after_order, spend)


@dataclass(frozen=True)
class _Asked:
    """The moves of a batch from today on, one a set, without what would need all customers together, and where those
    lead who order."""

    rules: tuple[Ruled, ...]
    standings: Standings
    process: OrderProcess
    mixtures: tuple[LandingMixture, ...]
    horizon_days: int

    def __call__(self, batch: Timelines) -> tuple[list[tuple[Moves, np.ndarray]], Standing]:
        now, landing = self.standings(batch)
        leads = where_orders_lead(self.process, self.rules, now, landing, self.horizon_days)
        found = []
        for rule, mixture, lead in zip(self.rules, self.mixtures, leads, strict=True):
            own = replace(moves(rule.group, rule.cuts, now, landing), simulated=lead)
            found.append((_light(own), mixture.buyers(own).astype(np.float32)))
        return found, now


def _light(own: Moves) -> Moves:
    """The moves without what only learning reads."""
    return Moves(own.segments, own.customer_key, own.start, own.landing, np.zeros((len(own), 0)))


@dataclass(frozen=True)
class _Taught:
    """What the past taught of one set: the mixture; the moves that taught it and the mean number of newcomers by
    segment in as many days as the horizon, None where the log has no past window."""

    rule: Ruled
    mixture: LandingMixture
    moves: Moves | None
    newcomers: np.ndarray | None


def outlooks(
    engine: Engine,
    plan: Plan,
    of_run: SetsOfRun,
    chosen: Mapping[str, str],
    purchase: tuple[np.ndarray, np.ndarray],
    more_features: Sequence[str] = (),
) -> tuple[dict[str, SetOutlook], Standing]:
    """The outlook of each set by name, and everybody's standing of today with what profiles read. `chosen` says which
    forecast serves a set, where that was tested; `purchase` are the keys of all customers, ascending, and P(order in
    the horizon) of each."""
    features = tuple(dict.fromkeys(name for group in of_run.sets for name in group.features))
    process, taught = _taught(engine, plan, of_run, features)
    today = (Moment.now(plan.as_of), Moment(plan.as_of + days(plan.horizon_days), plan.as_of))
    read = tuple(dict.fromkeys((*features, *BEHAVIOUR, *more_features)))
    standings = Standings(today, of_run.cuts.window_days, plan.survey, read)
    rules, mixtures = tuple(one.rule for one in taught), tuple(one.mixture for one in taught)
    asked = _Asked(rules, standings, process, mixtures, plan.horizon_days)
    parts = list(engine.over(asked, plan.as_of))
    found = {}
    for place, known in enumerate(taught):
        group = known.rule.group
        own, after = _joined([part[place] for part, _ in parts])
        keys, chance = purchase
        p = chance[np.searchsorted(keys, own.customer_key)]
        served = chosen.get(group.name, OURS)
        forecast = _forecaster(served, known)
        possible = known.rule.possible if group.features else np.any(after > 0, axis=0)
        probability = np.empty(after.shape, dtype=np.float32)
        for first in range(0, len(own), ROWS_AT_ONCE):
            rows = slice(first, first + ROWS_AT_ONCE)
            part = replace(own, start=own.start[rows], landing=own.landing[rows])
            probability[rows] = within_reach(forecast(part, after[rows], p[rows]), p[rows], possible)
        found[group.name] = SetOutlook(
            group.name,
            group.segments,
            served,
            own.customer_key,
            own.start,
            probability,
            after,
            known.newcomers,
            _following(known.moves, plan),
        )
    return found, joined([now for _, now in parts])


def _taught(
    engine: Engine, plan: Plan, of_run: SetsOfRun, features: tuple[str, ...]
) -> tuple[OrderProcess, list[_Taught]]:
    """How customers order, and what the newest past windows taught of each set."""
    grid, horizon = plan.serving, plan.horizon_days
    today, landed = Moment.now(plan.as_of), Moment(plan.as_of + days(horizon), plan.as_of)
    cutoffs = grid.training if grid else ()
    windows = [moment for cutoff in cutoffs for moment in moments_of(cutoff, grid.horizon_days)] if grid else []
    moments = [today, landed, *windows]
    at = standings_at(engine, moments, of_run.cuts.window_days, plan, features, plan.serving_key)
    found = []
    for group in of_run.sets:
        own = of_run.cuts.cuts[group.name]
        rule = Ruled(group, own, reachable(group, own, at[landed], horizon))
        if grid is None or not cutoffs:
            found.append(_Taught(rule, UNTAUGHT, None, None))
            continue
        came = [newcomers_at(at, group, own, cutoff, grid.horizon_days) for cutoff in cutoffs]
        past = taught_by(at, group, own, cutoffs, grid.horizon_days)
        mixture = landing_mixture.fit(past, rule.possible, grid.horizon_days / horizon)
        share = plan.serving_key / EVERY_KEY * grid.horizon_days / horizon
        found.append(_Taught(rule, mixture, past, np.mean(came, axis=0) / share))
    return OrderProcess.of(at[today]), found


def _following(taught: Moves | None, plan: Plan) -> Following | None:
    if taught is None or taught.ordered is None or taught.spent is None or plan.serving is None:
        return None
    return Following(taught.start, taught.ordered, taught.spent, plan.serving.horizon_days)


def _forecaster(served: str, known: _Taught) -> Callable[[Moves, np.ndarray, np.ndarray], np.ndarray]:
    """Who forecasts: moves, where those lead who order, and P(order) of each, to float64 [rows, segments]."""
    simple = next((one for one in BASELINES if one.name == served), None)
    if simple is not None and known.moves is not None:
        baseline = simple.fit(known.moves)
        return lambda own, _, chance: baseline(own, chance)
    idle = known.mixture.idle
    return lambda own, after, chance: (1 - chance)[:, None] * idle.predict(own) + chance[:, None] * after


def within_reach(probability: np.ndarray, chance: np.ndarray, possible: np.ndarray) -> np.ndarray:
    """float64 [rows, segments] that sum to 1: the same, with no more in segments where nobody who orders can be than
    the chance that nothing is ordered."""
    beyond = probability[:, ~possible].sum(axis=1)
    within = probability[:, possible].sum(axis=1)
    over = (beyond > 1 - chance) & (within > 0)
    held = np.array(probability, dtype=np.float64)
    held[np.ix_(over, ~possible)] *= ((1 - chance[over]) / beyond[over])[:, None]
    held[np.ix_(over, possible)] *= (chance[over] / within[over])[:, None]
    return held


def _joined(parts: Sequence[tuple[Moves, np.ndarray]]) -> tuple[Moves, np.ndarray]:
    key = np.concatenate([own.customer_key for own, _ in parts])
    order = np.argsort(key, kind="stable")
    start, landing = (np.concatenate([getattr(own, name) for own, _ in parts])[order] for name in ("start", "landing"))
    whole = Moves(parts[0][0].segments, key[order], start, landing, np.zeros((len(key), 0)))
    return whole, np.concatenate([after for _, after in parts])[order]
