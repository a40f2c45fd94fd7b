"""Two numbers for everybody: how predictable customers are, and what the model adds to the best baseline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import REPLICATES, CustomerWeights, interval
from foretell.backtest.forecast import ALL, Forecast
from foretell.backtest.metrics.proper_scores import SCORE_OF_KIND
from foretell.backtest.paired import Replicated, replicated, same_rows, values_of

PREDICTABILITY_WORDS = (
    (0.1, "hardly predictable"),
    (0.3, "weakly predictable"),
    (0.5, "fairly predictable"),
    (0.7, "well predictable"),
    (np.inf, "very well predictable"),
)


@dataclass(frozen=True)
class Grade:
    """Predictability and skill of the serving model, means over cutoffs, each with a word; None: not computable.

    `predictability` is the AUROC of probabilities, the normalised Gini of counts and amounts. `skill` is 1 - score /
    score of the best baseline (log loss or deviance): 0 adds nothing, 1 is perfect; `skill_low` to `skill_high` is its
    90 % interval. `advice` says in a sentence or two what to do with it.
    """

    objective: str
    horizon_days: int
    slice: str
    model: str
    predictability_metric: str
    predictability: float | None
    predictability_word: str
    best_baseline: str | None
    skill: float | None
    skill_low: float | None
    skill_high: float | None
    skill_word: str
    advice: str


def grade(
    forecasts: Sequence[Forecast],
    serving: str,
    baselines: Collection[str],
    *,
    seed: int,
    replicates: int = REPLICATES,
) -> Grade:
    """The grade of the model that serves one objective.

    Words for predictability go by the normalised Gini, which for probabilities is 2 AUROC - 1: under .1 hardly, .3
    weakly, .5 fairly, .7 well. Words for skill go by its interval: `adds clearly` if the lower end is above 5 %,
    `adds a little` above 0, `may add` if only the value is, else `adds nothing`. ValueError if `serving` has no
    forecast, or models were judged on different rows.
    """
    ours = [f for f in forecasts if f.model == serving]
    if not ours:
        raise ValueError(f"no forecast of {serving}")
    same_rows(forecasts)
    cutoffs = {f.cutoff for f in ours}
    weights = CustomerWeights.drawn([f.customer_key for f in ours], seed, replicates)
    score = SCORE_OF_KIND[ours[0].kind]
    metric = "auroc" if ours[0].kind == "probability" else "normalised_gini"

    ranked = values_of(ours, metric, ALL)
    predictability = float(ranked[np.isfinite(ranked)].mean()) if np.isfinite(ranked).any() else None
    known = np.isfinite(values_of(ours, score, ALL))
    judged: dict[str, float] = {}
    for name in sorted({*baselines} - {serving}):
        found = [f for f in forecasts if f.model == name]
        if known.any() and {f.cutoff for f in found} == cutoffs:
            scores = values_of(found, score, ALL)
            if np.array_equal(np.isfinite(scores), known):
                judged[name] = float(np.nansum(scores))
    best = min(judged, key=lambda name: judged[name], default=None)
    skill = None
    if best is not None:
        theirs = [f for f in forecasts if f.model == best]
        skill = _skill(*(replicated(found, score, ALL, weights) for found in (ours, theirs)))
    gini = predictability if predictability is None or metric != "auroc" else 2 * predictability - 1
    order_word, skill_word = _predictability_word(gini), _skill_word(skill, serving in baselines)
    value, low, high = skill or (None, None, None)
    return Grade(
        ours[0].objective,
        ours[0].horizon_days,
        ALL,
        serving,
        metric,
        predictability,
        order_word,
        best,
        value,
        low,
        high,
        skill_word,
        f"{_ADVICE_ON_ORDER[order_word]} {_ADVICE_ON_SKILL[skill_word]}",
    )


def _skill(ours: Replicated, theirs: Replicated) -> tuple[float, float, float] | None:
    known = np.isfinite(ours.values) & np.isfinite(theirs.values)
    if not known.any() or not theirs.values[known].mean() > 0:
        return None
    value = 1 - float(ours.values[known].mean() / theirs.values[known].mean())
    replicates = 1 - ours.replicates[:, known].mean(axis=1) / theirs.replicates[:, known].mean(axis=1)
    bounds = interval(value, value, replicates)
    return None if bounds is None else (value, *bounds)


def _predictability_word(gini: float | None) -> str:
    if gini is None:
        return "unknown"
    return next(word for bound, word in PREDICTABILITY_WORDS if gini < bound)


def _skill_word(skill: tuple[float, float, float] | None, is_baseline: bool) -> str:
    if is_baseline:
        return "the baseline serves"
    if skill is None:
        return "unknown"
    value, low, _ = skill
    if low > 0.05:
        return "adds clearly"
    if low > 0:
        return "adds a little"
    return "may add" if value > 0 else "adds nothing"


_ADVICE_ON_ORDER = {
    "unknown": "The outcomes at hand cannot tell how predictable customers are; collect more history.",
    "hardly predictable": "Do not pick customers by this forecast; the past says next to nothing about who.",
    "weakly predictable": "Use it for large groups such as the upper half, not for single customers.",
    "fairly predictable": "Use it to choose the upper fifth or tenth; expect many exceptions among single customers.",
    "well predictable": "Use it to pick customers; the order is right far more often than not.",
    "very well predictable": "Use it to pick customers; check once that nothing in the data gives the answer away.",
}
_ADVICE_ON_SKILL = {
    "unknown": "Whether it adds to the baselines could not be computed.",
    "the baseline serves": "No learner beats the baseline, so the simple rule is what you get.",
    "adds nothing": "It does not beat the best baseline: the simple rule would do as well.",
    "may add": "Its lead over the best baseline may be chance.",
    "adds a little": "It beats the best baseline by a little, and not by chance.",
    "adds clearly": "It clearly beats the best baseline.",
}
