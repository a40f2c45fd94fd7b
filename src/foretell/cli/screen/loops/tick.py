"""`foretell tick` on the screen: a line for each thing that was due; nothing where nothing was."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from foretell.cli.screen.folded import folded
from foretell.pipeline.loop.tick import Ticked, tick
from foretell.project.intervals import parse_day
from foretell.project.place import place_of
from foretell.project.progress import Silent
from foretell.storage.lock import AtWork

AT_WORK = "Another command is at work in this folder: nothing to do for this tick."


def show_tick(out: Path | None, at: str | None, as_json: bool) -> bool:
    """Do what is due and print it; False where something could not be done, which is told on stderr."""
    place = place_of(out)
    try:
        done = tick(place, Silent(), None if at is None else parse_day(at, "UTC"))
    except AtWork:
        print(json.dumps({"at_work": True, "tasks": []}) if as_json else AT_WORK)
        return True
    if as_json:
        print(json.dumps({"at_work": False, **done.as_json()}, ensure_ascii=False))
    elif lines := tick_lines(done):
        print(folded(lines))
    for line in failed_lines(done):
        print(line, file=sys.stderr)
    return not done.failed


def tick_lines(done: Ticked) -> list[str]:
    """What was due, why, and what was done; what failed stands on stderr."""
    return [f"{task.name}: {task.done} ({task.why})" for task in done.tasks if not task.failed]


def failed_lines(done: Ticked) -> list[str]:
    """What stood in the way, each once, with all that it kept from being done."""
    names: dict[str, list[str]] = {}
    for task in done.failed:
        names.setdefault(task.failed, []).append(task.name)
    return [f"foretell: {', '.join(kept)}: {failed}" for failed, kept in names.items()]
