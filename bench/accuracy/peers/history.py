"""What a peer is given: the orders before a cutoff, merged by day; and what happened afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Forecasts = dict[str, np.ndarray]
"""`purchase`, `orders`, `spend`, `high_value`: float64 [customers]; what a peer cannot say is left out."""


@dataclass(frozen=True)
class History:
    """One entry an order, by customer and day: `customer` 0 to `customers` - 1, `day` since 1970, gross `amount`.

    Every order lies before the day `cutoff`, and every customer has one.
    """

    customers: int
    customer: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    cutoff: int

    @property
    def first_day(self) -> int:
        return int(self.day.min())

    def orders(self, since: int | None = None) -> np.ndarray:
        """Orders of each customer, from the day `since` on: float64 [customers]."""
        return np.bincount(self.customer[self._from(since)], minlength=self.customers).astype(np.float64)

    def spend(self, since: int | None = None) -> np.ndarray:
        """Amount of each customer's orders, from the day `since` on: float64 [customers]."""
        kept = self._from(since)
        return np.bincount(self.customer[kept], self.amount[kept], minlength=self.customers)

    def first(self) -> np.ndarray:
        """Day of each customer's first order."""
        return self.day[np.flatnonzero(np.diff(self.customer, prepend=-1))].astype(np.float64)

    def last(self) -> np.ndarray:
        """Day of each customer's last order."""
        return self.day[np.flatnonzero(np.diff(self.customer, append=self.customers))].astype(np.float64)

    def before(self, cutoff: int) -> tuple[History, np.ndarray]:
        """The history at an earlier cutoff, and who its customers are in this one."""
        kept = self.day < cutoff
        who, customer = np.unique(self.customer[kept], return_inverse=True)
        return History(len(who), customer, self.day[kept], self.amount[kept], cutoff), who

    def _from(self, since: int | None) -> np.ndarray:
        return np.ones(len(self.day), dtype=bool) if since is None else self.day >= since


def rfm_columns(history: History) -> np.ndarray:
    """The five of the tutorials: recency and age in days, orders, spend, spend an order; float64 [customers, 5]."""
    orders, spend = history.orders(), history.spend()
    return np.column_stack(
        [history.cutoff - history.last(), orders, spend / orders, history.cutoff - history.first(), spend]
    )
