"""Playbooks together: each customer gets one action, that which brings most within the limits of all playbooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.actions.planning.allocation import NOTHING, Options


@dataclass(frozen=True)
class Wanted:
    """What one playbook would do: `customer` int64 [candidates] numbers customers alike in all playbooks, `profit`
    float64 [offers, candidates] (-inf where an offer is not open), `cost` float64 [offers], and its limits."""

    playbook: str
    customer: np.ndarray
    profit: np.ndarray
    cost: np.ndarray
    budget: float
    capacity: float


@dataclass(frozen=True)
class Share:
    """What one playbook gets when each customer gets one action: customers and profit; `alone` is how many it would
    take by itself."""

    playbook: str
    customers: int
    profit: float
    alone: int


@dataclass(frozen=True)
class Together:
    """`shares` of each playbook; `contested` customers would be taken by more than one; `profit` is that of all
    together, `bound` what no sharing out can exceed."""

    shares: tuple[Share, ...]
    contested: int
    profit: float
    bound: float


def shared_out(wanted: Sequence[Wanted]) -> Together:
    """The sharing out of most profit under each playbook's budget and capacity, one action a customer.

    >>> one = Wanted("a", np.array([0]), np.array([[2.0]]), np.array([0.1]), np.inf, np.inf)
    >>> two = Wanted("b", np.array([0]), np.array([[3.0]]), np.array([0.1]), np.inf, np.inf)
    >>> [(share.playbook, share.customers) for share in shared_out([one, two]).shares]
    [('a', 0), ('b', 1)]
    """
    if not wanted:
        return Together((), 0, 0.0, 0.0)
    count = max((int(one.customer.max(initial=-1)) for one in wanted), default=-1) + 1
    sizes = [len(one.profit) for one in wanted]
    owner = np.repeat(np.arange(len(wanted)), sizes)
    profit = np.full((len(owner), count), -np.inf)
    for place, one in enumerate(wanted):
        profit[np.ix_(owner == place, one.customer)] = one.profit
    cost = np.concatenate([one.cost for one in wanted])[:, None]
    mine = [(owner == place).astype(np.float64)[:, None] for place in range(len(wanted))]
    limits = [limit for one in wanted for limit in (one.budget, one.capacity)]
    uses = [use for own in mine for use in (own * cost, own)]
    found = Options(profit, uses).allocated(limits)
    taken = np.flatnonzero(found.option != NOTHING)
    by, each = owner[found.option[taken]], profit[found.option[taken], taken]
    alone = [_alone(one) for one in wanted]
    times = np.bincount(np.concatenate(alone), minlength=1)
    shares = tuple(
        Share(one.playbook, int((by == place).sum()), float(each[by == place].sum()), len(alone[place]))
        for place, one in enumerate(wanted)
    )
    return Together(shares, int((times > 1).sum()), found.profit, found.bound)


def _alone(one: Wanted) -> np.ndarray:
    """The customers whom a playbook would take by itself."""
    uses = (one.cost[:, None], np.ones((len(one.cost), 1)))
    option = Options(one.profit, uses).allocated((one.budget, one.capacity)).option
    return np.asarray(one.customer[option != NOTHING])
