"""Whether forecasts of the next order were right, with customers who had not come back yet counted as what they are.

To judge dates on returners only rewards whoever forecasts early: within a window of 90 days only those who return
within 90 days return. Everything here but one figure, which says so, is over all customers, a wait that had not ended
being right-censored.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.backtest.metrics.distribution_metrics import randomised_pit

LEAST_CHANCE = 1e-12
CALIBRATION_BINS = 10
PAIRS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class WaitForecast:
    """One model's forecasts at one cutoff beside what was seen; float64 [rows] but where it says otherwise.

    `wait_days` is whole days from the cutoff's day to the next order's, or the days watched where none came;
    `came_back` is bool. `below` and `up_to` are F(wait_days) and F(wait_days + 1): the order of day d falls between
    them; of who has not come back only `below` is read. `grid_days` [times] lie within what was watched, ascending,
    and `survival` [rows, times] is the chance of no order before each. `p_no_repeat` is the mass that never returns;
    `expected_days` is the point forecast of those who return while watched. A forecast without a distribution is a
    step from 0 to 1.
    """

    model: str
    cutoff: int
    customer_key: np.ndarray
    wait_days: np.ndarray
    came_back: np.ndarray
    below: np.ndarray
    up_to: np.ndarray
    grid_days: np.ndarray
    survival: np.ndarray
    p_no_repeat: np.ndarray
    expected_days: np.ndarray


def log_score_of_rows(forecast: WaitForecast) -> np.ndarray:
    """float64 [rows], lower is better: -log of the chance given to the very day, or to no order so far.

    The censored logarithmic score, proper where censoring says nothing of the wait (Rindt, Hu, Steinsaltz and
    Sejdinovic 2022, Survival regression with proper scoring rules, AISTATS; right-censored log-likelihood)."""
    chance = np.where(forecast.came_back, forecast.up_to - forecast.below, 1.0 - forecast.below)
    return np.asarray(-np.log(np.maximum(chance, LEAST_CHANCE)))


def integrated_brier_of_rows(forecast: WaitForecast) -> np.ndarray:
    """float64 [rows], lower is better: the squared error of the survival curve, averaged over the grid's span.

    Graf, Schmoor, Sauerbrei and Schumacher 1999, Statistics in Medicine 18: at time t a row counts with the inverse
    of the chance to be still watched then (Kaplan-Meier of the censoring), 0 if it was lost before."""
    wait, came = forecast.wait_days, forecast.came_back
    watched = KaplanMeier.of(wait, ~came)
    grid = forecast.grid_days
    returned = came[:, None] & (wait[:, None] < grid[None, :])
    silent = wait[:, None] >= grid[None, :]
    kept = np.where(returned, watched.survival_before(wait)[:, None], watched.survival_before(grid)[None, :])
    weight = np.where(returned | silent, 1.0 / np.maximum(kept, LEAST_CHANCE), 0.0)
    error = weight * (forecast.survival - silent) ** 2
    if len(grid) < 2:
        return np.asarray(error.mean(axis=1))
    return np.asarray(np.trapezoid(error, grid, axis=1) / (grid[-1] - grid[0]))


def concordance(forecast: WaitForecast) -> float:
    """Harrell's C (Harrell, Lee and Mark 1996, Statistics in Medicine 15): of pairs of customers of whom it is known
    who came back first, the share that the forecast orders so; ties count half; NaN without such a pair. Customers are
    ordered by the mean days of silence within the grid."""
    expected = forecast.survival.mean(axis=1)
    first = np.flatnonzero(forecast.came_back)
    until = np.where(forecast.came_back, forecast.wait_days, forecast.wait_days + 0.5)
    pairs, right = 0.0, 0.0
    size = max(1, PAIRS_AT_ONCE // max(1, len(until)))
    for start in range(0, len(first), size):
        rows = first[start : start + size]
        later = until[rows, None] < until[None, :]
        pairs += float(later.sum())
        right += float((later & (expected[rows, None] < expected[None, :])).sum())
        right += 0.5 * float((later & (expected[rows, None] == expected[None, :])).sum())
    return right / pairs if pairs else float("nan")


def censored_pit(forecast: WaitForecast, seed: int) -> np.ndarray:
    """float64 [rows]: where the order's day fell in its own forecast, uniform within that day's chance; of who has not
    come back, F at the end of what was watched, which the value lies above."""
    u = randomised_pit(forecast.below, np.maximum(forecast.up_to, forecast.below), forecast.customer_key, seed)
    return np.where(forecast.came_back, u, forecast.below)


def central_coverage(pit: np.ndarray, came_back: np.ndarray, level: float, weight: np.ndarray | None = None) -> float:
    """How much of what happens falls between the forecast's (1 - level) / 2 and (1 + level) / 2 quantiles, "never"
    being the far end; right if equal to `level`.

    If forecasts are right, `censored_pit` is a right-censored sample of the uniform distribution whatever the
    customer, so the Kaplan-Meier estimate of it is the diagonal (Andersen, Borgan, Gill and Keiding 1993, Statistical
    Models Based on Counting Processes, VI.3: Cox-Snell residuals). NaN where no customer was watched that far."""
    found = KaplanMeier.of(pit, came_back, weight)
    low, high = (1.0 - level) / 2.0, (1.0 + level) / 2.0
    if not found.reaches(high):
        return float("nan")
    return found.survival_until(low) - found.survival_until(high)


def return_coverage(
    pit: np.ndarray, came_back: np.ndarray, p_no_repeat: np.ndarray, level: float, weight: np.ndarray | None = None
) -> float:
    """The coverage of the interval that is served: of customers who return at all, the share whose order falls between
    the (1 - level) / 2 and (1 + level) / 2 quantiles given a return; NaN where nobody does.

    Who has not come back counts in parts: by the Kaplan-Meier estimate of the transform, given that it lies above
    where watching ended (redistribution to the right: Efron 1967, The two sample problem with censored data), a part
    returns within the interval, a part returns after it, the rest never. Beyond where anybody was watched the
    estimate goes straight to 1. Returners of the window alone would be the early half of every interval."""
    found = KaplanMeier.of(pit, came_back, weight)
    rows = np.ones(len(pit)) if weight is None else weight
    reach = 1.0 - p_no_repeat
    low, high = (1.0 - level) / 2.0 * reach, (1.0 + level) / 2.0 * reach
    left = 1.0 - found.distribution(pit)
    beyond = {
        name: np.divide(
            found.distribution(np.maximum(at, pit)) - (1.0 - left), left, out=np.zeros(len(pit)), where=left > 0
        )
        for name, at in (("low", low), ("high", high), ("reach", reach))
    }
    inside = np.where(came_back, (pit >= low) & (pit <= high), beyond["high"] - beyond["low"])
    returned = np.where(came_back, pit <= reach, beyond["reach"])
    total = float((rows * returned).sum())
    return float((rows * inside).sum()) / total if total > 0 else float("nan")


def silence_predicted(forecast: WaitForecast) -> np.ndarray:
    """float64 [rows]: the chance that was given to no order by the end of the grid."""
    return np.asarray(forecast.survival[:, -1])


def silence_seen(forecast: WaitForecast, rows: np.ndarray | None = None, weight: np.ndarray | None = None) -> float:
    """The share of customers (of `rows`) without an order by the end of the grid, by Kaplan-Meier."""
    chosen = np.arange(len(forecast.wait_days)) if rows is None else rows
    found = KaplanMeier.of(forecast.wait_days[chosen], forecast.came_back[chosen], weight)
    return float(found.survival_before(forecast.grid_days[-1:])[0])


def silence_calibration_error(forecast: WaitForecast) -> float:
    """Mean over ten groups of equal size, by the chance that was given to silence, of the distance between that chance
    and the share that was silent (D'Agostino and Nam 2003, Handbook of Statistics 23: Kaplan-Meier in each group)."""
    predicted = silence_predicted(forecast)
    order = np.lexsort((forecast.customer_key, predicted))
    groups = [rows for rows in np.array_split(order, CALIBRATION_BINS) if len(rows)]
    apart = [abs(float(predicted[rows].mean()) - silence_seen(forecast, rows)) * len(rows) for rows in groups]
    return float(sum(apart) / max(len(order), 1))


def error_of_returners(forecast: WaitForecast) -> float:
    """Mean absolute error in days of the expected day, on those who came back while watched ONLY: it flatters whoever
    forecasts early, and must decide nothing. NaN where nobody came back."""
    rows = forecast.came_back
    return float(np.abs(forecast.expected_days[rows] - forecast.wait_days[rows]).mean()) if rows.any() else float("nan")


@dataclass(frozen=True)
class KaplanMeier:
    """The product-limit estimate (Kaplan and Meier 1958, JASA 53) of a right-censored sample: `survival`, float64
    [times], is the chance to last beyond each of `times`, ascending; `furthest` is the largest value, ended or not."""

    times: np.ndarray
    survival: np.ndarray
    furthest: float

    @classmethod
    def of(cls, values: np.ndarray, ended: np.ndarray, weight: np.ndarray | None = None) -> KaplanMeier:
        """The estimate of values, each an end (`ended`) or a bound from below; `weight` counts rows, default once. At
        equal values ends come first."""
        weights = np.ones(len(values)) if weight is None else np.asarray(weight, dtype=np.float64)
        kept = weights > 0
        values, ended, weights = values[kept], ended[kept], weights[kept]
        times, at = np.unique(values, return_inverse=True)
        ends = np.bincount(at, weights * ended, minlength=len(times))
        at_risk = np.cumsum(np.bincount(at, weights, minlength=len(times))[::-1])[::-1]
        survival = np.cumprod(1.0 - np.divide(ends, at_risk, out=np.zeros(len(times)), where=at_risk > 0))
        return cls(times, np.maximum(survival, 0.0), float(times[-1]) if len(times) else 0.0)

    def reaches(self, value: float) -> bool:
        """Whether the estimate says anything of lasting beyond the value."""
        return self.furthest >= value or (len(self.survival) > 0 and self.survival[-1] <= 0.0)

    def survival_until(self, value: float) -> float:
        """The chance to last beyond the value."""
        return float(self._after(np.searchsorted(self.times, value, side="right")))

    def survival_before(self, values: np.ndarray) -> np.ndarray:
        """float64: the chance to last to each value or beyond it."""
        return self._after(np.searchsorted(self.times, values, side="left"))

    def distribution(self, values: np.ndarray) -> np.ndarray:
        """float64: of a transform in [0, 1], the chance to lie at or below each value; beyond the furthest one the
        straight line to (1, 1)."""
        inside = 1.0 - self._after(np.searchsorted(self.times, values, side="right"))
        at_end = 1.0 - (self.survival[-1] if len(self.survival) else 1.0)
        part = np.clip((values - self.furthest) / max(1.0 - self.furthest, LEAST_CHANCE), 0.0, 1.0)
        return np.asarray(np.where(values > self.furthest, at_end + part * (1.0 - at_end), inside))

    def _after(self, count: np.ndarray | np.intp) -> np.ndarray:
        return np.append(1.0, self.survival)[count]
