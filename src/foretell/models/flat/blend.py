"""The flat blend: a sum of the members' logits with weights that are never negative, learned out of fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from foretell.examples.flat.folds import folds_of
from foretell.examples.flat.table import FlatTable
from foretell.models.contract import CannotFit, Contributions, closed
from foretell.models.flat.boosting import BaggedBoosting, DefaultBoosting, ModerateBoosting, RegularisedBoosting
from foretell.models.flat.linear import PlainLogistic, SplineLogistic
from foretell.models.links import bounded

PULL = 10.0
MOST_ROWS_TO_WEIGH = 20_000
MOST_ROWS = 300_000
INNER_FOLDS = 4
MEMBERS: tuple[FlatMember, ...] = (
    PlainLogistic(),
    SplineLogistic(),
    RegularisedBoosting(),
    ModerateBoosting(),
    BaggedBoosting(),
    DefaultBoosting(),
)


@dataclass(frozen=True)
class FittedFlatBlend:
    """`base` plus the members' logits times their weights; without members, the base rate's logit."""

    names: tuple[str, ...]
    base: float
    members: tuple[tuple[str, float, FittedFlat], ...]

    def predict(self, table: FlatTable) -> np.ndarray:
        """float64 [rows] in (0, 1)."""
        return np.asarray(expit(self.link(table)))

    def link(self, table: FlatTable) -> np.ndarray:
        """The weighted sum of the members' logits, added up in their order."""
        total = np.full(len(table), self.base)
        for _, weight, member in self.members:
            total += weight * member.link(table)
        return bounded(total, "probability")

    def contributions(self, table: FlatTable) -> Contributions:
        """The members' contributions, weighted and added up by column; they and their base sum to the link."""
        base, values = self.base, np.zeros((len(table), len(self.names)))
        for _, weight, member in self.members:
            own = member.contributions(table)
            base += weight * own.base
            values += weight * own.values
        return closed(base, self.names, values, self.link(table)) if self.names else Contributions(base, (), values)


class FlatBlend:
    """The blend that serves flat tables."""

    name: ClassVar[str] = "flat_blend"
    formula: ClassVar[str] = "weighted sum of the members' logits, no weight negative, pulled towards equal weights"

    def __init__(self, members: Sequence[FlatMember] = MEMBERS) -> None:
        self.all_members = tuple(members)

    def fit(self, table: FlatTable, outcome: np.ndarray, seed: int) -> FittedFlatBlend:
        """Weigh the members by their log loss on folds kept aside, then teach them all rows."""
        weighing = _part(table, MOST_ROWS_TO_WEIGH)
        weights = self.weights(table.take(weighing), outcome[weighing], seed)
        return self.taught(table, outcome, seed, weights)

    def taught(self, table: FlatTable, outcome: np.ndarray, seed: int, weights: np.ndarray) -> FittedFlatBlend:
        """The members taught by all rows (at most 300,000, by their keys), with given weights; one whose weight is
        nothing is left out."""
        part = _part(table, MOST_ROWS)
        table, outcome = table.take(part), outcome[part]
        fitted = []
        varied = 0 < outcome.sum() < len(outcome)
        for member, weight in zip(self.all_members, weights.tolist() if varied else [], strict=varied):
            if weight > 0:
                try:
                    fitted.append((member.name, float(weight), member.fit(table, outcome, seed)))
                except CannotFit:
                    continue
        if not fitted:
            rate = (outcome.sum() + 1) / (len(outcome) + 2)
            return FittedFlatBlend(table.names, float(np.log(rate) - np.log1p(-rate)), ())
        return FittedFlatBlend(table.names, 0.0, tuple(fitted))

    def weights(self, table: FlatTable, outcome: np.ndarray, seed: int) -> np.ndarray:
        """float64 [members]; equal where a fold holds one class only, or too few rows."""
        links = self.links_out_of_fold(table, outcome, folds_of(table.key, outcome, seed + 1, INNER_FOLDS), seed)
        return blend_weights(links, outcome)

    def weights_from(self, links: np.ndarray, outcome: np.ndarray) -> np.ndarray:
        """The weights that logits out of fold teach, float64 [members]."""
        return blend_weights(links, outcome)

    def member_links(
        self, fitted: FittedFlatBlend, taught: FlatTable, outcome: np.ndarray, table: FlatTable, seed: int
    ) -> np.ndarray:
        """float64 [rows, members]: each member's own logits; one that the blend left out is taught now, NaN where it
        cannot be."""
        there = {name: member for name, _, member in fitted.members}
        links = np.full((len(table), len(self.all_members)), np.nan)
        for place, member in enumerate(self.all_members):
            try:
                if member.name not in there and not 0 < outcome.sum() < len(outcome):
                    continue
                own = there.get(member.name) or member.fit(taught, outcome, seed)
            except CannotFit:
                continue
            links[:, place] = own.link(table)
        return links

    def links_out_of_fold(self, table: FlatTable, outcome: np.ndarray, fold: np.ndarray, seed: int) -> np.ndarray:
        """float64 [rows, members]: each row's logits from members that did not see its fold, NaN where none could."""
        links = np.full((len(table), len(self.all_members)), np.nan)
        for aside in np.unique(fold):
            taught, kept = fold != aside, fold == aside
            if not 0 < outcome[taught].sum() < taught.sum():
                continue
            rows, judged = table.take(taught), table.take(kept)
            for place, member in enumerate(self.all_members):
                try:
                    links[kept, place] = member.fit(rows, outcome[taught], seed).link(judged)
                except CannotFit:
                    continue
        return links


def blend_weights(links: np.ndarray, outcome: np.ndarray, pull: float = PULL) -> np.ndarray:
    """Weights >= 0 with the least log loss summed over rows plus `pull` x squared distance from equal weights.

    `links` is float64 [rows, members], `outcome` 0 or 1. They need not sum to one: a blend of members that hold back
    may be sharpened. A member without a logit for some row gets none.
    """
    able = np.isfinite(links).all(axis=0) if len(links) else np.zeros(links.shape[1], dtype=bool)
    equal = np.where(able, 1.0 / max(int(able.sum()), 1), 0.0)
    if not able.any() or not 0 < outcome.sum() < len(outcome):
        return np.full(links.shape[1], 1.0 / max(links.shape[1], 1))
    known = links[:, able]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total = known @ weights
        apart = weights - equal[able]
        value = float((np.logaddexp(0.0, total) - outcome * total).sum() + pull * (apart @ apart))
        return value, known.T @ (expit(total) - outcome) + 2 * pull * apart

    found = minimize(loss, equal[able], jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * int(able.sum()))
    weights = np.zeros(links.shape[1])
    weights[able] = np.where(found.x > 1e-6, found.x, 0.0)
    return weights if weights.any() else equal


class FittedFlat(Protocol):
    """A fitted member; what it says of a row depends on that row alone."""

    def link(self, table: FlatTable) -> np.ndarray:
        """float64 [rows], finite: the logit of the chance."""
        ...

    def contributions(self, table: FlatTable) -> Contributions:
        """What each column added to the logit."""
        ...


class FlatMember(Protocol):
    """A way of learning. `name` is the field's term; `formula` is one line that a reader can check."""

    name: ClassVar[str]
    formula: ClassVar[str]

    def fit(self, table: FlatTable, outcome: np.ndarray, seed: int) -> FittedFlat:
        """Learn from rows with outcomes 0 and 1, both present; `CannotFit` with a reason where that is impossible."""
        ...


def _part(table: FlatTable, most: int) -> np.ndarray:
    """Positions of the rows to learn from: all, or those with the smallest keys."""
    if len(table) <= most:
        return np.arange(len(table))
    return np.sort(np.argsort(table.key, kind="stable")[:most])
