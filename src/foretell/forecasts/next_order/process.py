"""What a customer's return looks like before anything is learned of rhythms: BG/NBD's, or the population's rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.btyd.beta_geometric import BG_NBD, BetaGeometricParameters
from foretell.btyd.estimated_once import estimated
from foretell.btyd.summary import DAYS_PER_WEEK, in_weeks, summarised
from foretell.examples.examples import Examples
from foretell.forecasts.next_order.curve import FURTHEST_DAYS, HIGHEST_CHANCE
from foretell.models.contract import CannotFit

MOST_CUSTOMERS = 50_000
REPEATS_TAKEN_FOR_GRANTED = 0.5
RATE_SHAPE = 1.0


@dataclass(frozen=True)
class ReturnProcess:
    """BG/NBD's parameters, or None where too few have come back: then rates are gamma with shape `RATE_SHAPE` and the
    mean `repeats_a_day`, nobody leaves, and `cannot` says why."""

    parameters: BetaGeometricParameters | None
    repeats_a_day: float
    cannot: str = ""

    def hazards(self, examples: Examples, days: np.ndarray) -> np.ndarray:
        """float64 [rows, knots - 1]: cumulative hazard of the next order between knots, -log S(end) / S(begin)."""
        return np.diff([self._hazard_until(examples, float(day)) for day in days], axis=0).T

    def _hazard_until(self, examples: Examples, days: float) -> np.ndarray:
        triple = in_weeks(*_facts(examples))
        weeks = days / DAYS_PER_WEEK
        if self.parameters is not None:
            came = BG_NBD.probability_of_order(self.parameters, *triple, weeks)
            return np.asarray(-np.log1p(-np.clip(came, 0.0, HIGHEST_CHANCE)))
        repeats, _, age = triple
        seen = RATE_SHAPE / (self.repeats_a_day * DAYS_PER_WEEK) + age
        return np.asarray((RATE_SHAPE + repeats) * np.log1p(weeks / seen))


def fit_process(today: Examples) -> ReturnProcess:
    """Learn from the facts at one cutoff; never fails. Of many customers, those with the smallest keys are read."""
    if len(today) > MOST_CUSTOMERS:
        today = today.take(np.sort(np.argsort(today.customer_key, kind="stable")[:MOST_CUSTOMERS]))
    purchase_days, _, observed = _facts(today)
    repeats = float(np.maximum(purchase_days - 1.0, 0.0).sum()) + REPEATS_TAKEN_FOR_GRANTED
    a_day = repeats / (float(np.maximum(observed, 0.0).sum()) + FURTHEST_DAYS)
    if not len(today):
        return ReturnProcess(None, a_day, "there are no customers")
    try:
        return ReturnProcess(estimated(BG_NBD.fit, summarised(*_facts(today))), a_day)
    except CannotFit as error:
        return ReturnProcess(None, a_day, str(error))


def _facts(examples: Examples) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    facts = examples.facts
    purchase_days, span, observed = (
        np.asarray(facts[name], dtype=np.float64) for name in ("purchase_days", "first_to_last_days", "observed_days")
    )
    return purchase_days, span, observed
