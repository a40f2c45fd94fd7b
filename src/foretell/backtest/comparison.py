"""Whether one model is better than others, beyond chance and by enough to matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foretell.backtest.bootstrap import CustomerWeights
from foretell.backtest.forecast import ALL, Forecast
from foretell.backtest.paired import Difference, difference, replicated, same_rows

Verdict = Literal["better", "tie", "worse", "unknown"]
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Margin:
    """How large a difference must be to matter: absolute, or a share of the other model's value."""

    size: float
    relative: bool
    lower_is_better: bool


MARGINS: dict[str, Margin] = {
    "auroc": Margin(0.004, relative=False, lower_is_better=False),
    "average_precision": Margin(0.006, relative=False, lower_is_better=False),
    "normalised_gini": Margin(0.01, relative=False, lower_is_better=False),
    "log_loss": Margin(0.01, relative=True, lower_is_better=True),
    "poisson_deviance": Margin(0.01, relative=True, lower_is_better=True),
    "tweedie_deviance": Margin(0.01, relative=True, lower_is_better=True),
}


@dataclass(frozen=True)
class Comparison:
    """A model beside another on the same rows; `gain` > 0 says that the model is better, whatever the metric.

    `gain` is the mean over cutoffs, `low` to `high` its 90 % interval, `adjusted_p` Holm's p-value over all
    comparisons made together. All are None, and the verdict `unknown`, where the metric could not be computed.
    """

    objective: str
    horizon_days: int
    slice: str
    metric: str
    model: str
    other: str
    gain: float | None
    low: float | None
    high: float | None
    margin: float
    adjusted_p: float | None
    by_cutoff: tuple[float, ...]
    verdict: Verdict


def compare(
    forecasts: Sequence[Forecast], model: str, others: Sequence[str], metrics: Sequence[str], *, seed: int
) -> list[Comparison]:
    """The model against each of the others by each metric, on all rows, over the cutoffs of one objective.

    Better or worse is a difference beyond the margin whose Holm-adjusted p-value (normal, from the spread of the
    paired bootstrap) is under .05; all else is a tie. ValueError for a metric without a margin, or models that were
    not judged on the same rows.
    """
    if unknown := [metric for metric in metrics if metric not in MARGINS]:
        raise ValueError(f"no margin for {', '.join(unknown)}; there is one for {', '.join(MARGINS)}")
    chosen = [f for f in forecasts if f.model in {model, *others}]
    same_rows(chosen)
    weights = CustomerWeights.drawn([f.customer_key for f in chosen], seed)
    found: list[tuple[str, str, Difference | None, float]] = []
    for metric in metrics:
        sign = -1.0 if MARGINS[metric].lower_is_better else 1.0
        by_model = {
            name: replicated([f for f in chosen if f.model == name], metric, ALL, weights)
            for name in dict.fromkeys([model, *others])
        }
        for other in others:
            gained = difference(by_model[model], by_model[other])
            known = np.isfinite(by_model[other].values)
            level = float(np.abs(by_model[other].values[known].mean())) if known.any() else float("nan")
            margin = MARGINS[metric].size * (level if MARGINS[metric].relative else 1.0)
            found.append((metric, other, None if gained is None else _signed(gained, sign), margin))
    adjusted = iter(holm(np.array([gained.p_value for _, _, gained, _ in found if gained is not None])))
    question = (chosen[0].objective, chosen[0].horizon_days, ALL) if chosen else ("", 0, ALL)
    compared: list[Comparison] = []
    for metric, other, gained, margin in found:
        pair = (*question, metric, model, other)
        if gained is None:
            compared.append(Comparison(*pair, None, None, None, margin, None, (), "unknown"))
            continue
        p_value = float(next(adjusted))
        figures = (gained.value, gained.low, gained.high, margin, p_value)
        by_cutoff = tuple(float(value) for value in gained.by_cutoff)
        compared.append(Comparison(*pair, *figures, by_cutoff, _verdict(gained.value, margin, p_value)))
    return compared


def holm(p_values: np.ndarray) -> np.ndarray:
    """Holm's step-down adjusted p-values (1979), float64 [tests], in the given order.

    >>> holm(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    stepped = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def _signed(gained: Difference, sign: float) -> Difference:
    low, high = sorted((sign * gained.low, sign * gained.high))
    return Difference(sign * gained.value, low, high, gained.p_value, sign * gained.by_cutoff)


def _verdict(gain: float, margin: float, adjusted_p: float) -> Verdict:
    if abs(gain) <= margin or adjusted_p >= SIGNIFICANCE:
        return "tie"
    return "better" if gain > 0 else "worse"
