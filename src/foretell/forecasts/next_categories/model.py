"""What a customer buys next: the chance of each category in the horizon, of those bought before and of new ones apart.

Two logistic regressions over pairs of a customer and a category. For one bought before: how often, how lately and how
regularly the customer bought it, and how often its owners come back to it. For a new one: how many buy it for the first
time, and how much likelier owners of what this customer owns are to (a conditional rate, shrunk). Both learn at one
cutoff, from rates of the window that ended there; they serve with rates of the window that has just ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from foretell.forecasts.next_categories.counts import CategoryCounts
from foretell.forecasts.next_categories.history import CategoryHistory, Vocabulary
from foretell.models.contract import CannotFit

CUSTOMERS_AT_ONCE = 2_000
MOST_TAUGHT_PAIRS = 400_000
FEWEST_CASES = 50
AGAIN_STRENGTH, FIRST_STRENGTH = 0.003, 1.0
"""How far the coefficients of standardised terms may go. Many pairs of few customers know less than their number says:
held back, what is bought again is ordered well by few customers too, and no worse by many."""


@dataclass(frozen=True)
class PairModel:
    """A logistic regression on standardised terms."""

    intercept: float
    coefficients: np.ndarray

    def logit(self, terms: list[np.ndarray]) -> np.ndarray:
        """The linear predictor, added up term by term so that no pair depends on its neighbours."""
        total = np.full(np.broadcast_shapes(*(term.shape for term in terms)), self.intercept)
        for term, coefficient in zip(terms, self.coefficients, strict=True):
            total += coefficient * term
        return total


@dataclass(frozen=True)
class CategoryModel:
    """The fitted models, and the counts of the window that has just ended. A model is None where too little was bought
    again, or for the first time, to learn it; `cannot` says so."""

    vocabulary: Vocabulary
    horizon_days: int
    counts: CategoryCounts
    repeat: PairModel | None
    new: PairModel | None
    cannot: str = ""

    def repeat_chances(self, history: CategoryHistory) -> np.ndarray:
        """float64 [pairs]: P(bought in the horizon) of each category that a customer bought before. Raises `CannotFit`
        where that was not learned."""
        if self.repeat is None:
            raise CannotFit(self.cannot)
        return np.asarray(expit(self.repeat.logit(repeat_terms(history, self.counts, self.horizon_days))))

    def new_chances(self, history: CategoryHistory) -> np.ndarray:
        """float64 [customers, common]: P(bought for the first time in the horizon); 0 for those bought before.
        Customers come in blocks (`blocks`), or this is large. Raises `CannotFit` where that was not learned."""
        if self.new is None:
            raise CannotFit(self.cannot)
        known = history.among(self.vocabulary.common)
        chance = expit(self.new.logit(self._lifts.terms(known)))
        chance[known.row, known.column] = 0.0
        return np.asarray(chance)

    @cached_property
    def _lifts(self) -> Lifts:
        return Lifts.of(self.counts)


@dataclass(frozen=True)
class Lifts:
    """What counts tell of new categories, computed once."""

    first_rate: np.ndarray
    of_first: np.ndarray
    of_owning: np.ndarray

    @classmethod
    def of(cls, counts: CategoryCounts) -> Lifts:
        return cls(logit(counts.first_rate), counts.lift_of_first, counts.lift_of_owning)

    def terms(self, history: CategoryHistory) -> list[np.ndarray]:
        """Terms of a common category not bought before, each [customers, common] or one that broadcasts to it; of a
        history among the common ones."""
        owned = history.by_category(np.ones(len(history.row)))
        recent = history.by_category(history.long)
        count = owned.sum(axis=1)
        share = 1.0 / np.maximum(count, 1.0)[:, None]
        recent_share = 1.0 / np.maximum(recent.sum(axis=1), 1e-9)[:, None]
        column = [np.log1p(history.orders), np.log1p(history.days_since_order), np.log1p(count)]
        return [
            np.broadcast_to(self.first_rate, history.then.shape),
            (owned @ self.of_first) * share,
            (recent @ self.of_first) * recent_share,
            (owned @ self.of_owning) * share,
            (recent @ self.of_owning) * recent_share,
            *(values[:, None] for values in column),
        ]


def repeat_terms(history: CategoryHistory, counts: CategoryCounts, horizon_days: int) -> list[np.ndarray]:
    """Terms of a category bought before, each [pairs]."""
    times, since = history.times, history.days_since_last
    gap = (history.days_since_first - since) / np.maximum(times - 1, 1)
    overdue = np.where(times > 1, since / np.maximum(gap, 1.0), 0.0)
    of_customer = (history.orders, history.days_since_order, history.purchase_days)
    orders, silent, visits = (values[history.row] for values in of_customer)
    return [
        np.log1p(times),
        np.log1p(since),
        np.log1p(history.lately),
        np.log1p(history.long),
        np.log1p(np.minimum(overdue, 20.0)),
        (times > 1).astype(np.float64),
        np.log((times + 0.5) / (visits + 1.0)),
        np.log((history.long + 0.1) / (orders + 0.2)),
        logit(counts.repeat_rate)[history.column],
        np.log1p(orders),
        np.log1p(silent),
        np.minimum(silent / horizon_days, 5.0),
    ]


def fit(
    vocabulary: Vocabulary,
    horizon_days: int,
    before: CategoryCounts,
    taught: CategoryHistory,
    newest: CategoryCounts,
) -> CategoryModel:
    """Learn from `taught`, whose horizon has ended, with the counts of the window `before` it; serve with the `newest`.

    Customers with the smallest keys are taken where there are more pairs than are needed.
    """
    repeat_rows = _fewer(taught, len(taught.row) / max(len(taught), 1))
    again = repeat_rows.bought_again()
    repeat, cannot_repeat = _learned(repeat_terms(repeat_rows, before, horizon_days), again, "again", AGAIN_STRENGTH)
    new_rows = _fewer(taught, float(vocabulary.common)).among(vocabulary.common)
    candidate = np.ones(new_rows.then.shape, dtype=bool)
    candidate[new_rows.row, new_rows.column] = False
    terms = [np.broadcast_to(term, candidate.shape)[candidate] for term in Lifts.of(before).terms(new_rows)]
    new, cannot_new = _learned(terms, new_rows.then.toarray()[candidate], "for the first time", FIRST_STRENGTH)
    return CategoryModel(vocabulary, horizon_days, newest, repeat, new, cannot_repeat or cannot_new)


def blocks(history: CategoryHistory) -> Iterator[CategoryHistory]:
    """The history in blocks of customers, each of which can be set out over all categories."""
    for start in range(0, len(history), CUSTOMERS_AT_ONCE):
        yield history.between(start, min(start + CUSTOMERS_AT_ONCE, len(history)))


def _fewer(taught: CategoryHistory, pairs_each: float) -> CategoryHistory:
    most = int(MOST_TAUGHT_PAIRS / max(pairs_each, 1.0))
    if len(taught) <= most:
        return taught
    return taught.take(np.sort(np.argsort(taught.customer_key, kind="stable")[:most]))


def _learned(terms: list[np.ndarray], bought: np.ndarray, how: str, strength: float) -> tuple[PairModel | None, str]:
    """The model, or why there is none."""
    cases = float(bought.sum())
    if min(cases, len(bought) - cases) < FEWEST_CASES:
        return None, f"a category was bought {how} {cases:.0f} times, or nearly always; {FEWEST_CASES} are needed"
    mean = np.array([term.mean() for term in terms])
    spread = np.array([max(float(term.std()), 1e-9) for term in terms])
    design = np.column_stack([(term - m) / s for term, m, s in zip(terms, mean, spread, strict=True)])
    learner = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=100, tol=1e-8).fit(design, bought > 0.5)
    coefficients = learner.coef_[0] / spread
    return PairModel(float(learner.intercept_[0]) - float(coefficients @ mean), coefficients), ""
