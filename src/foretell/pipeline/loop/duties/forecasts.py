"""Forecasts: a first run, everybody scored after each new day, and what was said graded when its time has passed."""

# ruff: noqa: PLC0415  what is not due loads no code

from __future__ import annotations

from foretell.pipeline.loop.duties.duty import Loop
from foretell.pipeline.loop.duties.facts import complete_until, log_as_read
from foretell.project.declaration import FILE_NAME
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import day_of, label_window
from foretell.words.wording import counted, joined

GRADE = "grade"
FORECASTS = "published_forecast"
"""The name under which forecasts are kept."""


def unpublished(loop: Loop) -> str:
    """Whether nothing is published; InputError where nothing is declared either."""
    if loop.newest is not None:
        return ""
    if loop.declared is None:
        raise InputError(
            "There is nothing to keep running.",
            file=str(loop.place.state.parent),
            found=f"neither a published run nor a {FILE_NAME}",
            hint="foretell init orders.csv, or foretell run orders.csv first",
        )
    return "nothing is published yet"


def published_first(loop: Loop) -> str:
    """Train, prove and publish what the declaration asks."""
    from foretell.pipeline.intake.requests import request_of_declaration
    from foretell.pipeline.run import run

    path = loop.place.state.parent / FILE_NAME
    done = run(request_of_declaration(path, out=loop.place.out), loop.progress)
    told = _published(done.run.record.run, done.run.main.plan.as_of_day(), len(done.run.main.scores))
    return f"{told}, over the next {joined([str(day) for day in done.run.record.horizons])} days"


def unscored(loop: Loop) -> str:
    """Whether the log has a complete day that the newest run does not know."""
    newest, until = loop.newest, complete_until(loop)
    if newest is None or until is None or until <= newest.as_of:
        return ""
    zone = newest.asked["request"]["settings"]["timezone"]
    return (
        f"the log is complete until {day_of(until, zone)}, the newest run knows it until {day_of(newest.as_of, zone)}"
    )


def scored(loop: Loop) -> str:
    """Score everybody by the models of the newest run."""
    from foretell.pipeline.score import score

    done = score(loop.place, None, loop.progress)
    return _published(done.run.record.run, done.run.main.plan.as_of_day(), len(done.run.main.scores))


def ungraded(loop: Loop) -> str:
    """Whether the time of a kept forecast has passed, and the log has changed since it was graded."""
    ripe = _ripe(loop)
    if not ripe or _graded_by(loop, ripe) == loop.answered(GRADE):
        return ""
    return f"the time of {counted(len(ripe), 'forecast')} has passed, and the log has changed"


def graded(loop: Loop) -> str:
    """Grade every forecast whose time has passed."""
    from foretell.pipeline.loop.outcomes import outcomes

    found = [one for one in outcomes(loop.place, None, loop.progress) if one.grade is not None]
    loop.answer(GRADE, _graded_by(loop, _ripe(loop)))
    restated = sum(bool(one.restated) for one in found)
    told = f"{counted(len(found), 'forecast')} graded"
    return f"{told}; late facts changed the grade of {restated:,}" if restated else told


def _ripe(loop: Loop) -> list[tuple[str, int]]:
    until = complete_until(loop)
    kept = loop.catalogue.kept_for_good(FORECASTS) if until is not None and loop.newest else []
    windows = [(one, label_window(one.as_of, one.horizon_days)) for one in kept]
    return [(one.run, one.horizon_days) for one, window in windows if window.end <= (until or 0)]


def _graded_by(loop: Loop, ripe: list[tuple[str, int]]) -> str:
    return fingerprint([log_as_read(loop), ripe])


def _published(run: str, day: str, customers: int) -> str:
    return f"run {run} as of {day}, {counted(customers, 'customer')}"
