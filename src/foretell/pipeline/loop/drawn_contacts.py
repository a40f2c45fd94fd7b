"""Whom our own campaigns drew, from the ledger of assignments, as data for those who must not know of actions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.actions.assignments import TREATED, Assignments, Campaign
from foretell.actions.templates import REST
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
    campaign, or the playbook. Campaigns of the template `rest` contact nobody, and are left out."""
    ledger = Assignments(place.state)
    begun = {one.name: one for one in ledger.campaigns() if one.begun_at < as_of and not _is_rest(one)}
    if not begun:
        return Ledger(DrawnContacts(policy))
    rows = ledger.assignments()
    of_begun = pc.is_in(rows["campaign"], pa.array(begun, pa.string()))
    rows = rows.filter(pc.and_(of_begun, pc.less(rows["assigned_at"], as_of)))
    at = rows["assigned_at"].to_numpy()
    works = [days(begun[name].window_days) for name in rows["campaign"].to_pylist()]
    drawn = DrawnContacts(
        policy,
        keys_of(KnownAs.at(place, as_of)(rows["customer_id"].to_pylist())),
        at,
        at + np.array(works, dtype=np.int64),
        np.array([arm == TREATED for arm in rows["arm"].to_pylist()], dtype=bool),
        rows["propensity"].to_numpy(),
    )
    names = {name for one in begun.values() for name in (one.name, one.playbook)}
    return Ledger(drawn, tuple(sorted(names)))


def _is_rest(campaign: Campaign) -> bool:
    return campaign.declared.get("playbook", {}).get("template") == REST
