"""A trial: every candidate for one question taught as of one past cutoff, and its forecasts beside what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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
from foretell.models.spend_distribution import SpendDistribution
from foretell.project.objectives import TARGETS, Target

MOST_PROVING_ROWS = 40_000


@dataclass(frozen=True)
class Question:
    """One target at one past cutoff: taught at `teaching`, from `history_days` of log; `season` is its shift of the
    level at that cutoff."""

    test: int
    teaching: Sequence[int]
    target: Target
    history_days: float
    season: float = 0.0


def past_forecasts(examples: Examples, question: Question, seed: int) -> tuple[list[Forecast], dict[str, str]]:
    """Forecasts at the cutoff of every candidate, and why others could not be made."""
    test, teaching, target = question.test, question.teaching, question.target
    history_days, season = question.history_days, question.season
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
        forecasts.extend(_Told(name, target, judged, kinds).forecasts(fitted.predict(judged), learned, own))
    if target.name == "spend" and Blend.name in known:
        purchase = _purchase(taught, judged, history_days, seed)
        try:
            scatter = _scatter(purchase, known[Blend.name], taught) if purchase else None
        except CannotFit as error:
            scatter, cannot["spend · interval"] = None, str(error)
        if purchase is not None and scatter is not None:
            chance = seasoned(purchase, "purchase", season).predict(judged)
            forecasts = [_with_interval(forecast, scatter, chance) for forecast in forecasts]
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


@dataclass(frozen=True)
class _Told:
    """What one model says of the customers of a test."""

    model: str
    target: Target
    judged: Examples
    kinds: Mapping[str, np.ndarray]

    def forecasts(self, predicted: np.ndarray, learned: np.ndarray, own: Examples) -> Iterator[Forecast]:
        """The forecast of the target, and those that it tells: churn, which is purchase told from the other side, of
        active customers; and entering the top tier, of those who are outside. `learned` is what it says of the newest
        rows that taught it, `own`, from which thresholds come."""
        target, judged = self.target, self.judged
        active, actual = judged.eligible["active"], judged.labels[target.label]
        is_probability = target.kind == "probability"
        threshold = best_f1_threshold(learned, own.labels[target.label]) if is_probability else None
        yield self._forecast(target.name, np.ones(len(judged), dtype=bool), (predicted, actual), threshold)
        for told in (told for told in TARGETS.values() if told.told_by == target.name):
            asked, among = judged.eligible[told.eligible], own.eligible[told.eligible]
            if asked.any():
                at = best_f1_threshold(learned[among], own.labels[told.label][among])
                yield self._forecast(told.name, asked, (predicted, actual), at)
        if target.name == "purchase" and active.any():
            stays = own.eligible["active"]
            at = best_f1_threshold(1 - learned[stays], 1 - own.labels[target.label][stays])
            yield self._forecast("churn", active, (1 - predicted, 1 - actual), at)

    def _forecast(
        self, objective: str, rows: np.ndarray, told: tuple[np.ndarray, np.ndarray], at: float | None
    ) -> Forecast:
        judged = self.judged
        everyone = {} if objective == "churn" else {"all": np.ones(len(judged), dtype=bool)[rows]}
        kinds = {name: mask[rows] for name, mask in self.kinds.items()}
        mean, truth = (values[rows] for values in told)
        return Forecast(
            objective,
            self.target.kind,
            judged.horizon_days,
            int(judged.cutoff[0]),
            self.model,
            judged.customer_key[rows],
            mean,
            truth,
            {**everyone, "active": judged.eligible["active"][rows], **kinds},
            at,
        )


def _purchase(taught: Examples, judged: Examples, history_days: float, seed: int) -> Fitted | None:
    try:
        return levelled(
            MODELS[Blend.name].fit(taught, TARGETS["purchase"], seed), judged, TARGETS["purchase"], history_days
        )
    except CannotFit:
        return None


def _scatter(purchase: Fitted, spend: Fitted, taught: Examples) -> SpendDistribution:
    """The scatter of the blend on the rows that taught it, who knew no season."""
    rows = _asked(taught, TARGETS["spend"])
    return spend_distribution.fit(purchase.predict(rows), spend.predict(rows), rows.labels["spend"])


def _with_interval(forecast: Forecast, scatter: SpendDistribution, chance: np.ndarray) -> Forecast:
    """A spend forecast with its median and 80 % interval."""
    low, median, high = (scatter.quantile(chance, forecast.predicted, level) for level in (0.1, 0.5, 0.9))
    return replace(forecast, low=low, median=median, high=high)
