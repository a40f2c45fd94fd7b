"""What is asked of a generated shop: how many customers, over how many days, from which seed, drifting from when."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from foretell.generated.calendar import NO_DRIFT, Calendar
from foretell.generated.parameters import Parameters
from foretell.project.errors import InputError

MOST_CUSTOMERS, MOST_DAYS, LARGEST_SEED = 50_000_000, 3_660, 2**32 - 1
BLOCK = 10_000
"""Customers that are drawn and written together, which bounds the memory."""
NOUNS = (
    "customers", "orders", "consents", "contacts", "products", "baskets", "visits", "feedback", "profiles",
    "subscriptions", "reactions",
)  # fmt: skip


@dataclass(frozen=True)
class ShopRequest:
    """InputError where a number is out of reach. `drift_day` counts days from 1; None for no drift.
    `parameters` are what the shop is drawn from; another shop than the documented one has others."""

    customers: int
    days: int
    seed: int = 0
    drift_day: int | None = None
    ahead: int = field(default=0, kw_only=True)
    """Days that are drawn beyond `days`, to be written later: how far the shop can go on."""
    parameters: Parameters = field(default_factory=Parameters, kw_only=True)

    def __post_init__(self) -> None:
        _within("customers", self.customers, 1, MOST_CUSTOMERS)
        _within("days", self.days, 1, MOST_DAYS)
        _within("ahead", self.ahead, 0, MOST_DAYS - self.days)
        _within("seed", self.seed, 0, LARGEST_SEED)
        if self.drift_day is not None:
            _within("drift", self.drift_day, 1, self.days)

    @property
    def calendar(self) -> Calendar:
        """All days that are drawn, with those ahead."""
        return Calendar(
            self.days + self.ahead, NO_DRIFT if self.drift_day is None else self.drift_day - 1, self.parameters
        )

    @property
    def blocks(self) -> list[range]:
        """The numbers of the customers of each block."""
        return [range(at, min(at + BLOCK, self.customers)) for at in range(0, self.customers, BLOCK)]

    def random(self, noun: str, block: int = 0) -> np.random.Generator:
        """The generator of one noun of one block: what another noun draws changes nothing here."""
        return np.random.default_rng([self.seed, block, NOUNS.index(noun)])


def _within(name: str, found: int, least: int, most: int) -> None:
    if not least <= found <= most:
        raise InputError(
            f"The shop cannot be generated: {name} is out of reach.",
            column=f"--{name}",
            found=f"{found:,}",
            expected=f"a whole number from {least:,} to {most:,}",
        )
