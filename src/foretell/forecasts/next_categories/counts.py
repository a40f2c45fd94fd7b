"""Counts of who bought which category after which: they add up over batches, and tell rates shrunk to those of all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.forecasts.next_categories.history import CategoryHistory

PRIOR_CUSTOMERS, PRIOR_OF_FIRSTS = 20.0, 400.0
"""How many customers of the rate of all the rate of a category is mixed with."""
PRIOR_EVENTS = 30.0
"""How many purchases, found and expected alike, a lift is mixed with."""


@dataclass(frozen=True)
class CategoryCounts:
    """Of a window: `owners` had bought a category before it, `again` of them did so in it, `firsts` bought it for the
    first time; float64 [categories]. Of the common ones, `both` [i, j] owned both before, `led` [i, j] owned i and
    bought j for the first time. `a + b` adds up batches."""

    customers: int
    owners: np.ndarray
    again: np.ndarray
    firsts: np.ndarray
    both: np.ndarray
    led: np.ndarray

    @classmethod
    def of(cls, history: CategoryHistory, common: int) -> CategoryCounts:
        """The counts of one batch; the first `common` categories are counted together too."""
        owned = history.by_category(np.ones(len(history.row)))
        again = owned.multiply(history.then)
        first = history.then - again
        together = owned[:, :common]
        return cls(
            len(history),
            owned.sum(axis=0),
            again.sum(axis=0),
            first.sum(axis=0),
            (together.T @ together).toarray(),
            (together.T @ first[:, :common]).toarray(),
        )

    def __add__(self, other: CategoryCounts) -> CategoryCounts:
        return CategoryCounts(
            self.customers + other.customers,
            self.owners + other.owners,
            self.again + other.again,
            self.firsts + other.firsts,
            self.both + other.both,
            self.led + other.led,
        )

    @property
    def common(self) -> int:
        """How many categories are counted together: the first ones."""
        return len(self.both)

    @property
    def popularity(self) -> np.ndarray:
        """float64 [categories]: customers who bought it in the window, for the first time or again."""
        return self.again + self.firsts

    @property
    def repeat_rate(self) -> np.ndarray:
        """float64 [categories] in (0, 1): the share of owners who bought it again, shrunk to that of all categories."""
        whole = (self.again.sum() + 1) / (self.owners.sum() + 2)
        return np.asarray((self.again + PRIOR_CUSTOMERS * whole) / (self.owners + PRIOR_CUSTOMERS))

    @property
    def first_rate(self) -> np.ndarray:
        """float64 [common] in (0, 1): the share of those who had not owned it who bought it for the first time, shrunk
        to what the category's popularity lets expect."""
        firsts, popularity = self.firsts[: self.common], self.popularity[: self.common]
        without = self.customers - self.owners[: self.common]
        whole = (firsts.sum() + 1) / (without.sum() + 2)
        popular = (popularity + 1) * self.common / (popularity + 1).sum()
        expected = np.minimum(whole * popular, 0.5)
        return np.asarray((firsts + PRIOR_OF_FIRSTS * expected) / (without + PRIOR_OF_FIRSTS))

    @property
    def lift_of_first(self) -> np.ndarray:
        """float64 [i, j]: log of how much likelier owners of i buy j for the first time, shrunk to 0; 0 for i = j."""
        owners = self.owners[: self.common]
        return _lift(self.led, (owners[:, None] - self.both) * self.first_rate)

    @property
    def lift_of_owning(self) -> np.ndarray:
        """float64 [i, j]: log of how much likelier owners of i own j, shrunk to 0; 0 for i = j."""
        owners = self.owners[: self.common]
        return _lift(self.both, owners[:, None] * owners / max(self.customers, 1))


def _lift(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Log of found over expected, `PRIOR_EVENTS` added to both: the mean of a Gamma-Poisson model."""
    lift = np.log((found + PRIOR_EVENTS) / (expected + PRIOR_EVENTS))
    np.fill_diagonal(lift, 0.0)
    return np.asarray(lift)
