"""The outlook: for every customer of today, the chance of each segment at the end of the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.examples.grid import CutoffGrid
from foretell.examples.plan import Plan
from foretell.project.intervals import days
from foretell.segments.migration import landing_mixture
from foretell.segments.migration.flows import expected_flows
from foretell.segments.migration.headcount import Headcount, chance_variance, headcount
from foretell.segments.migration.landing_mixture import LandingMixture
from foretell.segments.migration.moves import Moves, moves, reachable
from foretell.segments.migration.transition_tables import BASELINES, Forecaster, surely
from foretell.segments.movement.cut_points import KeptCuts
from foretell.segments.movement.proof import OURS, SetProof
from foretell.segments.movement.sets import SetsOfRun
from foretell.segments.movement.standings import moments_of, newcomers_at, standings_at, taught_by
from foretell.segments.profile import BEHAVIOUR, Following
from foretell.segments.segment_set import SegmentSet
from foretell.segments.standing import Moment, Standing, Standings, joined
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine

ROWS_AT_ONCE = 100_000
UNLEARNED = "stays_or_ages"
UNLEARNED_FORMULA = "(1 - p) [landing] + p [the segment of today]: nothing could be learned"


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
    """The moves of a batch from today on, one a set, without what would need all customers together."""

    sets: tuple[SegmentSet, ...]
    cuts: KeptCuts
    standings: Standings
    learned: Mapping[str, LandingMixture]

    def __call__(self, batch: Timelines) -> tuple[list[tuple[Moves, np.ndarray]], Standing]:
        now, landing = self.standings(batch)
        found = []
        for group in self.sets:
            own = moves(group, self.cuts.cuts[group.name], now, landing)
            learned = self.learned.get(group.name)
            after = learned.buyers(own) if learned else surely(own.start, len(own.segments))
            found.append((_light(own), after.astype(np.float32)))
        return found, now


def _light(own: Moves) -> Moves:
    """The moves without what only learning reads."""
    return Moves(own.segments, own.customer_key, own.start, own.landing, np.zeros((len(own), 0)))


@dataclass(frozen=True)
class _Taught:
    """The landing mixture (None where it could not learn), the moves that taught it, the mean number of newcomers by
    segment, and bool [segments]: where somebody who buys may be."""

    mixture: LandingMixture | None
    moves: Moves
    newcomers: np.ndarray
    possible: np.ndarray


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
    sets, cuts = of_run.sets, of_run.cuts
    features = tuple(dict.fromkeys(name for group in sets for name in group.features))
    grid = plan.serving
    taught = _taught(engine, plan, grid, sets, cuts, features) if grid and grid.training else {}
    learned = {name: own.mixture for name, own in taught.items() if own.mixture is not None}
    today = (Moment.now(plan.as_of), Moment(plan.as_of + days(plan.horizon_days), plan.as_of))
    read = tuple(dict.fromkeys((*features, *BEHAVIOUR, *more_features)))
    asked = _Asked(tuple(sets), cuts, Standings(today, cuts.window_days, plan.survey, read), learned)
    parts = list(engine.over(asked, plan.as_of))
    found = {}
    for place, group in enumerate(sets):
        own, after = _joined([part[place] for part, _ in parts])
        keys, chance = purchase
        p = chance[np.searchsorted(keys, own.customer_key)]
        served = _server(group.name, chosen, learned)
        simple = next((one for one in BASELINES if one.name == served and group.name in taught), None)
        forecaster = simple.fit(taught[group.name].moves) if simple else None
        probability = np.empty(after.shape, dtype=np.float32)
        for first in range(0, len(own), ROWS_AT_ONCE):
            rows = slice(first, first + ROWS_AT_ONCE)
            part = replace(own, start=own.start[rows], landing=own.landing[rows])
            told = _forecast(served, part, after[rows], p[rows], learned.get(group.name), forecaster)
            known = taught.get(group.name)
            probability[rows] = within_reach(told, p[rows], known.possible) if known else told
        found[group.name] = SetOutlook(
            group.name,
            group.segments,
            served,
            own.customer_key,
            own.start,
            probability,
            after,
            taught[group.name].newcomers * plan.horizon_days / grid.horizon_days
            if grid and group.name in taught
            else None,
            _following(taught[group.name].moves, grid.horizon_days) if grid and group.name in taught else None,
        )
    return found, joined([now for _, now in parts])


def _taught(
    engine: Engine, plan: Plan, grid: CutoffGrid, sets: Sequence[SegmentSet], cuts: KeptCuts, features: tuple[str, ...]
) -> dict[str, _Taught]:
    """What the newest past windows taught of each set, by name."""
    landed = Moment(plan.as_of + days(plan.horizon_days), plan.as_of)
    moments = [landed, *(moment for cutoff in grid.training for moment in moments_of(cutoff, grid.horizon_days))]
    at = standings_at(engine, moments, cuts.window_days, plan, features, plan.serving_key)
    share = plan.serving_key / EVERY_KEY
    found = {}
    for group in sets:
        own = cuts.cuts[group.name]
        came = [newcomers_at(at, group, own, cutoff, grid.horizon_days) for cutoff in grid.training]
        taught = taught_by(at, group, own, grid.training, grid.horizon_days)
        possible = reachable(group, own, at[landed], plan.horizon_days)
        learned = landing_mixture.fit(taught, possible)
        found[group.name] = _Taught(learned, taught, np.mean(came, axis=0) / share, possible)
    return found


def _following(taught: Moves, horizon_days: int) -> Following | None:
    if taught.ordered is None or taught.spent is None:
        return None
    return Following(taught.start, taught.ordered, taught.spent, horizon_days)


def _server(name: str, chosen: Mapping[str, str], learned: Mapping[str, LandingMixture]) -> str:
    """Who forecasts: what the proof chose; untested, the landing mixture where it could learn."""
    served = chosen.get(name, OURS)
    return served if served != OURS or name in learned else UNLEARNED


def _forecast(
    served: str,
    own: Moves,
    after: np.ndarray,
    chance: np.ndarray,
    learned: LandingMixture | None,
    forecaster: Forecaster | None,
) -> np.ndarray:
    if forecaster is not None:
        return forecaster(own, chance)
    idle = learned.idle.predict(own) if learned else surely(own.landing, len(own.segments))
    return np.asarray((1 - chance)[:, None] * idle + chance[:, None] * after)


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
