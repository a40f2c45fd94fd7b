"""Past forecasts: every candidate for each question taught as of one past cutoff, beside what then happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.backtest.curves import best_f1_threshold
from foretell.backtest.forecast import Forecast
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.examples.slices import slices_of
from foretell.forecasts.orders.candidates import candidates
from foretell.models import spend_distribution
from foretell.models.blend import Blend
from foretell.models.contract import CannotFit
from foretell.models.fitted_once import FittedOnce
from foretell.models.level import levelled, seasoned
from foretell.models.registry import MODELS
from foretell.models.spend_distribution import SpendDistribution
from foretell.project.objectives import TARGETS, Target

MOST_PROVING_ROWS = 40_000


@dataclass(frozen=True)
class Test:
    """One past cutoff: taught at `teaching`, from `history_days` of log; `season` is its shift of the level there.
    `left_out` are models that are not tested there."""

    cutoff: int
    teaching: Sequence[int]
    history_days: float
    season: float = 0.0
    left_out: frozenset[str] = frozenset()


def past_forecasts(
    examples: Examples, test: Test, targets: Sequence[Target], seed: int
) -> tuple[list[Forecast], dict[str, str]]:
    """Forecasts at the cutoff of every candidate for each target, and why others could not be made."""
    taught = _fewer(examples.take(np.isin(examples.cutoff, test.teaching)))
    names = telling(taught)
    examples = examples.take(examples.cutoff == test.cutoff)
    kinds = slices_of(examples)
    once = FittedOnce(taught.with_features(names), seed)
    own, forecasts, cannot = examples.with_features(names), list[Forecast](), dict[str, str]()
    for target in targets:
        asked = _is_asked(own, target)
        if asked.any():
            among = {name: mask[asked] for name, mask in kinds.items()}
            forecasts += _of_target(target, once, own.take(asked), among, test, cannot)
    return forecasts, cannot


def _of_target(
    target: Target,
    once: FittedOnce,
    judged: Examples,
    kinds: Mapping[str, np.ndarray],
    test: Test,
    cannot: dict[str, str],
) -> list[Forecast]:
    newest = once.examples.take(once.examples.cutoff == max(test.teaching))
    own = _asked(newest, target)
    forecasts: list[Forecast] = []
    for name in (name for name in candidates(target) if name not in test.left_out):
        try:
            learned = once.fit(MODELS[name], target)
        except CannotFit as error:
            cannot[f"{target.name} · {name}"] = str(error)
            continue
        fitted = levelled(learned, judged, target, test.history_days, test.season)
        forecasts += _Told(name, target, judged, kinds).forecasts(fitted.predict(judged), fitted.predict(own), own)
    return _with_intervals(forecasts, once, judged, test, cannot) if target.name == "spend" else forecasts


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


def _with_intervals(
    forecasts: list[Forecast], once: FittedOnce, judged: Examples, test: Test, cannot: dict[str, str]
) -> list[Forecast]:
    """Spend forecasts with median and 80 % interval: the scatter is that of the blend on the rows that taught it, who
    knew no season; as they were where there is no blend."""
    orders = TARGETS["purchase"]
    try:
        spend = once.fit(MODELS[Blend.name], TARGETS["spend"])
        purchase = levelled(once.fit(MODELS[Blend.name], orders), judged, orders, test.history_days)
    except CannotFit:
        return forecasts
    rows = _asked(once.examples, TARGETS["spend"])
    try:
        scatter = spend_distribution.fit(purchase.predict(rows), spend.predict(rows), rows.labels["spend"])
    except CannotFit as error:
        cannot["spend · interval"] = str(error)
        return forecasts
    chance = seasoned(purchase, "purchase", test.season).predict(judged)
    return [_with_interval(forecast, scatter, chance) for forecast in forecasts]


def _with_interval(forecast: Forecast, scatter: SpendDistribution, chance: np.ndarray) -> Forecast:
    low, median, high = (scatter.quantile(chance, forecast.predicted, level) for level in (0.1, 0.5, 0.9))
    return replace(forecast, low=low, median=median, high=high)
