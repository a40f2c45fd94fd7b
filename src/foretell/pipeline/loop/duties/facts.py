"""New facts: whether files or tables of the sources changed, and reading what is new of them into the log."""

# ruff: noqa: PLC0415  what is not due loads no code

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from foretell.pipeline.loop.duties.duty import Loop
from foretell.project.fingerprints import fingerprint
from foretell.project.request import Request, Source
from foretell.words.wording import counted, joined

FACTS = "new facts"
LOG = "manifest.sqlite"
"""The file that says what the log holds."""
MOST_NAMED = 3
JUST_WRITTEN_NANOSECONDS = 2 * 10**9
"""Some file systems tell no two writings of two seconds apart: a file written so recently is looked at once more."""


def unread(loop: Loop) -> str:
    """Which sources changed since they were read; empty without a run, which reads them itself."""
    newest = loop.newest
    if newest is None:
        return ""
    changed = _changed(_looks(loop, newest.asked["request"]), _answered(loop).get("looks", {}))
    named = [Path(name).name for name in changed[:MOST_NAMED]]
    more = [f"{len(changed) - MOST_NAMED} more"] if len(changed) > MOST_NAMED else []
    return f"new or changed: {joined([*named, *more])}" if changed else ""


def read(loop: Loop) -> str:
    """Read what is new into the log, by the columns of the newest run."""
    from foretell.answers.published import published
    from foretell.customer_log.manifest import Manifest
    from foretell.customer_log.roles.named_columns import columns_of
    from foretell.pipeline.intake.log import brought_up_to_date, source_of

    run = published(loop.place)
    looks = _looks(loop, run.record.asked["request"])
    manifest = Manifest(loop.place.state / LOG)
    known = {load.load for load in manifest.loads()} if manifest.is_there else set()
    request = run.request_as_of(None)
    log = brought_up_to_date(request, source_of(request), columns_of(run.main.intake.columns), loop.progress)
    until = log.last_day.as_of(request.settings.timezone)
    loop.answer(FACTS, json.dumps({"looks": looks, "complete until": until}))
    added = [load for load in log.intake.loads if load.load not in known]
    told = [f"{counted(load.rows_read, 'row')} of {Path(load.source).name}" for load in added]
    return f"read: {joined(told)}" if told else "nothing in it that was not known"


def complete_until(loop: Loop) -> int | None:
    """The end of the last complete day of the log as it was last read (microseconds UTC); None where it was not."""
    return _answered(loop).get("complete until")


def log_as_read(loop: Loop) -> str:
    """A fingerprint of all that the log holds; empty without a log."""
    from foretell.customer_log.manifest import Manifest

    manifest = Manifest(loop.place.state / LOG)
    return fingerprint([[load.load, load.number] for load in manifest.loads()]) if manifest.is_there else ""


def _answered(loop: Loop) -> Mapping[str, Any]:
    return json.loads(loop.answered(FACTS) or "{}")


def _looks(loop: Loop, asked: Mapping[str, Any]) -> dict[str, str]:
    """By the name of each file or relation what tells, without reading it, that it changed; empty where that cannot be
    told yet."""
    now = time.time_ns()
    request = Request.of_plain(asked, loop.place, now // 1_000)
    return {name: look for source in request.sources for name, look in _looks_of(source, now).items()}


def _looks_of(source: Source, now: int) -> dict[str, str]:
    from foretell.customer_log.databases.declared_relation import relation_of
    from foretell.customer_log.files.files_of_source import file_of
    from foretell.customer_log.files.folder_contents import paths_behind

    relation = relation_of(source)
    if relation is not None:
        found = file_of(relation)
        return {found.name: fingerprint(found.told)}
    paths = {path.resolve() for given in source.files for path in paths_behind(given, [])}
    return {str(path): _look(path, now) for path in sorted(paths)}


def _look(path: Path, now: int) -> str:
    seen = path.stat()
    is_settled = seen.st_mtime_ns < now - JUST_WRITTEN_NANOSECONDS
    return f"{seen.st_size} {seen.st_mtime_ns} {seen.st_ino}" if is_settled else ""


def _changed(looks: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    gone = [name for name in known if name not in looks]
    return [*(name for name, look in looks.items() if not look or look != known.get(name)), *gone]
