"""Who gets what: the options of most profit, one a customer, within limits of money and of contacts.

The linear program over all customers is solved through its prices (Dantzig and Wolfe 1960; Kelley 1960). Given a price
of each limit, every customer's best option is told by themselves; HiGHS finds the prices at which the limits are just
met, from the cuts of those tried so far; and decides exactly over the few customers who stand on the edge. So a million
customers take some dozen passes over an array in place of one program with millions of unknowns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

NOTHING = -1
CLOSE = 1e-7
"""Relative gap at which prices count as found."""
HIGHS_EXACT = 1e-7
"""How far HiGHS lets its answers break a row, in units in which the largest is about 1."""
MOST_PASSES = 200
ON_THE_EDGE = 400
TIES = 1e-9
"""Options that are worth the same are told apart by so little, at random, that nobody is preferred for their place."""


@dataclass(frozen=True)
class Allocation:
    """`option` int64 [customers]: which option each gets, `NOTHING` for none. `profit` is their sum, `bound` what no
    allocation can exceed, `used` how much of each limit, `prices` what one more of each would bring."""

    option: np.ndarray
    profit: float
    bound: float
    used: tuple[float, ...]
    prices: tuple[float, ...]


@dataclass
class _Cut:
    """What was found at prices: worth of the best options there, and how much of each limit they use."""

    prices: np.ndarray
    worth: float
    used: np.ndarray


@dataclass
class Options:
    """The options of all customers: `profit` float64 [options, customers], -inf where one is not open to a customer;
    `uses` are those of each limit. What was learned for some limits serves for others."""

    profit: np.ndarray
    uses: Sequence[np.ndarray]
    seed: int = 0
    _cuts: list[_Cut] = field(default_factory=list)

    def __post_init__(self) -> None:
        scale = float(np.abs(self.profit[np.isfinite(self.profit)]).max(initial=0.0))
        noise = np.random.default_rng(self.seed).random(self.profit.shape)
        self.told_apart = self.profit - noise * scale * TIES

    def allocated(self, most: Sequence[float]) -> Allocation:
        """The best within limits (infinite: none), one for each of `uses`."""
        limits = np.asarray(most, dtype=np.float64)
        prices, bound = self._prices(limits)
        option = self._decided(prices, limits)
        rows = np.flatnonzero(option != NOTHING)
        own = option[rows], rows
        used = tuple(float(np.broadcast_to(use, self.profit.shape)[own].sum()) for use in self.uses)
        return Allocation(option, float(self.profit[own].sum()), bound, used, tuple(prices.tolist()))

    def bound(self, most: Sequence[float], close: float = CLOSE) -> float:
        """The optimum of the linear program within limits, at most by the share `close` too high, without telling who
        gets what."""
        return self._prices(np.asarray(most, dtype=np.float64), close)[1]

    def _reduced(self, prices: np.ndarray) -> np.ndarray:
        found = self.told_apart
        for price, use in zip(prices, self.uses, strict=True):
            if price:
                found = found - price * use
        return found

    def _tried(self, prices: np.ndarray) -> _Cut:
        reduced = self._reduced(prices)
        best = reduced.argmax(axis=0)
        worth = reduced[best, np.arange(len(best))]
        rows = np.flatnonzero(worth > 0)
        own = best[rows], rows
        used = np.array([np.broadcast_to(use, reduced.shape)[own].sum() for use in self.uses])
        cut = _Cut(prices, float(worth[rows].sum()), used)
        self._cuts.append(cut)
        return cut

    def _prices(self, limits: np.ndarray, close: float = CLOSE) -> tuple[np.ndarray, float]:
        """The prices at which the limits are just met, and the optimum of the linear program."""
        if not self.profit.size:
            return np.zeros(len(limits)), 0.0
        finite = np.where(np.isfinite(limits), limits, 0.0)
        if not self._cuts:
            self._tried(np.zeros(len(limits)))
        least, where = np.inf, np.zeros(len(limits))
        for cut in self._cuts:
            if (told := cut.worth + float(cut.prices @ finite)) < least and not cut.prices[np.isinf(limits)].any():
                least, where = told, cut.prices
        for _ in range(MOST_PASSES):
            prices, floor, slack = self._suggested(limits, finite)
            if least - floor <= max(close * abs(least), slack):
                break
            cut = self._tried(prices)
            told = cut.worth + float(prices @ finite)
            if told < least:
                least, where = told, prices
            if told - floor <= slack:
                break
        return where, least

    def _suggested(self, limits: np.ndarray, finite: np.ndarray) -> tuple[np.ndarray, float, float]:
        """The prices that are best by the cuts so far, how low they may reach, and how exactly HiGHS tells that."""
        slope = np.array([[*(-cut.used), -1.0] for cut in self._cuts])
        height = np.array([-(cut.worth + float(cut.used @ cut.prices)) for cut in self._cuts])
        unit = np.maximum(np.abs(slope[:, :-1]).max(axis=0), 1e-12)
        scale = max(float(np.abs(height).max()), 1e-12)
        slope[:, :-1] /= unit
        bounds = [(0.0, 0.0 if np.isinf(most) else None) for most in limits]
        found = linprog([*(finite / unit), 1.0], slope, height / scale, bounds=[*bounds, (0.0, None)], method="highs")
        if found.x is None:
            raise ArithmeticError(f"prices were not found: {found.message}")
        return found.x[:-1] * scale / unit, float(found.fun) * scale, HIGHS_EXACT * scale

    def _decided(self, prices: np.ndarray, limits: np.ndarray) -> np.ndarray:
        """Everybody's option: the best at the prices; over those on the edge a program of their own decides."""
        reduced = self._reduced(prices)
        option = reduced.argmax(axis=0) if len(reduced) else np.zeros(reduced.shape[1], dtype=np.int64)
        ordered = np.sort(np.vstack([reduced, np.zeros(reduced.shape[1])]), axis=0)
        lead = ordered[-1] - ordered[-2]
        option[ordered[-1] <= 0] = NOTHING
        edge = ON_THE_EDGE
        while True:
            near = np.argpartition(lead, edge)[:edge] if edge < len(lead) else np.arange(len(lead))
            settled = option.copy()
            settled[near] = NOTHING
            left = limits - self._use_of(settled)
            if (left >= 0).all() or len(near) == len(lead):
                settled[near] = self._edge(near, np.maximum(left, 0))
                return settled
            edge *= 4

    def _use_of(self, option: np.ndarray) -> np.ndarray:
        rows = np.flatnonzero(option != NOTHING)
        own = option[rows], rows
        return np.array([np.broadcast_to(use, self.profit.shape)[own].sum() for use in self.uses])

    def _edge(self, near: np.ndarray, left: np.ndarray) -> np.ndarray:
        """The options of a few customers within what is left, each whole or not at all."""
        profit = self.told_apart[:, near]
        option, who = np.nonzero(np.isfinite(profit) & (profit > 0))
        found = np.full(len(near), NOTHING, dtype=np.int64)
        bound = np.isfinite(left)
        if not len(option):
            return found
        use = np.array([np.broadcast_to(use, self.profit.shape)[option, near[who]] for use in self.uses])[bound]
        one = csr_array((np.ones(len(who)), (who, np.arange(len(who)))), shape=(len(near), len(who)))
        rows = csr_array(np.vstack([one.toarray(), use])) if len(use) else one
        most = np.concatenate([np.ones(len(near)), left[bound]])
        solved = linprog(-profit[option, who], rows, most, bounds=(0, 1), method="highs-ds")
        if solved.x is None:
            raise ArithmeticError(f"the last options were not decided: {solved.message}")
        rest = left[bound].astype(np.float64)
        for at in np.argsort(-solved.x, kind="stable").tolist():
            fits = solved.x[at] > 1e-6 and found[who[at]] == NOTHING and (use[:, at] <= rest * (1 + 1e-12) + 1e-9).all()
            if fits:
                found[who[at]] = option[at]
                rest -= use[:, at]
        return found
