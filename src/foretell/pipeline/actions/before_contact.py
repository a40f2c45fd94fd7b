"""Before a contact: at which moment it is, and what stands against it by then."""

from __future__ import annotations

from datetime import datetime

from foretell.actions.assignments import Assignments
from foretell.actions.eligibility import PastContacts
from foretell.actions.holdout import in_global_holdout
from foretell.actions.past_campaigns import past_of
from foretell.alerts.rules import ids_of
from foretell.answers.published import PublishedRun
from foretell.pipeline.actions.known_as import KnownAs
from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.errors import InputError
from foretell.project.intervals import day_of, from_microseconds, parse_day, to_microseconds
from foretell.project.parts.actions import ActionsPart


def past_contacts(run: PublishedRun, playbook: str, ledger: Assignments, at: int) -> PastContacts:
    """What the ledger and the global holdout say against a contact at a moment."""
    ids, settings = ids_of(run.main.scores), run.request.settings
    year = int(day_of(at, settings.timezone)[:4])
    aside = in_global_holdout(ids, settings.seed, year, _actions_part(run).global_holdout)
    return past_of(ledger, playbook, at, KnownAs.at(run.request.place, at), aside)


def moment_of(run: PublishedRun, at: str | None) -> int:
    """The moment of the contact: now, or what was said; InputError where it lies before the day of the scores, which
    know what came until then."""
    moment, timezone = run.request.now, run.request.settings.timezone
    if at is not None:
        moment = _read(at, timezone)
    if moment < run.record.as_of:
        raise InputError(
            "The contact would come before the scores that it follows.",
            found=from_microseconds(moment, timezone).isoformat(),
            expected=f"{day_of(run.record.as_of, timezone)} or later",
            hint="--at; or an older run: --as-of",
        )
    return moment


def _actions_part(run: PublishedRun) -> ActionsPart:
    path = run.request.place.state.parent / FILE_NAME
    return read_declaration(path).actions if path.is_file() else ActionsPart()


def _read(at: str, timezone: str) -> int:
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is not None:
            return to_microseconds(moment)
    except ValueError:
        pass
    return parse_day(at, timezone)
