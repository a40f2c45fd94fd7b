"""Acting on a published run: what would be done, and doing it once somebody approves."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from foretell.actions.acting import Acted, act, files_again, finished, ripe_day, unfinished
from foretell.actions.assignments import FILE_NAME as LEDGER
from foretell.actions.assignments import Assignments
from foretell.actions.campaign_files import ASSIGNMENTS_FILE, FOLDER, Contents
from foretell.actions.drawing import Drawn, ToAct, drawn_for
from foretell.actions.handing_over import handed_over
from foretell.actions.playbook import Playbook
from foretell.alerts.rules import declared, ids_of
from foretell.alerts.sending import Sent
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.before_contact import moment_of, past_contacts
from foretell.pipeline.actions.candidates import gathered, playbook_of_run
from foretell.pipeline.actions.choosing.believed import believed, read_outs
from foretell.pipeline.actions.choosing.chosen import chosen_by_profit
from foretell.pipeline.actions.choosing.steered import steered
from foretell.pipeline.actions.push import Ways, declared_pushes, pushed_once
from foretell.project.declaration import FILE_NAME
from foretell.project.errors import InputError
from foretell.project.intervals import days
from foretell.project.parts.alerts import DeliveryPart
from foretell.project.place import Place
from foretell.storage.lock import alone_at_work

NEXT_CATEGORIES = "next categories"
CONTACTS = "contacts.csv"
OLD_DAYS = 7
"""Scores older than that are told as old."""


@dataclass(frozen=True)
class Prepared:
    """A playbook on a run, ready to be acted on; nothing is written yet, and `warnings` are told before that."""

    run: PublishedRun
    playbook: Playbook
    asked: ToAct
    drawn: Drawn
    contents: Contents
    warnings: tuple[str, ...]

    @property
    def timezone(self) -> str:
        """The local calendar of the project."""
        return self.run.request.settings.timezone

    @property
    def ripe_on(self) -> str:
        """The day (ISO) from which the read-out of the campaign is complete."""
        return ripe_day(self.drawn, self.timezone)

    def of(self, asked: ToAct) -> Prepared:
        """The same, where something else is asked of it, such as a step of a pilot."""
        return _ready(self.run, self.playbook, asked, self.contents)


@dataclass(frozen=True)
class Done:
    """What an act came to: the campaign with its files, and what became of each message."""

    prepared: Prepared
    acted: Acted
    sent: tuple[Sent, ...]


def prepared(place: Place, name: str, at: str | None = None, run: str | None = None) -> Prepared:
    """What acting on a playbook would do now; `at` is the moment of the contact (an ISO day or time; None: now)."""
    found = published(place, run)
    return prepared_for(found, playbook_of_run(found, name), moment_of(found, at))


def prepared_for(run: PublishedRun, playbook: Playbook, at: int, choose: bool = True) -> Prepared:
    """The same, of a playbook that is understood; without `choose` it draws from all who may be reached."""
    refuse_unknown_deliveries(run, playbook)
    ledger = Assignments(run.request.place.state)
    found = gathered(run, playbook, past_contacts(run, playbook.name, ledger, at))
    over = read_outs(run, playbook.name)
    effect = believed(playbook, over)
    steering = steered(run, found, effect, over) if choose else None
    asked = ToAct(
        playbook.part,
        playbook.offers,
        found.candidates,
        run.record.run,
        run.request.settings.seed,
        effect.added,
        at,
        reach=found.reach,
        chosen=None if steering is None else chosen_by_profit(run, found, effect, steering).chosen(),
        settings={} if steering is None else {"steering": steering.as_json()},
    )
    return _ready(run, playbook, asked, _contents(run, playbook))


def _ready(run: PublishedRun, playbook: Playbook, asked: ToAct, contents: Contents) -> Prepared:
    drawn = drawn_for(asked, Assignments(run.request.place.state))
    return Prepared(run, playbook, asked, drawn, contents, tuple(_warnings(run, asked, drawn)))


def acted_on(place: Place, name: str, approved_by: str, at: str | None = None) -> Done:
    """Act on a playbook by the newest run: commit, write the files, hand over. The same again finishes what was
    stopped, and draws nobody anew; so does another playbook, or a newer run, for the files that are missing."""
    with alone_at_work(place.state):
        ready = prepared(place, name, at)
        ledger = Assignments(place.state)
        for campaign in unfinished(ledger, place.out):
            files_again(campaign, ledger, place.out, ready.contents)
        return done(ready, approved_by)


def done(ready: Prepared, approved_by: str, environment: Mapping[str, str] = os.environ) -> Done:
    """Commit what was prepared, then write and hand over; call it with the folder's lock held."""
    place = ready.run.request.place
    ledger = Assignments(place.state)
    drawn = act(ready.asked, ledger, approved_by)
    acted = finished(drawn, ready.asked, ledger, place.out, ready.contents, ready.run.request.now)
    name = drawn.campaign.name
    own = next(one for one in ledger.acts(name) if one.run == ready.asked.run)
    sent = handed_over(acted, own, place, _deliveries(ready.run, ready.playbook), environment)
    if CONTACTS in acted.files:
        named = [one for one in ready.playbook.part.deliver if one in declared_pushes(place)]
        sent += [pushed_once(Ways(place, environment), one, acted.files[CONTACTS], name) for one in named]
    return Done(replace(ready, drawn=drawn), acted, tuple(sent))


def refuse_unknown_deliveries(run: PublishedRun, playbook: Playbook) -> None:
    """InputError where a playbook names a delivery or a push that is not declared."""
    place = run.request.place
    known = [*(delivery.channel for delivery in declared(place)[1]), *declared_pushes(place)]
    if unknown := [channel for channel in playbook.part.deliver if channel not in known]:
        raise InputError(
            f"The playbook {playbook.name!r} names a delivery that is not declared.",
            file=FILE_NAME,
            found=unknown[0],
            expected=f"one of: {', '.join(known)}" if known else "a [[deliveries]] or [[pushes]] part",
        )


def _deliveries(run: PublishedRun, playbook: Playbook) -> list[DeliveryPart]:
    return [one for one in declared(run.request.place)[1] if one.channel in playbook.part.deliver]


def _contents(run: PublishedRun, playbook: Playbook) -> Contents:
    texts: dict[str, str] = {}
    if any(offer.content == NEXT_CATEGORIES for offer in playbook.offers):
        scores = run.main.scores
        lists = scores["next_categories"].to_pylist()
        texts = {one: ", ".join(own or ()) for one, own in zip(ids_of(scores).to_pylist(), lists, strict=True)}
    return Contents(texts, timezone=run.request.settings.timezone, is_rest=playbook.is_rest)


def _warnings(run: PublishedRun, asked: ToAct, drawn: Drawn) -> list[str]:
    told = []
    behind = (asked.at - run.record.as_of) / days(1)
    place = run.request.place
    if not Assignments(place.state).path.exists() and any((place.out / FOLDER).glob(f"*/{ASSIGNMENTS_FILE}")):
        told.append(
            f"There are files of campaigns in {place.out / FOLDER}, and no ledger: bring {LEDGER} back from a copy, or "
            "customers of those campaigns are drawn again."
        )
    if behind > OLD_DAYS:
        told.append(f"The scores are {behind:.0f} days older than the contact: run `foretell run` on newer data first.")
    if not drawn.control and len(drawn.assigned):
        told.append("Nobody is kept aside: whether the campaign paid cannot be told.")
    elif len(drawn.assigned) and not drawn.holdout.sees:
        told.append(drawn.holdout.words)
    return told
