"""The proof of a migration forecast: made at past cutoffs from what was known then, beside its named baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import CustomerWeights
from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.metrics.distribution_metrics import (
    flow_error,
    log_losses,
    macro_f1,
    ranked_probability_scores,
)
from foretell.backtest.panels import panel_of, value_of
from foretell.backtest.proof import Proof
from foretell.examples.plan import Plan
from foretell.project.intervals import day_of
from foretell.segments.migration import landing_mixture
from foretell.segments.migration.headcount import chance_variance, common_shock, coverage
from foretell.segments.migration.transition_tables import BASELINES
from foretell.segments.movement.trial import Trial, trials
from foretell.segments.segment_set import SegmentSet
from foretell.storage.artefacts import Artefact
from foretell.timelines.engine import Engine

OURS = landing_mixture.NAME
DRAWS = 200


@dataclass(frozen=True)
class SetProof:
    """What the tests said of one set: `behind` maps a baseline to how much its log loss is above ours (mean over
    cutoffs, with 90 % interval). `served` forecasts; `reason` says why. The shocks are those of all tests; `coverage`
    is the share of headcounts inside an interval that the other tests taught, None with fewer than two."""

    segment_set: str
    horizon_days: int
    served: str
    reason: str
    measured: tuple[Measured, ...]
    behind: Mapping[str, tuple[float, float, float]]
    tests: int
    shock: float
    newcomer_shock: float
    coverage: float | None


SEGMENT_PROOF: Artefact[Mapping[str, SetProof]] = Artefact("segment_proof", Mapping[str, SetProof])


def prove_sets(engine: Engine, plan: Plan, proof: Proof, sets: Sequence[SegmentSet], seed: int) -> dict[str, SetProof]:
    """The proof of each set by name; nothing where no test could be made."""
    if plan.proving is None or not plan.proving.tests:
        return {}
    tested: dict[str, list[Trial]] = {group.name: [] for group in sets}
    for test in plan.proving.tests:
        for name, found in trials(engine, plan, proof, sets, test).items():
            tested[name].append(found)
    return {
        group.name: _proof_of(group, tested[group.name], plan.proving.horizon_days, plan.timezone, seed)
        for group in sets
        if tested[group.name]
    }


def _proof_of(group: SegmentSet, tested: Sequence[Trial], horizon_days: int, timezone: str, seed: int) -> SetProof:
    names = (OURS, *(one.name for one in BASELINES))
    measured = [row for one in tested for name in names for row in _measured(group, one, name, horizon_days, timezone)]
    losses = {
        name: float(np.mean([row.value for row in measured if (row.model, row.metric) == (name, "log_loss")]))
        for name in names
    }
    best = min((name for name in names if name != OURS), key=lambda name: losses[name])
    behind = _behind(tested, names, seed)
    served = OURS if losses[OURS] < losses[best] else best
    reason = _reason(served, best, losses, behind)
    expected, variance, came = _totals(tested, served)
    new_expected = np.array([one.expected_newcomers for one in tested])
    new_came = np.array([one.newcomers for one in tested])
    return SetProof(
        group.name,
        horizon_days,
        served,
        reason,
        tuple(measured),
        behind,
        len(tested),
        common_shock(expected, variance, came),
        common_shock(new_expected, new_expected, new_came),
        coverage(expected, variance, came),
    )


def _measured(group: SegmentSet, one: Trial, name: str, horizon_days: int, timezone: str) -> list[Measured]:
    end, _ = one.moves.came()
    chance = one.forecasts[name]
    beyond = end != one.moves.landing
    values = {
        "log_loss": float(log_losses(chance, end).mean()),
        "macro_f1": macro_f1(chance.argmax(axis=1), end, len(group.segments)),
        "flow_error": flow_error(one.moves.start, chance, end),
        "average_precision_beyond_ageing": _precision(one, name, beyond),
    }
    if group.is_ordered:
        values["ranked_probability_score"] = float(ranked_probability_scores(chance, end).mean())
    day = day_of(one.cutoff, timezone)
    return [
        Measured(
            f"next_segment: {group.name}",
            horizon_days,
            day,
            "all",
            name,
            metric,
            value if np.isfinite(value) else None,
            None,
            None,
            len(end),
            int(beyond.sum()) if metric == "average_precision_beyond_ageing" else None,
        )
        for metric, value in values.items()
    ]


def _precision(one: Trial, name: str, beyond: np.ndarray) -> float:
    """Average precision of finding who ends elsewhere than silence leads."""
    rows = np.arange(len(beyond))
    leaving = 1 - one.forecasts[name][rows, one.moves.landing]
    asked = Forecast(
        "beyond", "probability", 1, one.cutoff, name, one.moves.customer_key, leaving, beyond.astype(np.float64), {}
    )
    return value_of(panel_of(asked, rows), ("average_precision",))["average_precision"]


def _behind(tested: Sequence[Trial], names: Sequence[str], seed: int) -> dict[str, tuple[float, float, float]]:
    """How much each baseline's log loss is above ours: mean over cutoffs, 90 % paired bootstrap over customers."""
    weights = CustomerWeights.drawn([one.moves.customer_key for one in tested], seed, DRAWS)
    found = {}
    for name in (name for name in names if name != OURS):
        means, replicates = [], []
        for one in tested:
            end, _ = one.moves.came()
            difference = log_losses(one.forecasts[name], end) - log_losses(one.forecasts[OURS], end)
            means.append(difference.mean())
            replicates.append(weights.means(one.moves.customer_key, difference))
        spread = np.quantile(np.mean(replicates, axis=0), (0.05, 0.95))
        found[name] = (float(np.mean(means)), float(spread[0]), float(spread[1]))
    return found


def _reason(
    served: str, best: str, losses: Mapping[str, float], behind: Mapping[str, tuple[float, float, float]]
) -> str:
    if served != OURS:
        return f"{best} serves: its log loss is {losses[best]:.3f}, the landing mixture's {losses[OURS]:.3f}."
    gain, low, _ = behind[best]
    sure = "" if low > 0 else "; that may be chance"
    return f"{OURS} serves: its log loss is {losses[OURS]:.3f}, {gain:.3f} below the best baseline, {best}{sure}."


def _totals(tested: Sequence[Trial], served: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """float64 [cutoffs, segments]: expected numbers, their variance by chance, and what came."""
    forecasts = [one.forecasts[served] for one in tested]
    size = len(tested[0].moves.segments)
    expected = np.array([chance.sum(axis=0) for chance in forecasts])
    variance = np.array([chance_variance(chance) for chance in forecasts])
    came = np.array([np.bincount(one.moves.came()[0], minlength=size) for one in tested], dtype=np.float64)
    return expected, variance, came
