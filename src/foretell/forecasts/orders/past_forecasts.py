"""A trial: every candidate for one question taught as of one past cutoff, and its forecasts beside what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.backtest.thresholds import best_f1_threshold
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.examples.slices import slices_of
from foretell.forecasts.orders.candidates import candidates
from foretell.models import spend_distribution
from foretell.models.blend import Blend
from foretell.models.contract import CannotFit, Fitted
from foretell.models.level import levelled, seasoned
from foretell.models.registry import MODELS
from foretell.project.objectives import TARGETS, Target

MOST_PROVING_ROWS = 40_000


def tried(
    examples: Examples,
    teaching: Sequence[int],
    test: int,
    target: Target,
    history_days: float,
    seed: int,
    season: float = 0.0,
) -> tuple[list[Forecast], dict[str, str]]:
    """Forecasts at the cutoff `test` of every candidate taught at `teaching`, and why others could not be made;
    `season` is its shift of the level at that cutoff."""
    taught = _fewer(examples.take(np.isin(examples.cutoff, teaching)))
    names = telling(taught)
    examples = examples.take(examples.cutoff == test)
    kinds = {name: mask[_is_asked(examples, target)] for name, mask in slices_of(examples).items()}
    taught, examples = taught.with_features(names), examples.with_features(names)
    newest = taught.take(taught.cutoff == max(teaching))
    judged = _asked(examples, target)
    forecasts: list[Forecast] = []
    cannot: dict[str, str] = {}
    if not len(judged):
        return forecasts, cannot
    known: dict[str, Fitted] = {}
    for name in candidates(target):
        try:
            blended = {"known": known} if name == Blend.name else {}
            known[name] = MODELS[name].fit(taught, target, seed, **blended)
        except CannotFit as error:
            cannot[f"{target.name} · {name}"] = str(error)
            continue
        fitted = levelled(known[name], judged, target, history_days, season)
        own = _asked(newest, target)
        learned = fitted.predict(own)
        forecasts.extend(_forecasts(name, target, judged, kinds, fitted.predict(judged), learned, own))
    if target.name == "spend" and Blend.name in known:
        purchase = _purchase(taught, judged, history_days, seed)
        forecasts = _with_intervals(forecasts, purchase, known[Blend.name], taught, judged, cannot, season)
    return forecasts, cannot


def _fewer(examples: Examples) -> Examples:
    """Whole customers by stable key, so that at most `MOST_PROVING_ROWS` rows remain."""
    if len(examples) <= MOST_PROVING_ROWS:
        return examples
    largest = np.sort(examples.customer_key)[MOST_PROVING_ROWS]
    return examples.take(examples.customer_key < largest)


def _asked(examples: Examples, target: Target) -> Examples:
    return examples.take(_is_asked(examples, target))


def _is_asked(examples: Examples, target: Target) -> np.ndarray:
    return np.asarray(examples.eligible[target.eligible] & np.isfinite(examples.labels[target.label]))


def _forecasts(
    name: str,
    target: Target,
    judged: Examples,
    kinds: Mapping[str, np.ndarray],
    predicted: np.ndarray,
    learned: np.ndarray,
    own: Examples,
) -> Iterator[Forecast]:
    """The forecast of the target, and those that it tells: churn, which is purchase told from the other side, of active
    customers; and entering the top tier, of those who are outside."""
    active = judged.eligible["active"]
    actual = judged.labels[target.label]
    is_probability = target.kind == "probability"
    threshold = best_f1_threshold(learned, own.labels[target.label]) if is_probability else None
    everybody = np.ones(len(judged), dtype=bool)
    cutoff = int(judged.cutoff[0])

    def forecast(objective: str, rows: np.ndarray, mean: np.ndarray, truth: np.ndarray, at: float | None) -> Forecast:
        everyone = {} if objective == "churn" else {"all": everybody[rows]}
        slices = {**everyone, "active": active[rows], **{name: mask[rows] for name, mask in kinds.items()}}
        keys = judged.customer_key[rows]
        return Forecast(
            objective, target.kind, judged.horizon_days, cutoff, name, keys, mean[rows], truth[rows], slices, at
        )

    yield forecast(target.name, everybody, predicted, actual, threshold)
    for told in (told for told in TARGETS.values() if told.told_by == target.name):
        asked, among = judged.eligible[told.eligible], own.eligible[told.eligible]
        if asked.any():
            at = best_f1_threshold(learned[among], own.labels[told.label][among])
            yield forecast(told.name, asked, predicted, actual, at)
    if target.name == "purchase" and active.any():
        stays = own.eligible["active"]
        at = best_f1_threshold(1 - learned[stays], 1 - own.labels[target.label][stays])
        yield forecast("churn", active, 1 - predicted, 1 - actual, at)


def _purchase(taught: Examples, judged: Examples, history_days: float, seed: int) -> Fitted | None:
    try:
        return levelled(
            MODELS[Blend.name].fit(taught, TARGETS["purchase"], seed), judged, TARGETS["purchase"], history_days
        )
    except CannotFit:
        return None


def _with_intervals(
    forecasts: list[Forecast],
    purchase: Fitted | None,
    spend: Fitted,
    taught: Examples,
    judged: Examples,
    cannot: dict[str, str],
    season: float,
) -> list[Forecast]:
    """Spend forecasts with median and 80 % interval: the scatter is that of the blend on the rows that taught it, who
    knew no season."""
    if purchase is None:
        return forecasts
    rows = _asked(taught, TARGETS["spend"])
    try:
        scatter = spend_distribution.fit(purchase.predict(rows), spend.predict(rows), rows.labels["spend"])
    except CannotFit as error:
        cannot["spend · interval"] = str(error)
        return forecasts
    chance = seasoned(purchase, "purchase", season).predict(judged)
    return [
        replace(
            forecast,
            low=scatter.quantile(chance, forecast.predicted, 0.1),
            median=scatter.quantile(chance, forecast.predicted, 0.5),
            high=scatter.quantile(chance, forecast.predicted, 0.9),
        )
        for forecast in forecasts
    ]
