"""Standing approval: somebody approves a triggered playbook for every run to come, until it is stopped or changed.

It stands in the ledger of assignments, which only grows: who approved what, when, and when it was taken back.
"""

# ruff: noqa: PLC0415  whoever only asks what stands loads no code of campaigns

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from foretell.actions.assignments import Assignments
from foretell.actions.playbook import declared_playbooks, playbook_named
from foretell.project.declaration import FILE_NAME
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.project.parts.actions import offers_of
from foretell.project.place import Place

TABLE = """
create table if not exists standing (
  number integer primary key, playbook text not null,
  decision text not null check (decision in ('approved', 'stopped')),
  decided_by text not null, decided_at integer not null, declared text not null)
"""
REFUSALS = tuple(
    f"create trigger if not exists standing_{name} before {change} on standing begin"
    " select raise(abort, 'the ledger only grows'); end"
    for name, change in (("stays", "update"), ("is_kept", "delete"))
)
"""Begun with the first approval: ledgers of earlier versions have no such table."""
Clock = Callable[[], int]


def clock() -> int:
    """Now, in microseconds UTC."""
    return time.time_ns() // 1_000


@dataclass(frozen=True)
class Standing:
    """An approval that holds: of which playbook, by whom, since when (microseconds UTC); `declared` is a fingerprint of
    the playbook and its offers as they stood."""

    playbook: str
    approved_by: str
    approved_at: int
    declared: str


def approve_standing(place: Place, name: str, approved_by: str, now: Clock = clock) -> Standing:
    """Approve a triggered playbook of the newest run for every run to come; nobody is contacted by that. InputError
    where nobody approves it, it draws all at once, or it cannot be acted on as it is declared."""
    from foretell.answers.published import published
    from foretell.pipeline.actions.act import refuse_unknown_deliveries
    from foretell.pipeline.actions.candidates import playbook_of_run

    if not approved_by.strip():
        raise InputError("A standing approval needs somebody who gives it.", hint='--approve "crm@shop"')
    run = published(place)
    playbook = playbook_of_run(run, name)
    refuse_unknown_deliveries(run, playbook)
    if not playbook.part.triggered:
        raise InputError(
            f"The playbook {name!r} draws everybody at once: with each run it would begin a campaign anew.",
            file=FILE_NAME,
            found="triggered = false",
            expected="triggered = true, so that each customer enters once, when the rule first holds",
            hint=f'foretell act "{name}" --approve NAME, each time',
        )
    found = Standing(name, approved_by.strip(), now(), declared_as(place, name))
    _decide(place.state, name, "approved", found.approved_by, found.approved_at, found.declared)
    return found


def stop_standing(place: Place, name: str, now: Clock = clock) -> Standing:
    """Take a standing approval back; gives what it was. InputError where there is none."""
    found = {one.playbook: one for one in standing(place)}
    if name not in found:
        known = f"one of: {', '.join(found)}" if found else "none is approved as standing"
        raise InputError("There is no such standing approval.", found=name, expected=known)
    _decide(place.state, name, "stopped", "", now(), found[name].declared)
    return found[name]


def standing(place: Place) -> tuple[Standing, ...]:
    """The approvals that hold, by playbook; nothing is written."""
    ledger = Assignments(place.state)
    if not ledger.rows("select 1 from sqlite_master where name = 'standing'"):
        return ()
    last: dict[str, Standing | None] = {}
    for playbook, decision, *told in ledger.rows(
        "select playbook, decision, decided_by, decided_at, declared from standing order by number"
    ):
        last[playbook] = Standing(playbook, *told) if decision == "approved" else None
    return tuple(one for _, one in sorted(last.items()) if one is not None)


def declared_as(place: Place, name: str) -> str:
    """A fingerprint of a playbook as it is declared now, with its offers; InputError where it is not."""
    parts, offers = declared_playbooks(place)
    part = playbook_named(name, parts)
    own = offers_of(part, offers)
    return fingerprint([part.model_dump(mode="json"), [offer.model_dump(mode="json") for offer in own]])


def _decide(state: Path, *told: object) -> None:
    with Assignments(state).database.transaction() as connection:
        for statement in (TABLE, *REFUSALS):
            connection.execute(statement)
        connection.execute(
            "insert into standing (playbook, decision, decided_by, decided_at, declared) values (?, ?, ?, ?, ?)", told
        )
