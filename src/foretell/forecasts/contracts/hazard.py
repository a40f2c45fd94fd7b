"""The hazard of ending at each renewal to come: by tenure and plan, with asking kept apart from ending, and a failed
payment apart from the customer's own will.

    free --asks, with chance a--> asked --ends, with chance e--> ended
    free --ends unasked: by will v, payment failed f--> ended

a, v and f depend on the tenure in renewals and on the plan; whoever asked and still ran after the renewal has a chance
of their own. The three are learned as rate of a tenure times factor of a plan, both held to the mean by a few events'
worth (a gamma prior), so that a small plan is told apart only as far as its contracts show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from foretell.forecasts.contracts.contracts import NEVER, Contracts
from foretell.forecasts.contracts.history import RenewalHistory, group_of, places

TENURES = np.array([1, 2, 3, 4, 7, 13, 25])
"""The first renewal of each band of tenure."""
PRIOR_EVENTS = 5.0
ROUNDS = 4
MOST = 0.999
OURS = "renewal_hazard"


@dataclass(frozen=True)
class Ends:
    """Of each contract the chance that it ends at each of the next renewals, float64 [contracts, renewals]; `failed` is
    the part of it in which a payment fails, None where the model does not tell."""

    chance: np.ndarray
    failed: np.ndarray | None = None


class EndModel(Protocol):
    """Forecasts when contracts end; `share_early` of them before the renewal, within its interval."""

    @property
    def name(self) -> str: ...

    @property
    def share_early(self) -> float: ...

    def ends(self, contracts: Contracts, cutoff: int, ahead: int) -> Ends: ...


@dataclass(frozen=True)
class Rate:
    """A chance at a renewal: float64 [bands of tenure], times float64 [groups and one for all others]."""

    of_tenure: np.ndarray
    of_group: np.ndarray

    def at(self, band: np.ndarray, group: np.ndarray) -> np.ndarray:
        """The chance of each contract."""
        return np.asarray(np.minimum(self.of_tenure[band] * self.of_group[group], MOST))


@dataclass(frozen=True)
class RenewalHazard:
    """The chances behind every forecast; `after_asking` of those who asked in this interval, and in one before."""

    groups: np.ndarray
    asking: Rate
    leaving: Rate
    failing: Rate
    after_asking: tuple[float, float]
    share_early: float
    name: str = OURS

    def ends(self, contracts: Contracts, cutoff: int, ahead: int) -> Ends:
        """Of contracts that run at a cutoff, as known then, over the next `ahead` renewals."""
        age = contracts.intervals_until(cutoff)
        outlived = np.floor(age).astype(np.int64)
        group = places(self.groups, group_of(contracts))
        has_asked = contracts.asked_at < NEVER
        is_fresh = has_asked & (contracts.ask_renewal > outlived)
        free, old = np.where(has_asked, 0.0, 1.0), np.where(has_asked & ~is_fresh, 1.0, 0.0)
        waiting, spent = is_fresh.astype(np.float64), age - outlived
        at_once, later = self.after_asking
        chance, failed = np.zeros((len(contracts), ahead)), np.zeros((len(contracts), ahead))
        for step in range(ahead):
            band = np.searchsorted(TENURES, outlived + step + 1, side="right") - 1
            a = _still(self.asking.at(band, group), spent)
            v, f = (_still(rate.at(band, group), self.share_early * spent) for rate in (self.leaving, self.failing))
            f = np.minimum(f, MOST - np.minimum(v, MOST / 2))
            waiting, free = waiting + free * a, free * (1 - a)
            failed[:, step] = free * f
            chance[:, step] = free * (v + f) + waiting * at_once + old * later
            old, free = old * (1 - later) + waiting * (1 - at_once), free * np.maximum(1 - v - f, 0.0)
            waiting, spent = np.zeros(len(contracts)), np.zeros(len(contracts))
        return Ends(chance, failed)


def learned(history: RenewalHistory) -> RenewalHazard:
    """The chances that the renewals of the past tell."""
    unasked = history.free - history.asked
    asked = int(history.asked.sum()), int(history.old.sum())
    ended = int(history.fresh_ended.sum()), int(history.old_ended.sum())
    at_once, later = ((some + 0.5) / (of_all + 1) for some, of_all in zip(ended, asked, strict=True))
    return RenewalHazard(
        history.groups,
        _rate(history.asked, history.free),
        _rate(history.left, unasked),
        _rate(history.failed, unasked),
        (at_once, later),
        history.share_early,
    )


def _rate(events: np.ndarray, at_risk: np.ndarray) -> Rate:
    """Rate of each tenure and factor of each group, in turns, both held to the mean by `PRIOR_EVENTS`."""
    some, risk = _banded(events), _banded(at_risk)
    mean = some.sum() / max(risk.sum(), 1.0)
    tenure, group = np.full(len(TENURES), mean), np.ones(len(events))
    for _ in range(ROUNDS if mean > 0 else 0):
        expected = mean * (group @ risk)
        tenure = mean * (some.sum(axis=0) + PRIOR_EVENTS) / (expected + PRIOR_EVENTS)
        group = (some.sum(axis=1) + PRIOR_EVENTS) / (risk @ tenure + PRIOR_EVENTS)
    return Rate(tenure, np.append(group, 1.0))


def _banded(counts: np.ndarray) -> np.ndarray:
    """float64 [groups, bands] of counts by renewal."""
    edges = np.append(TENURES - 1, max(counts.shape[1], int(TENURES[-1])))
    sums = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=1)], axis=1)
    return np.diff(sums[:, np.minimum(edges, counts.shape[1])], axis=1)


def _still(chance: np.ndarray, spent: np.ndarray) -> np.ndarray:
    """The chance of what comes evenly over an interval, once a share of the interval has passed without it."""
    return np.asarray(chance * (1 - spent) / (1 - chance * spent))
