"""Campaigns: standing playbooks acted on by each new run, and by nothing that nobody approved.

That an act was begun is written down before it, and taken back after it, so that one that was stopped is finished for
the run that it followed, whatever came since.
"""

# ruff: noqa: PLC0415  what is not due loads no code

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from foretell.pipeline.loop.duties.duty import Loop
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import days

if TYPE_CHECKING:
    from foretell.answers.published import PublishedRun
    from foretell.pipeline.actions.act import Done
    from foretell.pipeline.loop.standing import Standing
    from foretell.storage.catalogue import RunRecord

ACT = "act"
ACTING = "acting"
CHANGED = "changed"


def half_acted(loop: Loop) -> str:
    """Whether acting on a standing playbook was stopped."""
    begun = loop.answered(ACTING)
    return f"a campaign of {json.loads(begun)[0]} was being made when a command was stopped" if begun else ""


def acted_whole(loop: Loop) -> str:
    """Finish it where it stands in the ledger; before that nothing has happened."""
    from foretell.answers.published import published
    from foretell.pipeline.actions.act import done, prepared_for
    from foretell.pipeline.actions.candidates import playbook_of_run

    name, run, at, approved_by = json.loads(loop.answered(ACTING))
    try:
        ready = prepared_for(published(loop.place, run), playbook_of_run(published(loop.place, run), name), at)
        told = "it had not been drawn yet" if ready.drawn.is_new else _told(done(ready, approved_by))
    except InputError as error:
        told = f"it cannot be finished: {error.what}"
    loop.answer(ACTING, "")
    return told


def unacted(loop: Loop) -> str:
    """Which standing playbooks were not acted on by the newest run."""
    due = _due(loop)
    newest = loop.newest
    named = ", ".join(f"{one.playbook} (approved by {one.approved_by})" for one in due)
    return f"run {newest.run} is new to standing playbooks: {named}" if due and newest else ""


def acted(loop: Loop) -> str:
    """Draw whoever newly fits, write files and messages; what must not be done is told."""
    from foretell.answers.published import published

    run, told = published(loop.place), list[str]()
    for one in _due(loop):
        told.append(f"{one.playbook}: {_not_now(loop, run.record, one) or _acted_on(loop, run, one)}")
        loop.answer(f"{ACT} {one.playbook}", _answer(loop, run.record, one))
    return "; ".join(told)


def _due(loop: Loop) -> list[Standing]:
    newest = loop.newest
    if newest is None or not loop.part.act or not (loop.declared and loop.declared.playbooks):
        return []
    from foretell.pipeline.loop.standing import standing

    found = standing(loop.place)
    return [one for one in found if loop.answered(f"{ACT} {one.playbook}") != _answer(loop, newest, one)]


def _not_now(loop: Loop, run: RunRecord, one: Standing) -> str:
    """Why nobody is contacted although it was approved; empty where nothing stands against it."""
    against = _against(loop, run, one)
    again = f'foretell act "{one.playbook}" --approve NAME --standing'
    if against == CHANGED:
        return f"not acted on, since it was changed after {one.approved_by} approved it; {again}"
    behind = (loop.at - run.as_of) / days(1)
    return f"not acted on, since the scores are {abs(behind):,.0f} days {against}" if against else ""


def _against(loop: Loop, run: RunRecord, one: Standing) -> str:
    from foretell.pipeline.actions.act import OLD_DAYS
    from foretell.pipeline.loop.standing import declared_as

    if declared_as(loop.place, one.playbook) != one.declared:
        return CHANGED
    behind = (loop.at - run.as_of) / days(1)
    return "" if 0 <= behind <= OLD_DAYS else "old" if behind > 0 else "ahead"


def _acted_on(loop: Loop, run: PublishedRun, one: Standing) -> str:
    from foretell.pipeline.actions.act import done, prepared_for
    from foretell.pipeline.actions.candidates import playbook_of_run

    ready = prepared_for(run, playbook_of_run(run, one.playbook), loop.at)
    if ready.drawn.is_new and not len(ready.drawn.assigned):
        return "nobody new"
    loop.answer(ACTING, json.dumps([one.playbook, run.record.run, loop.at, one.approved_by]))
    told = _told(done(ready, one.approved_by))
    loop.answer(ACTING, "")
    return told


def _told(done: Done) -> str:
    drawn = done.acted.drawn
    sent = [f"{one.channel} {one.outcome}" for one in done.sent]
    return ", ".join([f"{drawn.treated:,} treated and {drawn.control:,} kept aside by now", *sent])


def _answer(loop: Loop, run: RunRecord, one: Standing) -> str:
    """What stands against it is a part of the answer: once nothing does, it is due again."""
    return fingerprint([run.run, one.approved_at, _against(loop, run, one)])
