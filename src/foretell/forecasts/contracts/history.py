"""What past renewals taught: at each, how many contracts came to it, were asked to end, ended, and by which cause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.forecasts.contracts.contracts import LATE, Contracts

MOST_RENEWALS = 400


@dataclass(frozen=True)
class RenewalHistory:
    """Counts by group (a plan with its interval) and renewal, int64 [groups, renewals]; the first renewal has place 0.

    `free` contracts came to it and nobody had asked before its interval; of them `asked` asked within it, and of the
    others `left` and `failed` ended there, by will or because a payment failed; `fresh_ended` of those who asked did
    too. `old` had asked in an interval before and still ran, and `old_ended` of them ended. `early` ends of all came
    before the renewal.

    A renewal counts as soon as it has surely passed, for who ended as for who did not: contracts that run are censored
    where the history ends.
    """

    groups: np.ndarray
    free: np.ndarray
    asked: np.ndarray
    left: np.ndarray
    failed: np.ndarray
    old: np.ndarray
    fresh_ended: np.ndarray
    old_ended: np.ndarray
    early: int

    @property
    def at_risk(self) -> np.ndarray:
        """Everybody who came to a renewal."""
        return self.free + self.old

    @property
    def ended(self) -> np.ndarray:
        """Everybody who did not outlive it."""
        return self.left + self.failed + self.fresh_ended + self.old_ended

    @property
    def share_early(self) -> float:
        """The share of ends that came before the renewal, within the interval."""
        return self.early / max(int(self.ended.sum()), 1)


def group_of(contracts: Contracts) -> np.ndarray:
    """int64: one number for each plan with its interval."""
    return np.asarray(contracts.plan ^ (contracts.interval << np.int64(1)))


def renewal_history(contracts: Contracts, cutoff: int, groups: np.ndarray | None = None) -> RenewalHistory:
    """What the renewals that had passed by a cutoff taught; `contracts` as of it, or as of a later day, as far as they
    had begun. `groups` (one a contract) stands for `group_of`."""
    own = group_of(contracts) if groups is None else groups
    names, group = np.unique(own, return_inverse=True)
    passed = np.minimum(np.floor(contracts.intervals_until(cutoff) - LATE), MOST_RENEWALS).astype(np.int64)
    end, ask, failed = contracts.end_renewal, contracts.ask_renewal, contracts.is_failed
    last = int(passed.max(initial=0))
    counts = np.zeros((7, len(names), max(last, 0)), dtype=np.int64)
    for renewal in range(1, last + 1):
        here = np.flatnonzero((passed >= renewal) & (end >= renewal))
        ends, had_asked, asks = end[here] == renewal, ask[here] < renewal, ask[here] == renewal
        unasked = ends & ~had_asked & ~asks
        told = (~had_asked, asks, unasked & ~failed[here], unasked & failed[here])
        for place, who in enumerate((*told, had_asked, asks & ends, had_asked & ends)):
            counts[place, :, renewal - 1] = np.bincount(group[here][who], minlength=len(names))
    over = end <= passed
    early = over & (contracts.intervals_until(np.where(over, contracts.ended_at, 0)) < end - LATE)
    free, asked, left, by_payment, old, fresh_ended, old_ended = counts
    return RenewalHistory(names, free, asked, left, by_payment, old, fresh_ended, old_ended, int(early.sum()))


def places(groups: np.ndarray, own: np.ndarray) -> np.ndarray:
    """int64: where each is among ascending groups; their number where it is not among them."""
    if not len(groups):
        return np.zeros(len(own), np.int64)
    place = np.searchsorted(groups, own).clip(max=len(groups) - 1)
    return np.where(groups[place] == own, place, len(groups))
