"""Every contender by every metric, and ours against the best peer of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.stats import rankdata

from bench.accuracy.contenders import OURS, Answer
from bench.accuracy.intervals import distribution_metrics
from bench.accuracy.margins import MARGINS, SIGNIFICANCE, Margin, holm
from bench.accuracy.peers import PEERS
from bench.accuracy.tails import tails
from bench.accuracy.truth import Asked
from foretell.backtest.bootstrap import CustomerWeights
from foretell.backtest.forecast import Forecast
from foretell.backtest.paired import Replicated, difference, replicated
from foretell.project.intervals import days
from foretell.project.objectives import TARGETS

SEED = 0
SLICES = ("all", "active")
BY_RANK = {
    "purchase": ("auroc", "average_precision"),
    "orders": ("normalised_gini",),
    "spend": ("normalised_gini",),
    "high_value": ("average_precision",),
    "becomes_high_value": ("average_precision",),
}
BY_FIGURE: dict[str, tuple[str, ...]] = {
    "purchase": ("log_loss", "brier", "calibration_error"),
    "orders": ("rmse", "relative_bias"),
    "spend": ("rmse", "relative_bias"),
}
OF_INTERVAL = ("share_above_high", "interval_coverage", "interval_coverage_of_buyers")
TOTAL_INSIDE = "total_inside"
TOLD_ONLY = ("calibration_error", "relative_bias")
ALL_MARGINS = MARGINS | {name: Margin(0.01, relative=True, lower_is_better=True) for name in ("brier", "rmse")}


@dataclass(frozen=True)
class Cell:
    """One metric of one target for one slice of a case: `values` by contender, and ours against the best peer.

    `gain` > 0 says that ours is better, `low` to `high` is its 90 % interval. All are None, and the verdict empty, for
    metrics that are told and not compared.
    """

    log: str
    case: str
    slice: str
    target: str
    metric: str
    values: dict[str, float]
    customers: int
    base: float
    best_peer: str | None = None
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    adjusted_p: float | None = None
    verdict: str = ""


def judged(asked: Asked, answers: Mapping[str, Answer], replicates: int) -> list[Cell]:
    """All cells of a case; verdicts come with `with_verdicts`, once the cells of the whole log are known."""
    weights = CustomerWeights.drawn([asked.keys], SEED, replicates)
    cells: list[Cell] = []
    # a customer at the tier's edge can be outside for us and inside for Foretell, which then gives no answer
    outside = asked.outside_tier & np.isfinite(answers[OURS].forecasts["becomes_high_value"])
    for target, by_rank in BY_RANK.items():
        by_figure = BY_FIGURE.get(target, ())
        forecasts = {name: _forecast(asked, outside, name, answer, target) for name, answer in answers.items()}
        for slice_name in SLICES[:1] if asked.active.all() else SLICES:
            for metric in (*by_rank, *by_figure):
                able = [n for n in forecasts if metric in by_rank or n == OURS or target in PEERS[n].figures]
                found = {n: replicated([forecasts[n]], metric, slice_name, weights) for n in able}
                cells.append(_cell(asked, forecasts[OURS], slice_name, target, metric, found))
            for metric in OF_INTERVAL if target == "spend" else ():
                ours = {OURS: replicated([forecasts[OURS]], metric, slice_name, weights)}
                cells.append(_cell(asked, forecasts[OURS], slice_name, target, metric, ours))
            cells += _of_total(asked, forecasts[OURS], answers[OURS]) if slice_name == SLICES[0] else []
            cells += _of_distribution(asked, forecasts[OURS], answers[OURS], slice_name) if target == "spend" else []
    return cells


def _of_total(asked: Asked, ours: Forecast, answer: Answer) -> list[Cell]:
    """Whether what all customers together brought lay within the 80 % interval of it (1 or 0), where one was told."""
    if ours.objective not in answer.totals:
        return []
    low, high = answer.totals[ours.objective]
    inside = float(low <= float(ours.actual.sum()) <= high)
    facts = (len(ours.actual), float(ours.actual.mean()))
    return [Cell(asked.log.name, str(asked.case), SLICES[0], ours.objective, TOTAL_INSIDE, {OURS: inside}, *facts)]


def _of_distribution(asked: Asked, ours: Forecast, answer: Answer, slice_name: str) -> list[Cell]:
    rows = ours.slices[slice_name]
    given = {name: values[rows] for name, values in answer.forecasts.items()}
    found = distribution_metrics(given, ours.actual[rows], asked.keys[rows])
    measured = {name: (value, int(rows.sum())) for name, value in found.items() if np.isfinite(value)}
    measured |= tails(given, ours.actual[rows], asked.keys[rows])
    base = float(ours.actual[rows].mean())
    return [
        Cell(asked.log.name, str(asked.case), slice_name, "spend", metric, {OURS: value}, customers, base)
        for metric, (value, customers) in measured.items()
    ]


def with_verdicts(cells: Sequence[Cell]) -> list[Cell]:
    """Win or loss is a difference beyond the margin with Holm-adjusted p under .05 over all cells of the log."""
    compared = [cell for cell in cells if cell.p_value is not None]
    adjusted = dict(
        zip(map(id, compared), holm(np.array([cell.p_value for cell in compared], dtype=np.float64)), strict=True)
    )
    return [
        replace(cell, adjusted_p=float(adjusted[id(cell)]), verdict=_verdict(cell, float(adjusted[id(cell)])))
        if id(cell) in adjusted
        else cell
        for cell in cells
    ]


def margin_of(cell: Cell) -> float:
    """How large a difference in this cell must be to matter."""
    margin = ALL_MARGINS[cell.metric]
    return margin.size * (abs(cell.values[cell.best_peer]) if margin.relative and cell.best_peer else 1.0)


def _verdict(cell: Cell, adjusted_p: float) -> str:
    assert cell.gain is not None
    if abs(cell.gain) <= margin_of(cell) or adjusted_p >= SIGNIFICANCE:
        return "tie"
    return "win" if cell.gain > 0 else "loss"


def _cell(
    asked: Asked, ours: Forecast, slice_name: str, target: str, metric: str, found: Mapping[str, Replicated]
) -> Cell:
    values = {name: float(one.values[0]) for name, one in found.items() if np.isfinite(one.values[0])}
    rows = ours.slices[slice_name]
    facts: dict[str, Any] = {"customers": int(rows.sum()), "base": float(ours.actual[rows].mean())}
    cell = Cell(asked.log.name, str(asked.case), slice_name, target, metric, values, **facts)
    peers = {name: value for name, value in values.items() if name != OURS}
    if not peers or OURS not in values:
        return cell
    if metric in TOLD_ONLY:
        return replace(cell, best_peer=min(peers, key=lambda name: abs(peers[name])))
    sign = -1.0 if ALL_MARGINS[metric].lower_is_better else 1.0
    best = max(peers, key=lambda name: sign * peers[name])
    gained = difference(found[OURS], found[best])
    if gained is None:
        return replace(cell, best_peer=best)
    low, high = sorted((sign * gained.low, sign * gained.high))
    return replace(cell, best_peer=best, gain=sign * gained.value, low=low, high=high, p_value=gained.p_value)


def _forecast(asked: Asked, outside: np.ndarray, contender: str, answer: Answer, target: str) -> Forecast:
    kind = TARGETS[target].kind
    given = answer.forecasts
    rows = outside if target == "becomes_high_value" else np.ones(len(asked.keys), dtype=bool)
    predicted = given.get(target, given["high_value"])[rows]
    if kind == "probability" and not (contender == OURS or ((predicted >= 0) & (predicted <= 1)).all()):
        predicted = rankdata(predicted) / len(predicted)  # judged by its order alone
    ends = {"low": given["spend_low"], "high": given["spend_high"]} if contender == OURS and target == "spend" else {}
    return Forecast(
        objective=target,
        kind=kind,
        horizon_days=asked.case.horizon_days,
        cutoff=days(asked.case.cutoff),
        model=contender,
        customer_key=asked.keys[rows],
        predicted=predicted,
        actual=asked.actual[target][rows],
        slices={"all": np.ones(int(rows.sum()), dtype=bool), "active": asked.active[rows]},
        **{name: values[rows] for name, values in ends.items()},
    )
