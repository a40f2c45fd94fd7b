"""Past scores: what the models that serve said at past cutoffs, as columns like those of a run, beside what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.project.objectives import target_of
from foretell.project.parts.alerts import About

COLUMN_OF = {
    "purchase": "p_purchase",
    "churn": "p_churn",
    "orders": "expected_orders",
    "spend": "expected_spend",
    "high_value": "p_high_value",
    "becomes_high_value": "p_becomes_high_value",
    "decline": "p_decline",
}
INTERVAL = {"median": "median_spend", "low": "expected_spend_low", "high": "expected_spend_high"}


@dataclass(frozen=True)
class PastFacts:
    """What else was known of customers at one cutoff: ascending keys, `columns` (features, segment) on their rows, and
    `days_to_loss`: days from the cutoff until the customer, silent from then on, no longer counts as active."""

    cutoff: int
    customer_key: np.ndarray
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    days_to_loss: np.ndarray | None = None


@dataclass(frozen=True)
class PastScores:
    """One past cutoff (microseconds UTC): ascending customer keys, the score columns that were known then, and the
    events that followed within the horizon (1 came true, 0 did not, NaN was not asked), all on the same rows.

    `days_to_loss` is NaN for those who did not count as active, None where it is not known.
    """

    cutoff: int
    horizon_days: int
    customer_key: np.ndarray
    columns: Mapping[str, np.ndarray]
    events: Mapping[About, np.ndarray]
    days_to_loss: np.ndarray | None = None

    def before(self, earlier: PastScores) -> dict[str, np.ndarray]:
        """The columns of an earlier cutoff on this one's rows; null for who had no scores then."""
        return {
            name: _on_rows(values, earlier.customer_key, self.customer_key) for name, values in earlier.columns.items()
        }


def past_scores(
    forecasts: Iterable[Forecast],
    serving: Mapping[str, str | None],
    horizon_days: int,
    facts: Sequence[PastFacts] = (),
) -> tuple[PastScores, ...]:
    """Past scores from the proof's forecasts, oldest cutoff first; `serving` says which model serves each target.

    Rows are the customers of whom was asked whether they purchase; a question of fewer customers is null for the
    others.
    """
    own: dict[int, dict[str, Forecast]] = {}
    for forecast in forecasts:
        target = target_of(forecast.objective)
        if forecast.horizon_days == horizon_days and serving.get(target) == forecast.model:
            own.setdefault(forecast.cutoff, {})[forecast.objective] = forecast
    beside = {one.cutoff: one for one in facts}
    return tuple(
        _at_cutoff(cutoff, horizon_days, found, beside.get(cutoff))
        for cutoff, found in sorted(own.items())
        if "purchase" in found
    )


def days_to_loss(
    days_since_last: np.ndarray,
    orders: np.ndarray,
    gap_days_median: np.ndarray,
    active: np.ndarray,
    horizon_days: int,
    at_most_days: int,
) -> np.ndarray:
    """Days until a customer who stays silent no longer counts as active; NaN for those who do not now.

    Active is an order within max(horizon, 3 x the median gap), at most `at_most_days`; with fewer than three orders
    the gap is the population's, and the window is told by the longest silence that still counted as active.
    """
    own_gap = (orders >= 3) & np.isfinite(gap_days_median)
    longest = float(days_since_last[active & ~own_gap].max(initial=horizon_days))
    window = np.where(own_gap, np.clip(3 * np.nan_to_num(gap_days_median), horizon_days, at_most_days), longest)
    return np.where(active, np.maximum(window - days_since_last, 0), np.nan)


def _at_cutoff(cutoff: int, horizon_days: int, found: Mapping[str, Forecast], facts: PastFacts | None) -> PastScores:
    key = np.sort(found["purchase"].customer_key)

    def placed(forecast: Forecast, values: np.ndarray) -> np.ndarray:
        order = np.argsort(forecast.customer_key, kind="stable")
        return _on_rows(values[order], forecast.customer_key[order], key)

    columns = {COLUMN_OF[name]: placed(f, f.predicted) for name, f in found.items() if name in COLUMN_OF}
    for part, name in INTERVAL.items():
        values = getattr(found["spend"], part) if "spend" in found else None
        if values is not None:
            columns[name] = placed(found["spend"], values)
    events: dict[About, np.ndarray] = {}
    asked: tuple[About, ...] = ("churn", "purchase", "high_value", "becomes_high_value", "decline")
    for about in asked:
        if about in found:
            events[about] = placed(found[about], found[about].actual)
    loss = None
    if facts is not None:
        columns |= {name: _on_rows(values, facts.customer_key, key) for name, values in facts.columns.items()}
        if facts.days_to_loss is not None:
            loss = _on_rows(facts.days_to_loss, facts.customer_key, key)
    return PastScores(cutoff, horizon_days, key, columns, events, loss)


def _on_rows(values: np.ndarray, keys: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Values by ascending keys, at the keys of `rows`; null (NaN or None) where there is no such key."""
    empty: object = None if values.dtype == object else np.nan
    if not len(keys):
        return np.full(len(rows), empty, dtype=values.dtype if values.dtype == object else np.float64)
    place = np.minimum(np.searchsorted(keys, rows), len(keys) - 1)
    placed = values[place].astype(object if values.dtype == object else np.float64)
    placed[keys[place] != rows] = empty
    return placed
