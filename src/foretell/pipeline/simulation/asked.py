"""What is asked of a simulation: how many weeks, of how many shops, of which size."""

from __future__ import annotations

from dataclasses import dataclass

from foretell.generated.request import ShopRequest
from foretell.project.errors import InputError

HISTORY_DAYS = 546
"""What the shop has behind it when the loop begins: a year and a half, so that every season was seen once."""
DAYS_PER_WEEK = 7
HORIZON_DAYS = WINDOW_DAYS = 30
"""Over which the forecasts look, and campaigns are read out."""
RETRAIN_WEEKS = 4
"""How often a challenger is taught."""
COST, MARGIN, HOLDOUT = 1.0, 0.4, 0.2
"""Of one letter, in currency; of spend, the share that is left; of those who are chosen, the share kept aside."""
CONTACTED = 20
"""Of that many customers of the shop the budget of a week pays one letter."""
PLAYBOOK, OFFER = "stay in touch", "letter"
ORDER_BY_LETTER = "10 %"
"""What the owner believes, before any campaign has said it, that a letter adds to the chance of an order."""
LEAST_WEEKS, MOST_WEEKS = 2, 104
LEAST_CUSTOMERS, MOST_CUSTOMERS = 200, 100_000
MOST_SEEDS, MOST_REDRAWS = 100, 100_000


@dataclass(frozen=True)
class SimulationAsked:
    """`weeks` of the loop on each of `seeds` shops that `customers` come to in the whole time; `redraws` of one
    campaign. InputError where a number is out of reach."""

    weeks: int = 26
    seeds: int = 5
    customers: int = 2_000
    redraws: int = 400

    def __post_init__(self) -> None:
        _within("weeks", self.weeks, LEAST_WEEKS, MOST_WEEKS)
        _within("seeds", self.seeds, 1, MOST_SEEDS)
        _within("customers", self.customers, LEAST_CUSTOMERS, MOST_CUSTOMERS)
        _within("redraws", self.redraws, 1, MOST_REDRAWS)

    def shop(self, seed: int) -> ShopRequest:
        """The shop of a seed."""
        return ShopRequest(self.customers, HISTORY_DAYS, seed, ahead=self.weeks * DAYS_PER_WEEK)

    @property
    def drift_week(self) -> int:
        """From the week before this one on drifts are planted, each in a loop of its own."""
        return max(2 * self.weeks // 3, 1)

    @property
    def budget(self) -> float:
        """Money for the letters of one week."""
        return COST * max(self.customers // CONTACTED, 1)


def _within(name: str, found: int, least: int, most: int) -> None:
    if not least <= found <= most:
        raise InputError(
            f"The loop cannot be simulated: {name} is out of reach.",
            column=f"--{name}",
            found=f"{found:,}",
            expected=f"a whole number from {least:,} to {most:,}",
        )
