"""The customer's phase: how far into the usual gap a silence has come, and what else moves the hazard of an order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foretell.examples.examples import Examples

SHRINKAGE_GAPS = 2.0
SHORTEST_GAP_DAYS = 0.5
USUAL_VARIATION = 0.8
LEAST_MONTH_HAZARD = 1e-6
BENDS = (-1.0, -0.4, 0.0, 0.5, 1.0, 2.0)
"""Where the effect of the phase bends: log of (elapsed + 1) / (usual gap + 1), so 0 is due and 0.7 twice as long."""


@dataclass(frozen=True)
class Rhythm:
    """What is known of each customer's rhythm at the cutoff; float64 [rows], finite.

    `usual_gap_days` is the own median gap shrunk to the population's by `SHRINKAGE_GAPS` gaps on the log scale (with
    one purchase day the population's own), `familiarity` is g / (g + `SHRINKAGE_GAPS`) for g own gaps, and `variation`
    is the own coefficient of variation of the gaps, shrunk in the same way to `USUAL_VARIATION`.
    """

    usual_gap_days: np.ndarray
    familiarity: np.ndarray
    variation: np.ndarray
    days_since_last: np.ndarray
    at_the_cutoff: tuple[np.ndarray, ...]

    def columns(self, begin: float, end: float, rows: np.ndarray) -> Iterator[np.ndarray]:
        """What moves the hazard between two days from the cutoff, one float64 [rows] after the other."""
        middle = (begin + end) / 2.0
        ahead = np.full(len(rows), np.log1p(middle))
        elapsed = np.log(self.days_since_last[rows] + middle + 1.0)
        phase = elapsed - np.log(self.usual_gap_days[rows] + 1.0)
        familiarity = self.familiarity[rows]
        regularity = familiarity * (1.0 - self.variation[rows])
        bent = [phase, *(np.maximum(phase - bend, 0.0) for bend in BENDS)]
        yield ahead
        yield elapsed
        yield np.full(len(rows), float(middle < 1.0))
        for weight in (1.0, familiarity, regularity):
            yield from (weight * column for column in bent)
        yield from (column[rows] for column in self.at_the_cutoff)


@dataclass(frozen=True)
class Usual:
    """What is usual among all customers: `gap_days`, the median of their median gaps (NaN where nobody has bought on
    two days), and `order_value`, the mean value of an order in currency (1 where nobody has spent anything)."""

    gap_days: float
    order_value: float


def usual_of(examples: Examples) -> Usual:
    """What is usual among the customers of one cutoff."""
    own = examples.feature("gap_days_median")
    own = own[np.isfinite(own)]
    spend = float(np.maximum(np.asarray(examples.facts["lifetime_spend"], dtype=np.float64), 0.0).sum())
    orders = float(np.asarray(examples.facts["lifetime_orders"], dtype=np.float64).sum())
    return Usual(float(np.median(own)) if len(own) else float("nan"), spend / orders if spend > 0 else 1.0)


def usual_gap_days(examples: Examples, population: float) -> np.ndarray:
    """float64 [rows]: the own median gap shrunk to the population's; NaN where neither is known."""
    gaps = _gaps(examples)
    own = np.where(gaps > 0, examples.feature("gap_days_median"), np.nan)
    log_own = np.log(np.maximum(np.where(np.isfinite(own), own, 1.0), SHORTEST_GAP_DAYS))
    gaps = np.where(np.isfinite(own), gaps, 0.0)
    if not np.isfinite(population):
        return np.where(gaps > 0, np.exp(log_own), np.nan)
    log_population = np.log(max(population, SHORTEST_GAP_DAYS))
    return np.asarray(np.exp((gaps * log_own + SHRINKAGE_GAPS * log_population) / (gaps + SHRINKAGE_GAPS)))


def rhythm_of(examples: Examples, among: Usual, month_hazard: np.ndarray) -> Rhythm:
    """The rhythm of every row; `among.gap_days` must be a number. `month_hazard` (float64 [rows]) is the cumulative
    hazard of 30 days by the process that knows no rhythm: its spread is learned along with the rest."""
    gaps = _gaps(examples)
    usual = usual_gap_days(examples, among.gap_days)
    familiarity = gaps / (gaps + SHRINKAGE_GAPS)
    own = examples.feature("gap_variation")
    variation = np.where(
        np.isfinite(own), familiarity * np.nan_to_num(own) + (1.0 - familiarity) * USUAL_VARIATION, USUAL_VARIATION
    )
    facts = {name: np.maximum(np.asarray(values, dtype=np.float64), 0.0) for name, values in examples.facts.items()}
    last = examples.feature("gap_days_last")
    last_gap = np.log(np.maximum(np.where(np.isfinite(last), last, usual), 0.0) + 1.0) - np.log(usual + 1.0)
    days = np.log(np.maximum(facts["purchase_days"], 1.0))
    recent = np.log1p(np.maximum(np.nan_to_num(examples.feature("orders_90d")), 0.0))
    spend = facts["lifetime_spend"] / among.order_value
    of_the_cutoff = (
        days,
        days**2,
        np.log1p(facts["observed_days"]),
        np.log1p(facts["days_since_last"]),
        recent,
        recent * days,
        familiarity,
        np.log(usual + 1.0),
        last_gap,
        variation,
        (gaps == 0).astype(np.float64),
        np.log(np.maximum(month_hazard, LEAST_MONTH_HAZARD)),
        np.log1p(spend),
        np.log1p(spend / np.maximum(facts["lifetime_orders"], 1.0)),
    )
    return Rhythm(usual, familiarity, variation, facts["days_since_last"], of_the_cutoff)


def _gaps(examples: Examples) -> np.ndarray:
    return np.maximum(np.asarray(examples.facts["purchase_days"], dtype=np.float64) - 1.0, 0.0)
