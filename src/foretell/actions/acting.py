"""Acting: a campaign is committed to the ledger first; then its files are made from the ledger.

Whatever stops it, the same again ends in the same campaign: before the commit nothing has happened, and the draw comes
out alike; after it the ledger says who is in which arm, and the files are made once more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from foretell.actions import campaign_files
from foretell.actions.assignments import TREATED, Act, Assignments, Campaign
from foretell.actions.campaign_files import ASSIGNMENTS_FILE, CONTACTS_FILE, LEAVE_OUT_FILE, Contents, folder_of
from foretell.actions.candidates import Candidates
from foretell.actions.drawing import Drawn, ToAct, drawn_for
from foretell.project.errors import InputError
from foretell.project.intervals import day_of, days
from foretell.project.parts.actions import OfferPart

OBJECTS = ("objects to contact", "left alone")
"""Why somebody who was drawn may not be contacted after all; cooldowns are their own campaign's doing."""


@dataclass(frozen=True)
class Acted:
    """What was done: the campaign as the ledger has it, its files by name, and how many of the treated may not be
    contacted any more since they were drawn (they stay in their arm)."""

    drawn: Drawn
    files: dict[str, Path]
    dropped: int


def act(asked: ToAct, ledger: Assignments, approved_by: str) -> Drawn:
    """Draw and commit; the campaign as the ledger has it. InputError where nobody may be reached, and where nobody
    says who approved it."""
    if not approved_by.strip():
        raise InputError("An act needs somebody who approves it.", hint='--approve "crm@shop"')
    drawn = drawn_for(asked, ledger)
    if not drawn.is_new:
        return drawn
    if not len(drawn.assigned):
        raise _nobody(asked)
    ledger.commit(drawn.campaign, Act(asked.run, approved_by.strip(), asked.at), drawn.assigned)
    return replace(drawn, assigned=ledger.assignments(drawn.campaign.name))


def _nobody(asked: ToAct) -> InputError:
    reached = int(asked.candidates.may_be_reached.sum())
    why = [f"{count:,} {reason}" for reason, count in asked.candidates.left_out()]
    if reached:
        why.append(f"{reached:,} may be reached, none of whom is worth a contact, or for whom there is no place")
    return InputError(
        "There is nobody to contact.",
        found=", ".join(why) or "nobody for whom the rule of the playbook holds",
        hint=f"foretell plan {asked.playbook.name!r} says who may be reached, and why the others may not",
    )


def finished(drawn: Drawn, asked: ToAct, ledger: Assignments, out: Path, contents: Contents, now: int) -> Acted:
    """Write the files of a campaign that is in the ledger, without those treated who object by now: that they dropped
    out is written down, and they stay in their arm."""
    name = drawn.campaign.name
    treated = {row["customer_id"] for row in drawn.assigned.to_pylist() if row["arm"] == TREATED}
    newly = sorted(treated & _objecting(asked.candidates)) if not drawn.is_new else []
    if newly:
        ledger.tell(name, newly, "dropped out", now)
    dropped = ledger.fates(name).get("dropped out", set())
    files = campaign_files.written(
        folder_of(out, name), drawn.assigned, asked.offers, replace(contents, dropped=dropped | set(contents.dropped))
    )
    return Acted(drawn, files, len(dropped))


def unfinished(ledger: Assignments, out: Path) -> list[Campaign]:
    """The campaigns of the ledger that lack a file, since the command was stopped or the file was deleted."""

    def lacks(campaign: Campaign) -> bool:
        treated = LEAVE_OUT_FILE if campaign.is_rest else CONTACTS_FILE
        folder = folder_of(out, campaign.name)
        return not all((folder / name).is_file() for name in (ASSIGNMENTS_FILE, treated))

    return [one for one in ledger.campaigns() if "playbook" in one.declared and lacks(one)]


def files_again(campaign: Campaign, ledger: Assignments, out: Path, contents: Contents) -> dict[str, Path]:
    """Make the files of a campaign once more from the ledger, by what was declared when it was drawn."""
    offers = [OfferPart.model_validate(part) for part in campaign.declared["offers"]]
    dropped = ledger.fates(campaign.name).get("dropped out", set())
    own = replace(contents, is_rest=campaign.is_rest, dropped=contents.dropped | dropped)
    return campaign_files.written(folder_of(out, campaign.name), ledger.assignments(campaign.name), offers, own)


def ripe_day(drawn: Drawn, timezone: str) -> str:
    """The first day (ISO) on which the windows of all who are assigned by now are over."""
    last = max(drawn.assigned["assigned_at"].to_pylist(), default=drawn.campaign.begun_at)
    return day_of(last + days(drawn.campaign.window_days), timezone)


def _objecting(candidates: Candidates) -> set[str]:
    ids = candidates.customer_id.to_pylist()
    return {one for one, reason in zip(ids, candidates.why_not, strict=True) if reason in OBJECTS}
