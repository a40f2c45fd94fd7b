"""Warnings: the declared rules asked of each new run, and messages and pushes that wait."""

# ruff: noqa: PLC0415  what is not due loads no code

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foretell.pipeline.loop.duties.duty import Loop
from foretell.project.errors import InputError
from foretell.words.wording import counted, joined

if TYPE_CHECKING:
    from foretell.alerts.sending import Sent

ALERTS = "alerts"
PUSHES = "pushes"
HOUR_MICROSECONDS = 3_600_000_000


def unwatched(loop: Loop) -> str:
    """Whether the rules were not asked of the newest run."""
    newest = loop.newest
    if newest is None or not (loop.declared and loop.declared.alerts) or loop.answered(ALERTS) == newest.run:
        return ""
    return f"the rules were not asked of run {newest.run}"


def watched(loop: Loop) -> str:
    """Ask them, and keep what is new."""
    from foretell.answers.published import published
    from foretell.pipeline.alerts import watch

    run = published(loop.place)
    found = watch(run).alerts
    loop.answer(ALERTS, run.record.run)
    return f"{counted(len(found), 'alert')} raised" if found else "nothing to warn of"


def unsent(loop: Loop) -> str:
    """Whether a message is due: an open alert for a delivery that is declared as automatic, or one that failed."""
    from foretell.alerts.sending import due_now

    waiting = due_now(loop.place) if loop.declared and loop.declared.deliveries else 0
    return f"{counted(waiting, 'message')} due" if waiting else ""


def sent(loop: Loop) -> str:
    """Send them, each once; InputError with what could not be tried."""
    from foretell.alerts.sending import send_due

    return _outcome(send_due(loop.place))


def unpushed(loop: Loop) -> str:
    """Whether people wait for a declared push, and it was not tried within the hour."""
    waiting = _waiting(loop)
    if not waiting or loop.at < int(loop.answered(PUSHES) or 0) + HOUR_MICROSECONDS:
        return ""
    return joined([f"{counted(people, 'customer')} for {name}" for name, people in waiting.items()]) + " wait"


def pushed(loop: Loop) -> str:
    """Go on with whoever waits; a tool that fails is left alone for an hour."""
    from foretell.pipeline.actions.push import Ways, push_waiting

    loop.answer(PUSHES, str(loop.at))
    told = []
    for name in _waiting(loop):
        answers = [one.answer for one in push_waiting(Ways(loop.place), name, loop.progress)]
        told.append(
            f"{name}: {sum(one.done for one in answers):,} sent, {sum(len(one.left) for one in answers):,} left"
        )
    return "; ".join(told)


def _waiting(loop: Loop) -> dict[str, int]:
    """Of each declared push of people whom somebody let out, how many wait."""
    from foretell.delivery.pushes.ledger import PushLedger

    of_people = {part.name for part in loop.declared.pushes if not part.is_file} if loop.declared else set()
    found: dict[str, int] = {}
    for name, _, state, people in PushLedger(loop.place.state).counts() if of_people else ():
        if name in of_people and state in ("waiting", "sending"):
            found[name] = found.get(name, 0) + people
    return found


def _outcome(messages: Sequence[Sent]) -> str:
    if untried := [one for one in messages if one.outcome == "not tried"]:
        raise InputError("A message could not be tried.", found=untried[0].told, expected=untried[0].channel)
    return "; ".join(f"{one.channel} {one.outcome}, {one.told}" for one in messages) or "nothing was due any more"
