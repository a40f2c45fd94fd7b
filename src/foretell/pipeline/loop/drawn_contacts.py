"""Whom our own campaigns drew, from the ledger of assignments, as data for those who must not know of actions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.actions.assignments import TREATED, Assignments
from foretell.examples.policy import DrawnContacts
from foretell.pipeline.actions.known_as import KnownAs
from foretell.project.fingerprints import keys_of
from foretell.project.intervals import days
from foretell.project.place import Place
from foretell.project.request import Policy


@dataclass(frozen=True)
class Ledger:
    """What forecasts know of the ledger: the draws, and the names under which its contacts stand in a log of
    contacts."""

    drawn: DrawnContacts
    campaigns: tuple[str, ...] = ()


def ledger_before(place: Place, as_of: int, policy: Policy) -> Ledger:
    """The ledger as it was known at a moment (microseconds UTC); linked ids as the customers that they are by then.

    A contact counts as working as long as its campaign is read out (`window_days`). A log of contacts names the
    campaign, or the playbook."""
    ledger = Assignments(place.state)
    begun = [one for one in ledger.campaigns() if one.begun_at < as_of]
    if not begun:
        return Ledger(DrawnContacts(policy))
    names = tuple(sorted({name for one in begun for name in (one.name, one.playbook)}))
    rows = ledger.assignments()
    at = rows["assigned_at"].to_numpy()
    known = at < as_of
    rows, at = rows.filter(known), at[known]
    window = {one.name: days(one.window_days) for one in begun}
    ends = at + np.array([window[name] for name in rows["campaign"].to_pylist()], dtype=np.int64)
    return Ledger(
        DrawnContacts(
            policy,
            keys_of(KnownAs.at(place, as_of)(rows["customer_id"].to_pylist())),
            at,
            ends,
            np.array([arm == TREATED for arm in rows["arm"].to_pylist()], dtype=bool),
            rows["propensity"].to_numpy(),
        ),
        names,
    )
