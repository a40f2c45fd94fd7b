"""What a push would do, told before it does it: who is added, changed, no longer there, left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foretell.delivery.pushes.contract import Person, Unreadable, Value
from foretell.delivery.pushes.pushing import STRANGE, UNTOLD, Push, unfit


@dataclass(frozen=True)
class Change:
    """Somebody whose fields differ: name, what stands there, what would."""

    person: str
    fields: tuple[tuple[str, Value, Value], ...]


@dataclass(frozen=True)
class Preview:
    """What a push would do, by key. `removed` are in the file now, or were in the batch before, and would not be any
    more: a tool keeps them as they are, a file does not. `left_out` could not be sent, with why; `already` were sent in
    this batch. `unread` says why the tool could not be asked: everybody else counts as added then."""

    added: tuple[str, ...]
    changed: tuple[Change, ...]
    same: tuple[str, ...]
    removed: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    already: tuple[str, ...]
    unread: str = ""


def preview(way: Push, people: Sequence[Person], batch: str) -> Preview:
    """What `push` would do; nothing is sent or written."""
    whole, states = way.target.takes_all_at_once, way.ledger.states(way.name, batch)
    already = () if whole else tuple(one.key for one in people if states.get(one.key) in ("done", "unsure"))
    left_out = [(one.key, why) for one in people if (why := unfit(way.target, one))]
    out = {*already, *(key for key, _ in left_out)}
    there = [one for one in people if one.key not in out]
    known, unread = None, "this tool cannot be asked what it has"
    try:
        known = way.target.known(there)
    except Unreadable as told:
        unread = str(told)
    except STRANGE:
        unread = UNTOLD.told
    added = [one.key for one in there if known is None or one.key not in known]
    differing = [
        Change(
            one.key,
            tuple(
                (name, have.get(name), value) for name, value in one.fields.items() if _differs(have.get(name), value)
            ),
        )
        for one in there
        if known is not None and (have := known.get(one.key)) is not None
    ]
    keys = {one.key for one in people}
    before = list(known or {}) if whole else way.ledger.sent_before(way.name, batch)
    return Preview(
        tuple(added),
        tuple(one for one in differing if one.fields),
        tuple(one.person for one in differing if not one.fields),
        tuple(key for key in before if key not in keys),
        tuple(left_out),
        already,
        "" if known is not None else unread,
    )


def _differs(have: Value, value: Value) -> bool:
    """Whether a value would change what stands there; tools give numbers back as texts, and none changes nothing."""
    if value is None:
        return False
    try:
        return float(have if have is not None else "") != float(value)
    except ValueError:
        return ("" if have is None else str(have)) != (str(value).lower() if isinstance(value, bool) else str(value))
