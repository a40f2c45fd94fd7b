"""Which model serves an objective, by backtest and never by taste."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.backtest.bootstrap import REPLICATES, CustomerWeights
from foretell.backtest.forecast import ALL, Forecast
from foretell.backtest.metrics.proper_scores import SCORE_OF_KIND
from foretell.backtest.paired import Replicated, difference, replicated, same_rows, values_of
from foretell.backtest.panels import is_finite
from foretell.models.links import from_link, shift_to, to_link
from foretell.words.wording import counted

NEGLIGIBLE_SHARE = 0.002
PREFERRED_SHARE = 0.01


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
    preferred: str | None = None,
    replicates: int = REPLICATES,
) -> Choice:
    """Who serves one objective: the learner that is `preferred`, or the one that beats it, unless a baseline does.

    The score is log loss for probabilities, Poisson deviance for counts, Tweedie deviance (power 1.5) for amounts
    (see `proper_scores`), of forecasts that were first brought to the total of their cutoff: a level that was
    missed is one number a cutoff, and with two to four of them it is noise in a choice between models (the level is
    told apart, see `models.level`). Two models tie if their scores differ by at most .2 %, or where the 90 %
    interval of the paired difference, over customers and over cutoffs, holds zero. Another learner takes the place
    of the preferred one if its score is lower, by over 1 % and no tie at two cutoffs or more; without a preferred
    one the lowest score serves. A baseline serves if its score is lower and no tie. A model without a finite
    forecast at every cutoff is left out. Without any score the first of `simplest_first` serves, baselines before
    learners.

    ValueError if there is no forecast, a model is not in `simplest_first`, or models were judged on different rows.
    """
    if not forecasts:
        raise ValueError("no forecast to choose from")
    same_rows(forecasts)
    forecasts = [at_its_total(forecast) for forecast in forecasts]
    order = sorted(simplest_first, key=lambda name: name not in baselines)
    by_model = {name: [f for f in forecasts if f.model == name] for name in order}
    if unknown := {f.model for f in forecasts} - set(order):
        raise ValueError(f"not in the order of simplicity: {', '.join(sorted(unknown))}; it has {', '.join(order)}")
    by_model = {name: found for name, found in by_model.items() if found}
    cutoffs = {f.cutoff for f in forecasts}
    left_out = {name: why for name, found in by_model.items() if (why := _why_not(found, cutoffs))}

    score = SCORE_OF_KIND[forecasts[0].kind]
    weights = CustomerWeights.drawn([f.customer_key for f in forecasts], seed, replicates)
    asked = [name for name in by_model if name not in left_out]
    values = {name: values_of(by_model[name], score, ALL) for name in asked}
    scores = {name: _mean(own) for name, own in values.items()}
    scores = {name: value for name, value in sorted(scores.items(), key=lambda item: item[1]) if np.isfinite(value)}
    best_baseline = next((name for name in scores if name in baselines), None)
    if scores:

        def is_tie(name: str, lower: str, share: float) -> bool:
            ours, theirs = (replicated(by_model[one], score, ALL, weights) for one in (name, lower))
            return _is_tie(ours, theirs, share)

        cutoffs_judged = int(np.isfinite(values[next(iter(scores))]).sum())
        rivals = _Rivals(scores, cutoffs_judged, score, is_tie)
        model, reason = _served(rivals, baselines, preferred)
    else:
        model = next(iter(asked or by_model))
        reason = f"{model} serves: no cutoff has outcomes that tell models apart, and it is the simplest."
    question = (forecasts[0].objective, forecasts[0].horizon_days)
    return Choice(*question, model, score, scores, best_baseline, left_out, reason)


@dataclass(frozen=True)
class _Rivals:
    """The models with a score, best first, and what tells two of them apart."""

    scores: Mapping[str, float]
    cutoffs: int
    score: str
    is_tie: Callable[[str, str, float], bool]


def _served(rivals: _Rivals, baselines: Collection[str], preferred: str | None) -> tuple[str, str]:
    scores, words = rivals.scores, rivals.score.replace("_", " ")
    over = f"the mean of {counted(rivals.cutoffs, 'cutoff')}"
    learners = [name for name in scores if name not in baselines]
    baseline = next((name for name in scores if name in baselines), None)
    if not learners:
        assert baseline is not None
        return baseline, f"{baseline} serves, as no learner could: {words} {scores[baseline]:.4g}, {over}."
    learner = learners[0]
    if preferred in learners and preferred is not None:
        is_proved = rivals.cutoffs > 1 and not rivals.is_tie(preferred, learner, PREFERRED_SHARE)
        learner = learner if is_proved else preferred
    told = f"{words} {scores[learner]:.4g}, {over}"
    if baseline is None or scores[learner] < scores[baseline]:
        beside = f"; the best baseline, {baseline}, has {scores[baseline]:.4g}" if baseline else ""
        next_one = next((name for name in learners if name != learner), None)
        beside += f"; another learner, {next_one}, has {scores[next_one]:.4g}" if next_one else ""
        return learner, f"{learner} serves: {told}{beside}."
    if rivals.is_tie(learner, baseline, NEGLIGIBLE_SHARE):
        why = f"it ties with the best baseline, {baseline}, {scores[baseline]:.4g}"
        return learner, f"{learner} serves: {told}; {why}."
    behind = f"the best learner, {learner}, has {scores[learner]:.4g}"
    return baseline, (
        f"{baseline} serves, a baseline that no learner beats: {words} {scores[baseline]:.4g}, {over}; {behind}."
    )


def _is_tie(one: Replicated, lower: Replicated, share: float) -> bool:
    """Whether a model is not surely behind another with a lower score."""
    behind = difference(one, lower, over_cutoffs=True)
    return behind is not None and (behind.low <= 0 or behind.value <= share * abs(_mean(lower.values)))


def at_its_total(forecast: Forecast) -> Forecast:
    """The forecast, shifted on its link scale so that it sums to what came; as it is where nothing did or all."""
    rows = forecast.by_customer
    mean = float(forecast.actual[rows].mean()) if len(rows) else 0.0
    if mean <= 0 or (forecast.kind == "probability" and mean >= 1) or not is_finite(forecast):
        return forecast
    link = to_link(forecast.predicted, forecast.kind)
    return replace(forecast, predicted=from_link(link + shift_to(mean, link[rows], forecast.kind), forecast.kind))


def _why_not(found: Sequence[Forecast], cutoffs: Collection[int]) -> str:
    if missing := len(cutoffs) - len({f.cutoff for f in found}):
        return f"no forecast at {missing} of {len(cutoffs)} cutoffs"
    return "" if all(is_finite(f) for f in found) else "a forecast is not a finite number"


def _mean(values: np.ndarray) -> float:
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else float("nan")
