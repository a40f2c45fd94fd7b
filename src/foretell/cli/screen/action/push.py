"""What `foretell push` prints: what would change, what was sent, who is left and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from foretell.delivery.pushes.ledger import Entry
from foretell.delivery.pushes.preview import Preview
from foretell.pipeline.actions.push import Looked, Pushed, PushState
from foretell.words.wording import counted

MOST_SHOWN = 5
STATES = {
    "done": "sent",
    "waiting": "waiting",
    "sending": "stopped on the way",
    "refused": "refused",
    "unsure": "unsure: may have been sent, and is not sent again",
}


def show(found: Looked | PushState, as_json: bool) -> None:
    """Print what would change, or what the ledger holds."""
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
    else:
        print("\n".join(looked_lines(found) if isinstance(found, Looked) else state_lines(found)))


def pushed_lines(done: Sequence[Pushed], as_json: bool) -> None:
    """Print what was sent."""
    if as_json:
        print(json.dumps([asdict(one) for one in done], ensure_ascii=False))
    else:
        print("\n".join(line for one in done for line in _pushed(one)) or "Nobody waits.")


def looked_lines(found: Looked) -> list[str]:
    """What a push would do, in lines; of many people the first few by name."""
    one = found.preview
    lines = [f"Nothing was sent. Batch {found.batch} would do this:"]
    lines += _named("not there yet", one.added) if not one.unread else []
    if one.unread:
        lines.append(f"  {counted(len(one.added), 'customer')} would be sent; {one.unread}")
    lines += _named("changed", [change.person for change in one.changed])
    lines += [f"    {line}" for line in _changes(one)]
    lines += _named("as they are", one.same, with_names=False)
    lines += _named("not among them any more", one.removed)
    lines += _named("left out", [f"{key} ({why})" for key, why in one.left_out])
    lines += _named("sent in this batch before", one.already, with_names=False)
    return [*lines, *_stayed_out(found.held_back, found.forgotten)]


def state_lines(found: PushState) -> list[str]:
    """The ledger in lines: each batch, then everybody who is not done."""
    lines = [
        f"{push}, batch {batch}: {counted(count, 'customer')} {STATES[state]}"
        for push, batch, state, count in found.counts
    ]
    return [*(lines or ["Nothing was pushed yet."]), *(_left(entry) for entry in found.entries)]


def _pushed(one: Pushed) -> Iterator[str]:
    answer = one.answer
    before = f", {answer.already:,} before" if answer.already else ""
    yield f"{answer.push}, batch {answer.batch}: {counted(answer.done, 'customer')} sent{before}."
    yield from _stayed_out(one.held_back, one.forgotten)
    if answer.stopped:
        yield f"  stopped: {answer.stopped}"
    for count, words in (
        (answer.refused, "refused"),
        (answer.waiting, f"waiting: foretell push {answer.push} goes on with them"),
        (answer.unsure, STATES["unsure"]),
    ):
        if count:
            yield f"  {counted(count, 'customer')} {words}"
    yield from (f"  {_left(entry)}" for entry in answer.left[:MOST_SHOWN])
    if len(answer.left) > MOST_SHOWN:
        yield "  all of them: foretell push --state"


def _left(entry: Entry) -> str:
    tries = f" after {counted(entry.tries, 'attempt')}" if entry.tries else ""
    return f"  {entry.person}: {entry.state}{tries}{f', {entry.told}' if entry.told else ''}"


def _stayed_out(held_back: int, forgotten: int) -> list[str]:
    lines = [f"  {counted(held_back, 'customer')} of the file held back: the arm to compare with"]
    also = [f"  {counted(forgotten, 'customer')} of the file left out: forgotten"]
    return [*(lines if held_back else []), *(also if forgotten else [])]


def _named(words: str, keys: Sequence[str], with_names: bool = True) -> list[str]:
    if not keys:
        return []
    shown = f": {', '.join(keys[:MOST_SHOWN])}{', …' if len(keys) > MOST_SHOWN else ''}" if with_names else ""
    return [f"  {len(keys):,} {words}{shown}"]


def _changes(one: Preview) -> Iterator[str]:
    for change in one.changed[:MOST_SHOWN]:
        told = ", ".join(
            f"{name} {'nothing' if old in (None, '') else old} -> {new}" for name, old, new in change.fields
        )
        yield f"{change.person}: {told}"
