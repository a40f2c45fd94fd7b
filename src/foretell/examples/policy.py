"""The policy of scores: what a forecast takes as given about contact, and which rows may teach it.

A customer whom our own campaign reached within the window of a label shows what contact did. "As usual" learns from
that. "If nobody is contacted" learns from those who were drawn to be held back, each as often as there were customers
with their chance of it: `1 / P(held back)` (Horvitz and Thompson 1952, A generalization of sampling without
replacement). Rows are repeated for that, so that no model has to know of weights.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from foretell.examples.examples import Examples
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint_of_arrays
from foretell.project.intervals import day_of, label_window
from foretell.project.request import IF_NOBODY, Policy
from foretell.words.wording import count, counted

FEWEST_UNTREATED = 50
"""So many customers must be left at each cutoff, counted by how much their weights let them say."""


def _none(kind: str) -> np.ndarray:
    return np.zeros(0, dtype=kind)


@dataclass(frozen=True)
class DrawnContacts:
    """Who was drawn to be contacted or held back by campaigns of our own, one entry an assignment: uint64 stable key of
    the customer, the time `[begins, ends)` in which contact counts as working (int64 microseconds UTC), whether they
    were to be contacted, and the chance that they had of that (float64 in [0, 1])."""

    policy: Policy = "as usual"
    customer_key: np.ndarray = field(default_factory=lambda: _none("uint64"))
    begins: np.ndarray = field(default_factory=lambda: _none("int64"))
    ends: np.ndarray = field(default_factory=lambda: _none("int64"))
    treated: np.ndarray = field(default_factory=lambda: _none("bool"))
    propensity: np.ndarray = field(default_factory=lambda: _none("float64"))

    @property
    def fingerprint(self) -> str:
        """Identifies the draws."""
        return fingerprint_of_arrays(self.customer_key, self.begins, self.ends, self.treated, self.propensity)

    def weights(self, customer_key: np.ndarray, cutoff: np.ndarray, horizon_days: int) -> np.ndarray:
        """float64: for how many customers a row stands, by the draws whose time overlaps with the window of its label.
        1 without one, 0 where one of them was for contact, else the product of `1 / P(held back)`."""
        found = np.ones(len(customer_key))
        for moment in np.unique(cutoff).tolist():
            window = label_window(moment, horizon_days)
            meets = (self.begins < window.end) & (self.ends > window.start)
            keys, place = np.unique(self.customer_key[meets], return_inverse=True)
            if not len(keys):
                continue
            treated = self.treated[meets]
            is_treated = np.bincount(place, treated) > 0
            held_back = np.where(treated, 1.0, 1 - self.propensity[meets])
            weight = np.where(is_treated, 0.0, np.exp(-np.bincount(place, np.log(held_back))))
            rows = np.flatnonzero(cutoff == moment)
            at = np.searchsorted(keys, customer_key[rows]).clip(max=len(keys) - 1)
            found[rows] = np.where(keys[at] == customer_key[rows], weight[at], 1.0)
        return found


NOBODY_DRAWN = DrawnContacts()


@dataclass(frozen=True)
class TaughtUnder:
    """The policy under which rows teach: how many there were, were left out as contacted, and carry a weight above 1;
    and how many rows of weight 1 would say as much as those that are left (Kish 1965: squared sum over sum of
    squares)."""

    policy: Policy = "as usual"
    rows: int = 0
    left_out: int = 0
    weighed: int = 0
    effective: float = 0.0

    @property
    def is_apart(self) -> bool:
        """Whether other customers teach than all: then a history, in which contact has its part, tells no level."""
        return self.policy == IF_NOBODY and self.left_out + self.weighed > 0

    @property
    def said(self) -> str:
        """What the scores say, in a sentence or three."""
        if self.policy != IF_NOBODY:
            return (
                "Scores say what comes as usual: customers go on being contacted as they were, and what contact did is "
                "in the forecast."
            )
        says = "Scores say what comes if nobody is contacted by a campaign of the ledger."
        if not self.left_out and not self.weighed:
            return f"{says} No draw overlaps with what taught them. Contacts received are no feature."
        return (
            f"{says} Of {counted(self.rows, 'row')} that could teach, {count(self.left_out)} of contacted customers "
            f"are left out and {count(self.weighed)} of customers held back stand for them; all that are left say as "
            f"much as {counted(round(self.effective), 'row')}. Contacts received are no feature."
        )


LEARNED_AS_USUAL = TaughtUnder()


def copies(weights: np.ndarray) -> np.ndarray:
    """int64: how often each row is to stand among others: its weight rounded up or down, so that sums over any stretch
    of rows are those of the weights to within one (Kitagawa 1996, systematic resampling).

    >>> copies(np.array([1.0, 2.5, 0.0, 1.25, 1.25])).tolist()
    [1, 3, 0, 1, 1]
    """
    whole = np.floor(weights)
    return np.asarray(whole + np.diff(np.floor(np.cumsum(weights - whole) + 0.5), prepend=0)).astype(np.int64)


def under_policy(rows: Examples, drawn: DrawnContacts, timezone: str) -> tuple[Examples, TaughtUnder]:
    """The rows that teach under the policy, and what became of the others. InputError where too few customers were left
    uncontacted at a cutoff."""
    if drawn.policy != IF_NOBODY:
        return rows, TaughtUnder(drawn.policy, len(rows), effective=float(len(rows)))
    weights = drawn.weights(rows.customer_key, rows.cutoff, rows.horizon_days)
    for moment in np.unique(rows.cutoff[weights == 0]).tolist():
        left = effective_size(weights[rows.cutoff == moment])
        if left < FEWEST_UNTREATED:
            raise _too_few(day_of(moment, timezone), rows.horizon_days, left)
    under = TaughtUnder(
        drawn.policy,
        len(rows),
        int(np.count_nonzero(weights == 0)),
        int(np.count_nonzero(weights > 1)),
        effective_size(weights),
    )
    return rows.take(np.repeat(np.arange(len(rows)), copies(weights))), under


def effective_size(weights: np.ndarray) -> float:
    """How many rows of equal weight would say as much as these; 0 without any.

    >>> effective_size(np.array([1.0, 1.0, 2.0, 0.0]))
    2.6666666666666665
    """
    squares = float(np.square(weights).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _too_few(day: str, horizon_days: int, left: float) -> InputError:
    return InputError(
        "Too few customers were left uncontacted to learn what comes if nobody is contacted.",
        found=f"customers worth {left:.0f}, by their weights, in the {horizon_days} days from {day} on",
        expected=f"{FEWEST_UNTREATED} or more at every past cutoff",
        hint='hold more customers back in playbooks, or ask for scores as usual: policy = "as usual" in [scores]',
    )
