"""Pushing a table or a file of people to a declared tool, without anybody who was forgotten."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from foretell.alerts.sending import Sent
from foretell.customer_log.erasure.forgotten import BlockList
from foretell.delivery.pushes.contract import Person
from foretell.delivery.pushes.ledger import Entry, PushLedger
from foretell.delivery.pushes.people import as_body, people_of, read_people
from foretell.delivery.pushes.preview import Preview, preview
from foretell.delivery.pushes.pushing import PushAnswer, push, push_again
from foretell.delivery.pushes.targets import USUAL, Pace, opened
from foretell.pipeline.actions.fates import tell_fates
from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.project.parts.pushes import PushPart
from foretell.project.place import Place
from foretell.project.progress import Progress, Silent

CAMPAIGN = "campaign"


@dataclass(frozen=True)
class Ways:
    """Where the declaration and the ledger are, where tokens come from, and how long is waited."""

    place: Place
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    pace: Pace = USUAL


@dataclass(frozen=True)
class Looked:
    """What a push would do, and who of the file stays out: as the arm that is compared with, or as forgotten."""

    batch: str
    preview: Preview
    held_back: int
    forgotten: int


@dataclass(frozen=True)
class Pushed:
    """What a push came to, and who of the file stayed out."""

    answer: PushAnswer
    held_back: int = 0
    forgotten: int = 0


@dataclass(frozen=True)
class PushState:
    """The ledger: how many people are in which state, by push and batch, and everybody who is not done."""

    counts: list[tuple[str, str, str, int]]
    entries: list[Entry]


def declared_pushes(place: Place) -> dict[str, PushPart]:
    """The declared pushes by name; none without a declaration beside the state."""
    path = place.state.parent / FILE_NAME
    return {part.name: part for part in read_declaration(path).pushes} if path.is_file() else {}


def declared_push(place: Place, name: str) -> PushPart:
    """The push of this name; InputError with those that are declared where there is none."""
    known = declared_pushes(place)
    if name not in known:
        raise InputError(
            "There is no such push.",
            found=name,
            expected=f"one of: {', '.join(known)}" if known else f"a [[pushes]] part in {FILE_NAME}",
        )
    return known[name]


def push_table(ways: Ways, name: str, table: pa.Table, batch: str, progress: Progress) -> Pushed:
    """Send the people of a table; of a table with arms only those who are treated. `batch` is what makes it the same
    push when it is repeated, such as the name of a campaign, whose ledger is then told who was sent and who refused;
    empty for the one that follows from the content. InputError where push, token or table cannot be used."""
    part, people, held_back, forgotten = _people(ways, name, table)
    way = opened(part, ways.place, ways.environment, ways.pace)
    answer = push(way, people, batch or batch_of(part, people, table), progress)
    tell_fates(ways.place, name, answer.batch)
    return Pushed(answer, held_back, forgotten)


def push_file(ways: Ways, name: str, file: Path, batch: str, progress: Progress) -> Pushed:
    """The same for a file, CSV or Parquet."""
    return push_table(ways, name, read_people(file, declared_push(ways.place, name)), batch, progress)


def pushed_once(ways: Ways, name: str, file: Path, campaign: str) -> Sent:
    """Send whom a campaign contacts to a declared tool, nobody twice however often it is called; what cannot be tried
    is told, and the campaign stands."""
    channel = f"push:{name}"
    try:
        answer = push_file(ways, name, file, campaign, Silent()).answer
    except InputError as error:
        return Sent(campaign, channel, "not tried", " ".join(str(error).split()))
    if answer.is_complete:
        return Sent(campaign, channel, "delivered", f"{answer.done + answer.already:,} people")
    left = f"{answer.waiting} wait, {answer.refused} refused, {answer.unsure} unsure"
    return Sent(campaign, channel, "waiting", f"{left}; foretell push {name} goes on. {answer.stopped}".strip())


def push_waiting(ways: Ways, name: str, progress: Progress) -> list[Pushed]:
    """Go on with everybody who waits or was refused, in every batch of a push."""
    part = declared_push(ways.place, name)
    if part.is_file:
        raise InputError(
            f"The push {name!r} writes a file.", found="no file of people", expected=f"foretell push {name} PEOPLE.csv"
        )
    answers = push_again(opened(part, ways.place, ways.environment, ways.pace), progress)
    for one in answers:
        tell_fates(ways.place, name, one.batch)
    return [Pushed(one) for one in answers]


def look(ways: Ways, name: str, file: Path, batch: str) -> Looked:
    """What `push_file` would do; nothing is sent or written."""
    table = read_people(file, declared_push(ways.place, name))
    part, people, held_back, forgotten = _people(ways, name, table)
    batch = batch or batch_of(part, people, table)
    way = opened(part, ways.place, ways.environment, ways.pace)
    return Looked(batch, preview(way, people, batch), held_back, forgotten)


def push_state(place: Place, name: str | None = None) -> PushState:
    """Who was sent, who waits, was refused, is unsure; of one push or of all."""
    ledger = PushLedger(place.state)
    counts = [row for row in ledger.counts() if name in (None, row[0])]
    return PushState(counts, ledger.entries(name))


def batch_of(part: PushPart, people: list[Person], table: pa.Table) -> str:
    """The campaign of a file of assignments; otherwise 12 characters that follow from what is sent where. InputError
    for a file of several campaigns."""
    if CAMPAIGN not in table.column_names:
        return fingerprint([part.model_dump(mode="json"), [[one.key, as_body(one)] for one in people]])[:12]
    campaigns = sorted({str(one) for one in table[CAMPAIGN].to_pylist()})
    if len(campaigns) > 1:
        raise InputError(
            "The file is of several campaigns.",
            column=CAMPAIGN,
            found=", ".join(campaigns[:5]),
            expected="one, so that nobody is sent twice for it",
            hint="one file a campaign, or --batch NAME",
        )
    return campaigns[0] if campaigns else "empty"


def _people(ways: Ways, name: str, table: pa.Table) -> tuple[PushPart, list[Person], int, int]:
    part = declared_push(ways.place, name)
    people, held_back = people_of(table, part)
    blocked = BlockList(ways.place.state).read()
    keys = blocked.of_ids(pa.array([one.key for one in people], pa.string())) > 0
    emails = blocked.of_ids(pa.array([one.email for one in people], pa.string())) > 0
    left = [one for one, is_out in zip(people, keys | emails, strict=True) if not is_out]
    return part, left, held_back, len(people) - len(left)
