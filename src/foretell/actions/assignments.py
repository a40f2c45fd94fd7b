"""The ledger of assignments: who was drawn into which arm of which campaign, when, and with which chance.

It is the authority: files and messages are made from it, after it. An act is one transaction, so a campaign is in it
whole or not at all, and whatever was stopped afterwards can be done again from it with the same arms.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from foretell.actions.ledger_schema import FORGOTTEN, schema
from foretell.actions.templates import REST
from foretell.project.errors import InputError
from foretell.storage.sqlite import Database

FILE_NAME = "actions.sqlite"
TREATED, CONTROL = "treated", "control"
FATES: Mapping[str, str] = {
    "sent": "the contact was handed over",
    "dropped out": "may not be contacted any more, and was not",
    "refused": "the target did not take the contact",
}
"""What became of a treated customer; whatever it is, they stay in their arm and are counted there."""
ASSIGNED = pa.schema(
    [
        ("customer_id", pa.string()), ("assigned_at", pa.int64()), ("playbook", pa.string()),
        ("campaign", pa.string()), ("arm", pa.string()), ("offer", pa.string()), ("channel", pa.string()),
        ("cost", pa.float64()), ("stratum", pa.string()), ("propensity", pa.float64()),
    ]
)  # fmt: skip
"""A row an assignment; `assigned_at` in microseconds UTC, `cost` in money per contact, 0 for the control, `propensity`
the chance that they had to be treated. Offer and channel of the control are empty."""
WRITTEN = ("customer_id", "arm", "offer", "channel", "cost", "stratum", "propensity", "assigned_at")
Whose = Callable[[pa.Array], np.ndarray]
"""Of each id whether it is one of those who are looked for; bool [ids]."""


@dataclass(frozen=True)
class Campaign:
    """One campaign of a playbook: `begun_at` in microseconds UTC; `declared` is all that it was drawn by (the playbook
    as it stood, its offers, the holdout, the seed), as plain values; `pilot` names the pilot that it is a step of."""

    name: str
    playbook: str
    kind: Literal["batch", "triggered"]
    begun_at: int
    window_days: int
    goal: str
    declared: Mapping[str, Any]
    pilot: str | None = None

    @property
    def is_rest(self) -> bool:
        """Whether its treated are those whom every mailing leaves out."""
        return self.declared.get("playbook", {}).get("template") == REST


@dataclass(frozen=True)
class Act:
    """One act: the run whose scores it followed, who approved it, and when (microseconds UTC)."""

    run: str
    approved_by: str
    acted_at: int


class Assignments:
    """Reads and writes the ledger in a state folder."""

    def __init__(self, state: Path) -> None:
        self.path = state / FILE_NAME
        self.database = Database(
            self.path,
            schema(),
            "the ledger of assignments",
            f"bring {FILE_NAME} back from a backup: without it nobody knows who was in which arm",
        )

    def campaigns(self, playbook: str | None = None) -> tuple[Campaign, ...]:
        """All campaigns, or those of a playbook, the first one first."""
        rows = self.rows("select * from campaigns order by begun_at, campaign")
        found = (Campaign(r[0], r[1], r[2], r[4], r[5], r[6], json.loads(r[7]), r[3]) for r in rows)
        return tuple(one for one in found if playbook in (None, one.playbook))

    def campaign(self, name: str) -> Campaign:
        """The campaign of that name; InputError with the known ones where there is none."""
        known = {one.name: one for one in self.campaigns()}
        if name not in known:
            expected = f"one of: {', '.join(known)}" if known else "a campaign of foretell act: there is none yet"
            raise InputError("There is no such campaign.", found=name, expected=expected)
        return known[name]

    def acts(self, campaign: str) -> tuple[Act, ...]:
        """The acts of a campaign, the first one first."""
        rows = self.rows("select run, approved_by, acted_at from acts where campaign = ? order by act", campaign)
        return tuple(Act(*row) for row in rows)

    def commit(self, campaign: Campaign, act: Act, assigned: pa.Table) -> int:
        """Write an act with all of its assignments down, in one transaction; how many customers are assigned.

        Whoever is in the campaign keeps their arm: InputError where the same is tried again, by this process or by
        another, and nothing is written then.
        """
        try:
            with self.database.transaction() as connection:
                self._write(connection, campaign, act, assigned)
        except sqlite3.IntegrityError as error:
            raise _done_already(campaign) from error
        return len(assigned)

    def assignments(self, campaign: str | None = None) -> pa.Table:
        """The assignments of a campaign, or of all, as `ASSIGNED`, by campaign and customer."""
        rows = self.rows(
            "select customer, assigned_at, playbook, a.campaign, arm, offer, channel, cost, stratum, propensity"
            " from assignments a join campaigns c on a.campaign = c.campaign"
            f"{' where a.campaign = ?' if campaign is not None else ''} order by a.campaign, customer",
            *([] if campaign is None else [campaign]),
        )
        columns = list(zip(*rows, strict=True)) or [()] * len(ASSIGNED)
        return pa.table(
            [pa.array(one, kind.type) for one, kind in zip(columns, ASSIGNED, strict=True)], schema=ASSIGNED
        )

    def tell(self, campaign: str, customers: Sequence[str], fate: str, at: int, told: str = "") -> int:
        """Write down what became of assigned customers (one of `FATES`), each once; of how many it is new."""
        if fate not in FATES:
            raise ValueError(f"{fate} is no fate")
        with self.database.transaction() as connection:
            before = connection.total_changes
            connection.executemany(
                "insert or ignore into fates values (?, ?, ?, ?, ?)",
                [(campaign, customer, fate, at, told) for customer in customers],
            )
            return connection.total_changes - before

    def fates(self, campaign: str) -> dict[str, set[str]]:
        """Of each fate that somebody met, the customers who did."""
        found: dict[str, set[str]] = {}
        for fate, customer in self.rows("select fate, customer from fates where campaign = ?", campaign):
            found.setdefault(fate, set()).add(customer)
        return found

    def told(self, campaign: str) -> dict[str, int]:
        """How many customers met each fate, in the order of `FATES`; whoever was refused and sent later was sent."""
        found = self.fates(campaign)
        found["refused"] = found.get("refused", set()) - found.get("sent", set())
        return {fate: len(found[fate]) for fate in FATES if found.get(fate)}

    def forget(self, is_one: Whose) -> int:
        """Put a number in place of the id of somebody forgotten; of how many assignments. Arms and counts stay."""
        named, changed = self._named(is_one), 0
        if named:
            with self.database.transaction() as connection:
                for customer in named:
                    changed += connection.execute(
                        "update assignments set customer = ? where customer = ?",
                        (f"{FORGOTTEN}{uuid.uuid4().hex}", customer),
                    ).rowcount
        self.database.compact()
        return changed

    def of_person(self, is_one: Whose) -> list[dict[str, Any]]:
        """The assignments of somebody, with what became of them."""
        named = set(self._named(is_one))
        rows = [row for row in self.assignments().to_pylist() if row["customer_id"] in named] if named else []
        return [
            row | {"fates": [fate for fate, who in self.fates(row["campaign"]).items() if row["customer_id"] in who]}
            for row in rows
        ]

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The answer of the database; nothing where no ledger has been begun."""
        if not self.database.is_there:
            return []
        with self.database.reading() as connection:
            return connection.execute(question, values).fetchall()

    def _named(self, is_one: Whose) -> list[str]:
        ids = pa.array([row[0] for row in self.rows("select distinct customer from assignments")], pa.string())
        return ids.filter(pa.array(is_one(ids), pa.bool_())).to_pylist() if len(ids) else []

    @staticmethod
    def _write(connection: sqlite3.Connection, campaign: Campaign, act: Act, assigned: pa.Table) -> None:
        begun = connection.execute("select kind from campaigns where campaign = ?", (campaign.name,)).fetchone()
        if begun is None:
            declared = json.dumps(campaign.declared, ensure_ascii=False)
            connection.execute(
                "insert into campaigns values (?, ?, ?, ?, ?, ?, ?, ?)",
                (campaign.name, campaign.playbook, campaign.kind, campaign.pilot, campaign.begun_at,
                 campaign.window_days, campaign.goal, declared),
            )  # fmt: skip
        elif begun[0] == "batch":
            raise _done_already(campaign)
        number = connection.execute(
            "insert into acts (campaign, run, approved_by, acted_at) values (?, ?, ?, ?)",
            (campaign.name, act.run, act.approved_by, act.acted_at),
        ).lastrowid
        values = zip(*(assigned[name].to_pylist() for name in WRITTEN), strict=True)
        connection.executemany(
            "insert into assignments (campaign, act, customer, arm, offer, channel, cost, stratum, propensity,"
            " assigned_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((campaign.name, number, *row) for row in values),
        )


def _done_already(campaign: Campaign) -> InputError:
    return InputError(
        "That was acted on already, and nobody is assigned twice.",
        found=campaign.name,
        hint="foretell act without --approve shows what would be next",
    )
