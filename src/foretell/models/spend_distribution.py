"""How spend scatters around its forecast: nothing with chance 1 - p, else the forecast times what was seen before.

    P(spend <= x) = 1 - p + p F(x p / m)

with the chance p of an order and the mean spend m of the models that serve, and F the distribution of actual spend
over m / p among buyers of past cutoffs, whose forecasts were made without them. So an interval widens with a
customer's own scale, agrees with the chance and the mean beside it, and holds the drift of past levels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.models.baselines.outcome_table import bin_of
from foretell.models.contract import CannotFit

MOST_GROUPS = 6
BUYERS_A_GROUP = 60
FEWEST_BUYERS = 20
RANKS = np.arange(1, 200) / 200
SMALLEST = 1e-9


@dataclass(frozen=True)
class SpendDistribution:
    """`ratios` is float64 [groups, 199]: the log of actual over expected spend of buyers at the ranks .005 to .995;
    `cuts` are the inner bounds of the groups, on the log of the mean forecast."""

    cuts: np.ndarray
    ratios: np.ndarray

    def quantile(self, p_purchase: np.ndarray, expected_spend: np.ndarray, level: float) -> np.ndarray:
        """float64 [customers], currency: the spend that is not exceeded with chance `level`; 0 up to 1 - p."""
        chance = np.clip(p_purchase, SMALLEST, 1.0)
        among_buyers = (level - (1.0 - chance)) / chance
        found = np.zeros(len(chance))
        group = self._group(expected_spend)
        for number, ratios in enumerate(self.ratios):
            rows = (group == number) & (among_buyers > 0)
            log_ratio = np.interp(among_buyers[rows], RANKS, ratios)
            found[rows] = expected_spend[rows] / chance[rows] * np.exp(log_ratio)
        return found

    def _group(self, expected_spend: np.ndarray) -> np.ndarray:
        return bin_of(np.log(np.maximum(expected_spend, SMALLEST)), self.cuts)


def fit(p_purchase: np.ndarray, expected_spend: np.ndarray, actual_spend: np.ndarray) -> SpendDistribution:
    """Learn from forecasts of past cutoffs and what happened, float64 [rows] each; raises `CannotFit` for under
    `FEWEST_BUYERS` buyers."""
    buyers = (actual_spend > 0) & (expected_spend > SMALLEST)
    if buyers.sum() < FEWEST_BUYERS:
        raise CannotFit(f"only {int(buyers.sum())} forecasts of customers who then bought; {FEWEST_BUYERS} are needed")
    mean, chance = expected_spend[buyers], np.clip(p_purchase[buyers], SMALLEST, 1.0)
    log_ratio = np.log(actual_spend[buyers]) - np.log(mean / chance)
    groups = int(np.clip(buyers.sum() // BUYERS_A_GROUP, 1, MOST_GROUPS))
    cuts = np.unique(np.quantile(np.log(mean), np.arange(1, groups) / groups))
    place = bin_of(np.log(mean), cuts)
    everybody = np.quantile(log_ratio, RANKS)
    ratios = [
        np.quantile(log_ratio[place == group], RANKS) if (place == group).sum() >= FEWEST_BUYERS else everybody
        for group in range(len(cuts) + 1)
    ]
    return SpendDistribution(cuts, np.stack(ratios))
