"""Which model serves an objective, by backtest and never by taste."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import REPLICATES, CustomerWeights
from foretell.backtest.forecast import Forecast
from foretell.backtest.metrics.proper_scores import SCORE_OF_KIND
from foretell.backtest.paired import Difference, Replicated, difference, replicated, same_rows
from foretell.backtest.panels import is_finite

TIE_SHARE = 0.01
NEGLIGIBLE_SHARE = 0.002


@dataclass(frozen=True)
class Choice:
    """The model that serves an objective, and why.

    `scores` maps each judged model to the mean over cutoffs of `score` (lower is better), best first; `left_out` maps
    the others to the reason. `best_baseline` is None if no baseline was judged. `reason` is one sentence with figures.
    """

    objective: str
    horizon_days: int
    model: str
    score: str
    scores: Mapping[str, float]
    best_baseline: str | None
    left_out: Mapping[str, str]
    reason: str


def choose(
    forecasts: Sequence[Forecast],
    simplest_first: Sequence[str],
    baselines: Collection[str],
    *,
    seed: int,
    replicates: int = REPLICATES,
    slice_name: str = "all",
) -> Choice:
    """Who serves one objective: the lowest mean over cutoffs of a proper score, ties to the best baseline.

    The score is log loss for probabilities, Poisson deviance for counts, Tweedie deviance (power 1.5) for amounts:
    one number that is smallest for the true mean, so that order and level both count (see `proper_scores`). Two models
    tie if their scores differ by at most .2 %, or by at most 1 % where the 90 % interval of the paired difference holds
    zero. A baseline serves if no learner beats it; among learners the lowest score serves. A model without a finite
    forecast at every cutoff is left out. Without any score the first of `simplest_first` serves, baselines before
    learners.

    ValueError if there is no forecast, a model is not in `simplest_first`, or models were judged on different rows.
    """
    if not forecasts:
        raise ValueError("no forecast to choose from")
    same_rows(forecasts)
    order = sorted(simplest_first, key=lambda name: name not in baselines)
    by_model = {name: [f for f in forecasts if f.model == name] for name in order}
    if unknown := {f.model for f in forecasts} - set(order):
        raise ValueError(f"not in the order of simplicity: {', '.join(sorted(unknown))}; it has {', '.join(order)}")
    by_model = {name: found for name, found in by_model.items() if found}
    cutoffs = {f.cutoff for f in forecasts}
    left_out = {name: why for name, found in by_model.items() if (why := _why_not(found, cutoffs))}

    score = SCORE_OF_KIND[forecasts[0].kind]
    weights = CustomerWeights.drawn([f.customer_key for f in forecasts], seed, replicates)
    judged = {
        name: replicated(found, score, slice_name, weights) for name, found in by_model.items() if name not in left_out
    }
    scores = {name: _mean(values) for name, values in judged.items()}
    scores = {name: value for name, value in sorted(scores.items(), key=lambda item: item[1]) if np.isfinite(value)}
    best_baseline = next((name for name in scores if name in baselines), None)
    if scores:
        model, reason = _lowest_or_baseline(scores, judged, baselines, score)
    else:
        model = next(iter(judged or by_model))
        reason = f"{model} serves: no cutoff has outcomes that tell models apart, and it is the simplest."
    question = (forecasts[0].objective, forecasts[0].horizon_days)
    return Choice(*question, model, score, scores, best_baseline, left_out, reason)


def _lowest_or_baseline(
    scores: Mapping[str, float], judged: Mapping[str, Replicated], baselines: Collection[str], score: str
) -> tuple[str, str]:
    best = next(iter(scores))
    words = score.replace("_", " ")
    over = f"the mean of {_cutoffs(judged[best])}"
    for name in (name for name in scores if name in baselines and best not in baselines):
        behind = difference(judged[name], judged[best])
        if behind is not None and _is_tie(behind, scores[best]):
            tied = (
                f"its {words} of {scores[name]:.4g}, {over}, ties with the lowest, {scores[best]:.4g} of {best} "
                f"(difference {behind.value:.2g}, 90 % interval {behind.low:.2g} to {behind.high:.2g})"
            )
            return name, f"{name} serves, a baseline that no learner beats: {tied}."
    if best in baselines:
        rival = next((name for name in scores if name not in baselines), None)
        beside = f"; the best learner, {rival}, has {scores[rival]:.4g}" if rival else ""
        return best, f"{best} serves, a baseline that no learner beats: {words} {scores[best]:.4g}, {over}{beside}."
    beside = "".join(
        f"; {role}, {name}, has {scores[name]:.4g}"
        for role, name in (
            ("the next learner", next((n for n in scores if n != best and n not in baselines), None)),
            ("the best baseline", next((n for n in scores if n in baselines), None)),
        )
        if name
    )
    return best, f"{best} serves: the lowest {words}, {scores[best]:.4g}, {over}{beside}."


def _is_tie(behind: Difference, lowest: float) -> bool:
    share = TIE_SHARE if behind.low <= 0 else NEGLIGIBLE_SHARE
    return behind.value <= share * abs(lowest)


def _why_not(found: Sequence[Forecast], cutoffs: Collection[int]) -> str:
    if missing := len(cutoffs) - len({f.cutoff for f in found}):
        return f"no forecast at {missing} of {len(cutoffs)} cutoffs"
    return "" if all(is_finite(f) for f in found) else "a forecast is not a finite number"


def _mean(values: Replicated) -> float:
    known = np.isfinite(values.values)
    return float(values.values[known].mean()) if known.any() else float("nan")


def _cutoffs(values: Replicated) -> str:
    count = int(np.isfinite(values.values).sum())
    return f"{count} cutoff{'' if count == 1 else 's'}"
