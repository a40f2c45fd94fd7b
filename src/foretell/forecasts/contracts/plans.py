"""The contracts of today by plan, and how many outlived each renewal so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foretell.forecasts.contracts.baselines import KAPLAN_MEIER, SHIFTED_BETA_GEOMETRIC, fitted
from foretell.forecasts.contracts.contracts import Contracts
from foretell.forecasts.contracts.history import renewal_history
from foretell.forecasts.contracts.projection import Outlook
from foretell.project.intervals import MICROSECONDS_PER_DAY

NO_PLAN = "no plan named"
FEWEST_SHOWN = 30


@dataclass(frozen=True)
class PlanOutlook:
    """Contracts of one plan that run today, how many of them asked to end, how many are expected to end in the horizon,
    because a payment fails among them (None where the model does not tell), and their expected revenue; the last three
    None where nothing could be forecast."""

    plan: str
    running: int
    asked: int
    expected_ends: float | None
    expected_failures: float | None
    expected_revenue: float | None


@dataclass(frozen=True)
class Retention:
    """Of the contracts of one interval that came to a renewal, the share that outlived it, observed and by the
    shifted-beta-geometric; `survival` and `modelled_survival` are the products so far."""

    interval_days: float
    renewal: int
    came: int
    observed: float
    modelled: float
    survival: float
    modelled_survival: float


def by_plan(running: Contracts, told: Outlook | None, words: Mapping[int, str]) -> tuple[PlanOutlook, ...]:
    """Plans with most contracts first; `words` has their names by code."""
    names = np.array([words.get(code, NO_PLAN) for code in running.plan.tolist()], dtype=object)
    asked = running.asked_at < running.ended_at
    found = []
    for plan in sorted(set(names.tolist()), key=lambda name: (-int((names == name).sum()), name)):
        own = names == plan
        ends, fails, revenue = (
            (None, None, None)
            if told is None
            else (_sum(told.ends[own]), _sum(told.payment_fails[own]), _sum(told.revenue[own]))
        )
        found.append(PlanOutlook(plan, int(own.sum()), int(asked[own].sum()), ends, fails, revenue))
    return tuple(found)


def retention(known: Contracts, cutoff: int) -> tuple[Retention, ...]:
    """Renewals of the interval that most contracts have, up to the last to which `FEWEST_SHOWN` contracts came; nothing
    where nobody ended."""
    history = renewal_history(known, cutoff, known.interval)
    if not history.ended.sum():
        return ()
    row = int(history.at_risk.sum(axis=1).argmax())
    observed, modelled = (1 - fitted(name, history).hazard[row] for name in (KAPLAN_MEIER, SHIFTED_BETA_GEOMETRIC))
    came = history.at_risk[row]
    shown = int(np.argmin(np.append(came, 0) >= FEWEST_SHOWN))
    days = float(history.groups[row]) / MICROSECONDS_PER_DAY
    alive, expected = np.cumprod(observed[:shown]), np.cumprod(modelled[:shown])
    return tuple(
        Retention(
            days, place + 1, int(came[place]), float(observed[place]), float(modelled[place]), float(alive[place]),
            float(expected[place]),
        )
        for place in range(shown)
    )  # fmt: skip


def _sum(values: np.ndarray) -> float | None:
    """The sum of what is told; None where nothing is."""
    told = values[np.isfinite(values)]
    return float(told.sum()) if len(told) else None
