"""Past campaigns: what the ledger says against drawing somebody once more, alike for whichever arm they were in.

Cooldowns run from the assignment for the control too: otherwise a playbook would reach the control of another one
before its treated, and their comparison would be of two campaigns. A campaign of rest contacts nobody: its treated are
kept out of other playbooks until their window is over, and its control goes on as usual.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.actions.assignments import TREATED, Assignments
from foretell.actions.eligibility import PastContacts
from foretell.actions.ledger_schema import FORGOTTEN
from foretell.project.intervals import days

Holders = Callable[[Sequence[str]], Sequence[str]]
"""Of each id the one under which its customer is known by now."""


@dataclass(frozen=True)
class Merged:
    """The assignments of a campaign by who customers are by now. `holder` names the customer of each row, `stays` is
    bool [rows]: who can be read out; `across` counts ids that were drawn into different arms and are one customer by
    now, `twice` further ids of a customer within one arm, `forgotten` those whose id was erased."""

    holder: np.ndarray
    stays: np.ndarray
    across: int
    twice: int
    forgotten: int


def merged(assigned: pa.Table, holders: Holders) -> Merged:
    """Who is left of a campaign when ids are taken together that became one customer since."""
    ids, arm = assigned["customer_id"].to_pylist(), assigned["arm"].to_pylist()
    holder = list(holders(ids))
    arms: dict[str, set[str]] = {}
    for who, own in zip(holder, arm, strict=True):
        arms.setdefault(who, set()).add(own)
    seen, stays, across, twice, forgotten = set[str](), np.zeros(len(ids), dtype=bool), 0, 0, 0
    for row, (one, who) in enumerate(zip(ids, holder, strict=True)):
        if one.startswith(FORGOTTEN):
            forgotten += 1
        elif len(arms[who]) > 1:
            across += 1
        elif who in seen:
            twice += 1
        else:
            stays[row] = True
            seen.add(who)
    return Merged(np.array(holder, dtype=object), stays, across, twice, forgotten)


def past_of(
    ledger: Assignments, playbook: str, at: int, holders: Holders, global_holdout: np.ndarray | None = None
) -> PastContacts:
    """What stands against a contact at a moment (microseconds UTC), by the ids that customers are known by now;
    `global_holdout` is bool [customers] of the scores."""
    by_playbook, by_any = dict[str, int](), dict[str, int]()
    within, linked, resting = set[str](), set[str](), set[str]()
    for campaign in ledger.campaigns():
        assigned = ledger.assignments(campaign.name)
        found = merged(assigned, holders)
        own = campaign.playbook == playbook
        rows = zip(found.holder.tolist(), assigned["arm"].to_pylist(), assigned["assigned_at"].to_pylist(), strict=True)
        for who, arm, moment in rows:
            is_open = moment + days(campaign.window_days) > at
            if not campaign.is_rest:
                by_any[who] = max(by_any.get(who, 0), moment)
            elif not own and is_open and arm == TREATED:
                resting.add(who)
            if own:
                by_playbook[who] = max(by_playbook.get(who, 0), moment)
                if is_open:
                    within.add(who)
        if own and found.across:
            arms: dict[str, str] = {}
            for who, arm in zip(found.holder.tolist(), assigned["arm"].to_pylist(), strict=True):
                if arms.setdefault(who, arm) != arm:
                    linked.add(who)
    return PastContacts(by_playbook, by_any, within, linked, global_holdout, resting)
