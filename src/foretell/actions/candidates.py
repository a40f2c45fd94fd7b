"""Candidates: everybody for whom the rule of a playbook holds, who of them may be reached, and why not the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

REACHABLE = ""
"""The reason of whoever may be reached."""
REASONS: Mapping[str, str] = {
    "global holdout": "never contacted this year, so that all contact together can be judged",
    "objects to contact": "no consent on the channel, or it was withdrawn",
    "left alone": "a rule of the playbook says never",
    "resting": "a playbook of rest leaves them out of every mailing, until its window is over",
    "contacted lately": "within the cooldown of this playbook, or of all",
    "in another campaign": "their window of another campaign of this playbook is still open",
    "linked across arms": "ids that are one customer by now were drawn into different arms",
}
"""Why somebody may not be reached, the first that holds in this order; all are told before arms are drawn."""


@dataclass(frozen=True)
class Candidates:
    """One row a customer, in the order of the scores; arrays of equal length.

    `customer_id` are texts; `why_not` holds "" or a key of `REASONS`; `stratum` texts such as `At risk, high risk`,
    within which arms are drawn; `chance` is P(order) in the window without contact, `spend` the expected spend.
    """

    playbook: str
    as_of: int
    customer_id: pa.Array
    why_not: np.ndarray
    stratum: np.ndarray
    chance: np.ndarray
    spend: np.ndarray

    def __len__(self) -> int:
        return len(self.customer_id)

    @property
    def may_be_reached(self) -> np.ndarray:
        """bool [customers]."""
        return np.asarray(self.why_not == REACHABLE)

    def left_out(self) -> list[tuple[str, int]]:
        """Each reason that holds of somebody, and of how many, in the order of `REASONS`."""
        return [(reason, count) for reason in REASONS if (count := int((self.why_not == reason).sum()))]

    def taken(self, rows: Sequence[int] | np.ndarray) -> Candidates:
        """Those of some rows."""
        at = np.asarray(rows, dtype=np.int64)
        return Candidates(
            self.playbook,
            self.as_of,
            self.customer_id.take(pa.array(at)),
            self.why_not[at],
            self.stratum[at],
            self.chance[at],
            self.spend[at],
        )
