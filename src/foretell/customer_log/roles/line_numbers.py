"""Whether rows repeat the lines of an order, as where orders, items and payments were joined; told by a line number."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foretell.customer_log.roles.column_facts import ColumnFacts
from foretell.customer_log.roles.doubts import RoleGuess
from foretell.customer_log.roles.taken_back import money_of

FEWEST = 5
NEARLY_ALL = 0.95
MOST_LINES = 1_000


def line_number(facts: Mapping[str, ColumnFacts], order: ColumnFacts, money: np.ndarray) -> str | None:
    """The column that numbers the lines of each order from 1 on, where the same line stands on several rows with the
    same money; None where no line stands twice."""
    for name, fact in facts.items():
        if fact is order or fact.whole < 1 or fact.values > MOST_LINES:
            continue
        good = np.isfinite(fact.figures) & (order.codes >= 0)
        if good.sum() < NEARLY_ALL * len(good) or not _begins_at_one(fact.figures[good], order.codes[good]):
            continue
        pairs = np.stack([order.codes[good].astype(np.int64), fact.figures[good].astype(np.int64)])
        _, place, counts = np.unique(pairs, axis=1, return_inverse=True, return_counts=True)
        again = counts > 1
        if again.sum() >= FEWEST and _same_within(np.ravel(place), money[good])[again].mean() >= NEARLY_ALL:
            return name
    return None


def _begins_at_one(numbers: np.ndarray, orders: np.ndarray) -> bool:
    """Whether nearly every order has a line 1, and as many different numbers as its highest one."""
    place = np.unique(orders, return_inverse=True)[1]
    lowest, highest = np.full(place.max() + 1, np.inf), np.zeros(place.max() + 1)
    np.minimum.at(lowest, place, numbers)
    np.maximum.at(highest, place, numbers)
    pairs = np.unique(np.stack([place, numbers.astype(np.int64)]), axis=1)
    different = np.bincount(pairs[0], minlength=len(lowest))
    return bool(((lowest == 1) & (highest == different)).mean() >= NEARLY_ALL and highest.max() > 1)


def _same_within(groups: np.ndarray, money: np.ndarray) -> np.ndarray:
    """bool [groups]: whether all rows of a group show the same money."""
    lowest, highest = np.full(groups.max() + 1, np.inf), np.full(groups.max() + 1, -np.inf)
    np.minimum.at(lowest, groups, money)
    np.maximum.at(highest, groups, money)
    return np.asarray(lowest == highest)


def choose_line(facts: Mapping[str, ColumnFacts], roles: dict[str, RoleGuess]) -> None:
    """The number of the line, where lines stand on several rows."""
    money, order = money_of(facts, roles), facts.get(roles["order"].column)
    taken = {found.column for found in roles.values()}
    free = {name: fact for name, fact in facts.items() if name not in taken}
    if money is not None and order is not None and (found := line_number(free, order, money)):
        both = (order.codes >= 0) & np.isfinite(facts[found].figures)
        pairs = np.stack([order.codes[both], facts[found].figures[both]])
        again = int(both.sum()) - np.unique(pairs, axis=1).shape[1]
        why = f"{again:,} of the first {len(both):,} rows repeat a line of their order"
        roles["line"] = RoleGuess("line", found, 0.9, why)
