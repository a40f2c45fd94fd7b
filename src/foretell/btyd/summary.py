"""What buy-till-you-die models read of a customer: (x, t_x, T), equal triples merged with a count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DAYS_PER_WEEK = 7.0
FEWEST_REPEAT_CUSTOMERS = 5


class CannotFit(Exception):
    """The model has nothing to say about these examples; the message says why, in a user's words."""


@dataclass(frozen=True)
class Summary:
    """Distinct (x, t_x, T) in ascending order, with how many customers share each; all float64 [triples].

    `repeats` is x, purchase days after the first; `recency_weeks` is t_x, first to last purchase day;
    `age_weeks` is T, first purchase day to the moment of observation. Sorting and merging make every sum
    over customers the same whatever the order of the rows.
    """

    repeats: np.ndarray
    recency_weeks: np.ndarray
    age_weeks: np.ndarray
    customers: np.ndarray


def in_weeks(
    purchase_days: np.ndarray, first_to_last_days: np.ndarray, observed_days: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(x, t_x, T) of each customer: repeat purchase days, and the two lengths of time in weeks.

    >>> in_weeks(np.array([3]), np.array([14]), np.array([70]))
    (array([2.]), array([2.]), array([10.]))
    """
    repeats = np.maximum(np.asarray(purchase_days, dtype=np.float64) - 1.0, 0.0)
    age = np.maximum(np.asarray(observed_days, dtype=np.float64), 0.0)
    recency = np.clip(np.asarray(first_to_last_days, dtype=np.float64), 0.0, age)
    return repeats, np.where(repeats > 0, recency, 0.0) / DAYS_PER_WEEK, age / DAYS_PER_WEEK


def summarised(purchase_days: np.ndarray, first_to_last_days: np.ndarray, observed_days: np.ndarray) -> Summary:
    """The summary of customers given by the three facts (days), one entry a customer."""
    x, t_x, age = in_weeks(purchase_days, first_to_last_days, observed_days)
    order = np.lexsort((age, t_x, x))
    x, t_x, age = x[order], t_x[order], age[order]
    new = np.ones(len(x), dtype=bool)
    new[1:] = (x[1:] != x[:-1]) | (t_x[1:] != t_x[:-1]) | (age[1:] != age[:-1])
    first = np.flatnonzero(new)
    customers = np.diff(np.append(first, len(x)))
    return Summary(x[first], t_x[first], age[first], customers.astype(np.float64))


def require_repeat_customers(summary: Summary) -> None:
    """Raises `CannotFit` where too few customers came back for a rate or a dropout to be told."""
    total = int(summary.customers.sum())
    repeat = int(summary.customers[summary.repeats > 0].sum())
    if repeat < FEWEST_REPEAT_CUSTOMERS:
        raise CannotFit(
            f"only {repeat} of {total} customers have bought on more than one day; "
            f"{FEWEST_REPEAT_CUSTOMERS} are needed to tell a rhythm"
        )
