"""The next order: when each customer comes back, and whether at all.

    h(t | customer) = h_BG/NBD(t | x, t_x, T) x exp(b0 + b . columns(t))

The hazard of BG/NBD knows how many are left and how often they buy, and forgets when the last order was due; the
columns know the phase of the customer's own rhythm (see `next_order_rhythm`). Their coefficients are the penalised
maximum (a ridge) of the Poisson likelihood of a piecewise exponential model (Holford 1980, Biometrics 36; Laird and
Olivier 1981, JASA 76) on customers seen at many past moments (van Houwelingen 2007, Scandinavian Journal of Statistics
34: landmarking), each wait censored at what was known when learning. With few customers the ridge leaves BG/NBD as it
is. Past windows tell shapes, not today's level, so the level is BG/NBD's: one factor for all hazards gives today's
customers its mean chance of an order within the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq

from foretell.examples.examples import Examples
from foretell.forecasts.next_order.curve import KNOTS, ReturnCurve, curve_of
from foretell.forecasts.next_order.process import ReturnProcess, fit_process
from foretell.forecasts.next_order.rhythm import Rhythm, Usual, rhythm_of, usual_of
from foretell.forecasts.next_order.rows import CAME_BACK, WAIT_DAYS

RIDGE = 500.0
MONTH = np.array([0.0, 30.0])
MOST_ROWS = 20_000
ROWS_AT_ONCE = 50_000
FEWEST_RETURNS = 20
MOST_STEPS = 50
SMALLEST_STEP = 1e-8
HIGHEST_LOG_MEAN = 30.0
LARGEST_LOG_FACTOR = 4.0
FURTHEST_LEVEL = 4.0
OURS, BASELINE = "rhythm_hazard", "bg_nbd"


@dataclass(frozen=True)
class FittedNextOrder:
    """The process, and what was learned beyond it. `coefficients` is float64 [columns], empty where nothing was: then
    the process stands alone. `watched_days` is how long waits were watched at most: later hazards take the factor of
    that day. `usual` is what is usual among all customers, its gap NaN where nobody has bought on two days."""

    process: ReturnProcess
    usual: Usual
    intercept: float
    coefficients: np.ndarray
    watched_days: float

    @property
    def name(self) -> str:
        """`rhythm_hazard`, or `bg_nbd` where the process stands alone (`rate` where even that cannot be fitted)."""
        return OURS if len(self.coefficients) else self.alone().name_of_process

    @property
    def name_of_process(self) -> str:
        """The field's name of what is behind the rhythm."""
        return BASELINE if self.process.parameters is not None else "rate"

    def alone(self) -> FittedNextOrder:
        """The same without what was learned: the process, which serves where the rhythm proves no better."""
        return FittedNextOrder(self.process, self.usual, 0.0, np.zeros(0), 0.0)

    def curve(self, examples: Examples, days: np.ndarray = KNOTS) -> ReturnCurve:
        """The return curve of every row, from its own cutoff on, given the silence so far; a row's curve depends on
        the row alone. The examples need the features of `examples.next_order.WAIT_FEATURES`."""
        hazards = self.process.hazards(examples, days)
        if not len(self.coefficients):
            return curve_of(days, hazards)
        rhythm = _rhythm(examples, self.process, self.usual)
        rows = np.arange(len(examples))
        for at, (begin, end) in enumerate(pairwise(days)):
            if begin < self.watched_days or not at:
                factor = np.full(len(rows), self.intercept)
                for column, coefficient in zip(rhythm.columns(begin, end, rows), self.coefficients, strict=True):
                    factor += coefficient * column
                factor = np.exp(np.clip(factor, -LARGEST_LOG_FACTOR, LARGEST_LOG_FACTOR))
            hazards[:, at] *= factor
        return curve_of(days, hazards)


def fit(landmarks: Examples | None, today: Examples) -> FittedNextOrder:
    """Learn from customers at past moments with their waits (`examples.next_order.WaitAssembly`), and from the facts
    of `today`, of which no outcome is read. Never fails: where fewer than `FEWEST_RETURNS` waits ended, or
    BG/NBD cannot be fitted, the process stands alone."""
    process = fit_process(today)
    usual = usual_of(today)
    alone = FittedNextOrder(process, usual, 0.0, np.zeros(0), 0.0)
    if landmarks is None or process.parameters is None or not np.isfinite(usual.gap_days):
        return alone
    landmarks = _fewer(landmarks)
    if landmarks.labels[CAME_BACK].sum() < FEWEST_RETURNS:
        return alone
    columns, exposure, ordered = _exposed(landmarks, process, usual)
    intercept, coefficients = _poisson_ridge(columns, exposure, ordered)
    learned = FittedNextOrder(process, usual, intercept, coefficients, float(landmarks.labels[WAIT_DAYS].max()) + 1.0)
    return _levelled(learned, alone, today)


def _rhythm(examples: Examples, process: ReturnProcess, usual: Usual) -> Rhythm:
    return rhythm_of(examples, usual, process.hazards(examples, MONTH)[:, 0])


def _fewer(landmarks: Examples) -> Examples:
    """At most about `MOST_ROWS` rows: whole customers with the smallest keys, a stable draw."""
    if len(landmarks) <= MOST_ROWS:
        return landmarks
    largest = np.sort(landmarks.customer_key)[MOST_ROWS - 1]
    return landmarks.take(landmarks.customer_key <= largest)


def _exposed(landmarks: Examples, process: ReturnProcess, usual: Usual) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One row for each stretch between knots that a customer was watched in: columns float64 [rows, columns], the
    process's cumulative hazard over the part that was watched, and whether the order came in it (0 or 1)."""
    rhythm = _rhythm(landmarks, process, usual)
    hazards = curve_of(KNOTS, process.hazards(landmarks, KNOTS)).cumulative_hazard
    came = landmarks.labels[CAME_BACK] > 0
    watched = landmarks.labels[WAIT_DAYS] + came  # an order on day d is an event by the end of that day
    columns, exposure, ordered = [], [], []
    for at, (begin, end) in enumerate(pairwise(KNOTS)):
        rows = np.flatnonzero(watched > begin)
        part = np.minimum((watched[rows] - begin) / (end - begin), 1.0)
        columns.append(np.column_stack(list(rhythm.columns(begin, end, rows))))
        exposure.append((hazards[rows, at + 1] - hazards[rows, at]) * part)
        ordered.append(came[rows] & (watched[rows] <= end))
    return np.concatenate(columns), np.concatenate(exposure), np.concatenate(ordered).astype(np.float64)


def _poisson_ridge(columns: np.ndarray, exposure: np.ndarray, ordered: np.ndarray) -> tuple[float, np.ndarray]:
    """Intercept and coefficients of log hazard beyond the exposure's: Newton's method, the ridge on columns of unit
    spread (they are brought to it in place), the intercept free. Constant columns get 0."""
    centre, spread = columns.mean(axis=0), columns.std(axis=0)
    varied = spread > 1e-12
    columns -= centre
    columns *= np.where(varied, 1.0 / np.where(varied, spread, 1.0), 0.0)
    likelihood = _PenalisedPoisson(columns, np.log(exposure), ordered)
    found = np.zeros(columns.shape[1] + 1)
    found[0] = np.log(max(float(ordered.sum()), 0.5) / float(exposure.sum()))
    value = likelihood.at(found)
    for _ in range(MOST_STEPS):
        step = likelihood.newton_step(found)
        length = next(
            (0.5**halving for halving in range(30) if likelihood.at(found + step * 0.5**halving) > value), 0.0
        )
        found = found + step * length
        value = likelihood.at(found)
        if np.abs(step * length).max() < SMALLEST_STEP:
            break
    coefficients = np.where(varied, found[1:] / np.where(varied, spread, 1.0), 0.0)
    return float(found[0] - (coefficients * centre).sum()), coefficients


@dataclass(frozen=True)
class _PenalisedPoisson:
    """Poisson log-likelihood of `ordered` with log mean `offset` + intercept + `columns` x coefficients, less half the
    ridge times the squared coefficients."""

    columns: np.ndarray
    offset: np.ndarray
    ordered: np.ndarray

    def at(self, found: np.ndarray) -> float:
        log_mean = self._log_mean(found)
        penalty = 0.5 * RIDGE * float(found[1:] @ found[1:])
        return float(self.ordered @ log_mean - np.exp(log_mean).sum()) - penalty

    def newton_step(self, found: np.ndarray) -> np.ndarray:
        mean = np.exp(self._log_mean(found))
        missing = self.ordered - mean
        slope = np.append(missing.sum(), self.columns.T @ missing - RIDGE * found[1:])
        curvature = np.diag(np.append(1e-9, np.full(len(found) - 1, RIDGE)))
        curvature[0, 0] += mean.sum()
        curvature[0, 1:] = curvature[1:, 0] = self.columns.T @ mean
        for start in range(0, len(mean), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            curvature[1:, 1:] += (self.columns[rows].T * mean[rows]) @ self.columns[rows]
        return np.asarray(np.linalg.solve(curvature, slope))

    def _log_mean(self, found: np.ndarray) -> np.ndarray:
        return np.minimum(self.offset + found[0] + self.columns @ found[1:], HIGHEST_LOG_MEAN)


def _levelled(learned: FittedNextOrder, alone: FittedNextOrder, today: Examples) -> FittedNextOrder:
    """The learned hazards times one factor, so that the mean chance of an order within the horizon is the process's."""
    horizon = float(today.horizon_days)
    own = learned.curve(today)
    hazard = -np.log(np.maximum(own.silent_until(horizon), 1e-300))
    wanted = float(alone.curve(today).came_by(horizon).mean())

    def missing(shift: float) -> float:
        return float(-np.expm1(-hazard * np.exp(shift)).mean()) - wanted

    if missing(-FURTHEST_LEVEL) >= 0 or missing(FURTHEST_LEVEL) <= 0:
        return learned
    shift = float(brentq(missing, -FURTHEST_LEVEL, FURTHEST_LEVEL, xtol=1e-10))
    return replace(learned, intercept=learned.intercept + shift)
