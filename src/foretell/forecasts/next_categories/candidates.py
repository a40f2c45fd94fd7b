"""What may be named to each customer, in which order: everything that the customer bought before, never cut, and what
is common and new to the customer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.forecasts.next_categories.history import CategoryHistory
from foretell.forecasts.next_categories.model import CategoryModel

OURS, MIXED = "ours", "ours, mixed by chance"
FREQUENT, RECENT, POPULAR, OFTEN_FIRST = "most frequent", "most recent", "most popular", "most often first"
EITHER, AGAIN, NEW = "either", "repeat", "new"
SIDES = (EITHER, AGAIN, NEW)
BASELINES: dict[str, tuple[str, ...]] = {
    EITHER: (FREQUENT, RECENT, POPULAR),
    AGAIN: (FREQUENT, RECENT, POPULAR),
    NEW: (POPULAR, OFTEN_FIRST),
}
OURS_OF: dict[str, tuple[str, ...]] = {EITHER: (OURS, MIXED), AGAIN: (OURS,), NEW: (OURS,)}
"""Ours of each side, the preferred one first. Of either, ours names the own history first: what a customer comes back
to is surer than the chance of what is new, which is the largest of many guesses."""
OWN_FIRST = (OURS, FREQUENT, RECENT)
BEHIND = 1e9
"""What is taken off the score of what is new, where all of the own history comes first."""


@dataclass(frozen=True)
class Candidates:
    """One entry a customer (`row`) and category (`column`, a place in the vocabulary): the higher the `score`, the
    sooner named; of equal scores the one with more buyers. `a + b` puts both together."""

    row: np.ndarray
    column: np.ndarray
    score: np.ndarray

    def __add__(self, other: Candidates) -> Candidates:
        return Candidates(
            *(np.concatenate(pair) for pair in zip(vars(self).values(), vars(other).values(), strict=True))
        )

    def __len__(self) -> int:
        return len(self.row)

    def in_order(self) -> tuple[Candidates, np.ndarray]:
        """Customer by customer, as they would be named; and int64 the place of each, from 0."""
        order = np.lexsort((self.column, -self.score, self.row))
        row = self.row[order]
        begin = np.flatnonzero(np.diff(row, prepend=-1))
        place = np.arange(len(row)) - np.repeat(begin, np.diff(np.append(begin, len(row))))
        return Candidates(row, self.column[order], self.score[order]), place

    def first(self, customers: int, shown: int) -> np.ndarray:
        """int64 [customers, shown]: the categories that are named; -1 where there are no more."""
        ordered, place = self.in_order()
        named = place < shown
        table = np.full((customers, shown), -1)
        table[ordered.row[named], place[named]] = ordered.column[named]
        return table


def contenders(model: CategoryModel, side: str) -> tuple[str, ...]:
    """Who is compared on a side: ours, then the baselines; nobody where ours was not learned."""
    lacking = (side != NEW and model.repeat is None) or (side != AGAIN and model.new is None)
    return () if lacking else (*OURS_OF[side], *BASELINES[side])


def candidates(
    model: CategoryModel, history: CategoryHistory, side: str, contender: str, most_new: int | None = None
) -> Candidates:
    """The candidates of a side, scored by a contender; of the new ones the best `most_new` of each customer, if given.
    Raises `CannotFit` where ours was not learned."""
    own = _own(model, history, contender) if side != NEW else None
    if side == AGAIN and own is not None:
        return own
    score = _of_new(model, history, contender)
    if side == EITHER and contender in OWN_FIRST:
        score -= BEHIND
    known = history.among(model.vocabulary.common)
    score[known.row, known.column] = -np.inf
    new = _best(score, most_new) if most_new else _all(score)
    return new if own is None else own + new


def _own(model: CategoryModel, history: CategoryHistory, contender: str) -> Candidates:
    if contender in OURS_OF[EITHER]:
        score = model.repeat_chances(history)
    elif contender == FREQUENT:
        score = history.times - history.days_since_last / 1e6
    elif contender == RECENT:
        score = history.times / 1e6 - history.days_since_last
    else:
        score = model.counts.popularity[history.column]
    return Candidates(history.row, history.column, score)


def _of_new(model: CategoryModel, history: CategoryHistory, contender: str) -> np.ndarray:
    """float64 [customers, common], of those bought before too."""
    if contender in OURS_OF[EITHER]:
        return model.new_chances(history)
    common = model.vocabulary.common
    rate = model.counts.first_rate if contender == OFTEN_FIRST else model.counts.popularity[:common]
    return np.repeat(rate[None, :], len(history), axis=0)


def _all(score: np.ndarray) -> Candidates:
    row, column = np.nonzero(np.isfinite(score))
    return Candidates(row, column, score[row, column])


def _best(score: np.ndarray, most: int) -> Candidates:
    """The best of each customer; the scores are used up."""
    found = []
    rows = np.arange(len(score))
    for _ in range(min(most, score.shape[1])):
        column = score.argmax(axis=1)
        best = score[rows, column]
        kept = np.isfinite(best)
        found.append(Candidates(rows[kept], column[kept], best[kept]))
        score[rows, column] = -np.inf
    return sum(found[1:], found[0]) if found else _all(score)
