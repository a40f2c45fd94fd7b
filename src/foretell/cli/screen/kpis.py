"""The KPIs on the screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from foretell.answers.objectives import AskedObjective
from foretell.cli.screen.folded import folded
from foretell.outcomes.kpis.standing import KpiStanding
from foretell.pipeline.loop.kpis import KpiBoard, kpi_board
from foretell.project.place import place_of
from foretell.words.wording import count, expected, percent

NAME_WIDTH = 24
NEEDS_A_LOOK = ("out of reach", "missed")


def show_kpis(out: Path | None, run: str | None, as_json: bool) -> None:
    """Print how each KPI stands."""
    board = kpi_board(place_of(out), run)
    if as_json:
        print(json.dumps(board.as_json(), ensure_ascii=False))
    else:
        print("\n".join(kpi_lines(board)).replace("\xa0", " "))


def kpi_lines(board: KpiBoard) -> Iterator[str]:
    """The board in lines: the declared ones first, each with its target where it has one."""
    yield f"KPIs as of {board.as_of}" + (f", money in {board.currency}" if board.currency else "")
    yield ""
    yield f"{'':<{NAME_WIDTH}}{'now':>10}   by the end of its period [80 % interval]"
    for one in board.kpis:
        yield _line(one)
        if one.part.aim:
            yield f"{'':<{NAME_WIDTH}}{_target(one)}"
    yield ""
    if board.limits.cannot:
        yield f"Not watched for sudden changes: {board.limits.cannot}."
    elif not board.limits.signals:
        yield "The last whole week of each is within its usual limits."
    shares = {one.part.name: one.part.is_share for one in board.kpis}
    for signal in board.limits.signals:
        numbers = (signal.value, signal.low, signal.high)
        value, low, high = (_figure(number, shares.get(signal.series, False)) for number in numbers)
        yield f"Unusual last week: {signal.series} {value}, where {low} to {high} was usual."
    for objective in board.objectives:
        yield ""
        yield from _objective(objective)


def _objective(one: AskedObjective) -> Iterator[str]:
    """Why a question is asked, how things stand, and whether its aim will be met."""
    mark = "! " if one.prospect in NEEDS_A_LOOK else ""
    yield f"{mark}{one.question} {one.why}"
    yield from folded(f"  {line}" for line in (one.now, one.outlook) if line).splitlines()


def _line(one: KpiStanding) -> str:
    name = f"{one.part.name:<{NAME_WIDTH}}"
    found = one.outlook
    if found is None:
        return f"{name}{'–':>10}   not told: {one.cannot}"
    now, last = _figure(found.now, one.part.is_share), date.fromisoformat(one.end) - timedelta(days=1)
    if found.expected is None:
        return f"{name}{now:>10}   by {last}: not told: log too short"
    ends = [_figure(number, one.part.is_share) for number in (found.expected, found.low, found.high)]
    return f"{name}{now:>10}   by {last}: {ends[0]} [{ends[1]} to {ends[2]}]"


def _target(one: KpiStanding) -> str:
    aim = one.part.aim
    assert aim is not None
    owner = f", owner {one.part.owner}" if one.part.owner else ""
    mark = "! " if one.course in NEEDS_A_LOOK else ""
    least = "at most" if aim.is_ceiling else "at least"
    return f"{mark}target {least} {_figure(aim.value, one.part.is_share)}: {one.course}{owner}"


def _figure(value: float | None, is_share: bool) -> str:
    if is_share:
        return percent(value, 1)
    return count(value) if value is not None and float(value).is_integer() else expected(value)
