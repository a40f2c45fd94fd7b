"""Learning: whether sources and scores are what they were, whether the models that serve still earn it, and new ones
when they have become old."""

# ruff: noqa: PLC0415  what is not due loads no code

from __future__ import annotations

from foretell.pipeline.loop.duties.duty import Loop
from foretell.pipeline.loop.duties.facts import log_as_read
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import day_of, days, parse_day
from foretell.storage.catalogue import RunRecord
from foretell.words.wording import counted

MONITOR, ROLLBACK, RETRAIN = "monitor", "rollback", "retrain"


def unmonitored(loop: Loop) -> str:
    """Whether the newest run, the log or the day is another one than when it was looked at."""
    newest = loop.newest
    if newest is None or loop.answered(MONITOR) == _monitored_at(loop, newest):
        return ""
    return f"run {newest.run} was not looked at on {day_of(loop.at, _zone(newest))}"


def monitored(loop: Loop) -> str:
    """Look, and let a line go out for what is newly broken."""
    from foretell.pipeline.loop.monitor import monitor

    newest, at = loop.newest, loop.at
    found = monitor(loop.place, loop.progress, lambda: at)
    if newest is not None:
        loop.answer(MONITOR, _monitored_at(loop, newest))
    told = [one.said for one in found.broken]
    judged = sum(not one.cannot for one in found.watched)
    return " ".join(told) if told else f"{counted(judged, 'figure')} watched, nothing broken"


def unchecked(loop: Loop) -> str:
    """Whether the log has changed since the models that serve were held against their predecessors."""
    newest, log = loop.newest, log_as_read(loop)
    if newest is None or not log or loop.answered(ROLLBACK) == log:
        return ""
    return "the log has changed since the models that serve were held against others"


def checked(loop: Loop) -> str:
    """Hold them against their predecessor and the best baseline, and roll back where that is shown."""
    from foretell.pipeline.loop.retraining import rollback_due

    log = log_as_read(loop)
    found = rollback_due(loop.place, loop.progress)
    loop.answer(ROLLBACK, log)
    return found.said


def untaught(loop: Loop) -> str:
    """Whether the models that serve, or the last attempt to better them, are as old as was declared."""
    newest, rhythm = loop.newest, loop.part.retrain_days
    if newest is None or rhythm is None:
        return ""
    taught = parse_day(newest.asked["trained_as_of"], _zone(newest))
    tried = max(taught, int(loop.answered(RETRAIN) or 0))
    old = (newest.as_of - tried) / days(1)
    if old < rhythm:
        return ""
    since = "the models were taught" if tried == taught else "others were tried"
    return f"{old:,.0f} days have come since {since}, and every {rhythm} days others are"


def taught(loop: Loop) -> str:
    """Teach a challenger on the newest data; it serves if it earns that."""
    from foretell.pipeline.loop.retraining import retrain

    newest = loop.newest
    found = retrain(loop.place, loop.progress)
    if newest is not None:
        loop.answer(RETRAIN, str(newest.as_of))
    return f"{found.decision}: {found.said}"


def _zone(run: RunRecord) -> str:
    return str(run.asked["request"]["settings"]["timezone"])


def _monitored_at(loop: Loop, run: RunRecord) -> str:
    return fingerprint([run.run, log_as_read(loop), day_of(loop.at, _zone(run))])
