"""Who the customers of a generated shop are: their rhythm, what they spend, how contacts move them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from foretell.generated.calendar import DAY, Calendar
from foretell.generated.parameters import Parameters

KINDS = ("persuadable", "sure thing", "lost cause", "sleeping dog")
LEAD_DAYS = 14
DRAWN_FOR_SHARE = 200_000
"""Customers drawn, always the same ones, to tell from which value on somebody is of high value."""


@dataclass(frozen=True)
class Customers:
    """Columns of equal length, one entry a customer; moments in seconds since the first midnight."""

    number: np.ndarray
    signed_up: np.ndarray
    joined: np.ndarray
    """Shop time (days) of the first order."""
    rate: np.ndarray
    """Orders a day of shop time."""
    mean_value: np.ndarray
    leaving_chance: np.ndarray
    price_sensitive: np.ndarray
    contact_kind: np.ndarray
    """Codes into `KINDS`."""
    high_value: np.ndarray
    visits_per_day: np.ndarray

    def __len__(self) -> int:
        return len(self.number)


def drawn_customers(numbers: range, calendar: Calendar, random: np.random.Generator) -> Customers:
    """The customers with these numbers; all place their first order inside the span."""
    p, n = calendar.parameters, len(numbers)
    joined = random.uniform(0, calendar.shop_days, n)
    lead = random.integers(0, LEAD_DAYS * DAY, n)
    rate, mean_value = _rate_and_value(p, random, n)
    return Customers(
        number=np.arange(numbers.start, numbers.stop),
        signed_up=np.maximum(calendar.moments(joined) - lead, 0),
        joined=joined,
        rate=rate,
        mean_value=mean_value,
        leaving_chance=random.beta(p.leaving_a, p.leaving_b, n),
        price_sensitive=random.random(n) < p.price_sensitive_share,
        contact_kind=random.choice(len(KINDS), n, p=p.contact_kind_shares),
        high_value=rate * mean_value > _high_value_from(p),
        visits_per_day=random.gamma(2.0, p.visits_per_day / 2.0, n) * (rate / _mean_rate(p)) ** p.visits_follow,
    )


def _rate_and_value(p: Parameters, random: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    rate = random.gamma(p.rate_shape, 1 / (p.rate_scale_weeks * 7), n)
    return rate, p.value_p * p.value_gamma / random.gamma(p.value_q, 1.0, n)


def _mean_rate(p: Parameters) -> float:
    return p.rate_shape / (p.rate_scale_weeks * 7)


@cache
def _high_value_from(p: Parameters) -> float:
    """Money a day from which a customer is of high value: a bound of the distribution, not of who was drawn."""
    rate, value = _rate_and_value(p, np.random.default_rng(0), DRAWN_FOR_SHARE)
    return float(np.quantile(rate * value, 1 - p.high_value_share))
