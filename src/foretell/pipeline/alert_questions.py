"""What one can say about alerts: that one is seen, that a rule is to be silent; and what is declared of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from foretell.alerts.alert import Alert
from foretell.alerts.state import FILE_NAME, AlertState
from foretell.pipeline.requests import request_of_last_run
from foretell.project.alert_parts import AlertPart, DeliveryPart, deliveries_of
from foretell.project.declaration import FILE_NAME as DECLARATION
from foretell.project.declaration import read_declaration
from foretell.project.errors import InputError
from foretell.project.intervals import from_microseconds, parse_day
from foretell.project.request import Request


def acknowledge(alert_id: str, out: Path | None) -> Alert:
    """Mark an alert as seen: its customers are not warned of again while the rule goes on to hold of them."""
    request = request_of_last_run(out)
    return AlertState(request.state / FILE_NAME).acknowledge(alert_id.strip(), request.now)


def silence(name: str, until: str, out: Path | None) -> str:
    """Let a declared rule raise nothing before the day `until` (ISO) begins; gives that day."""
    request = request_of_last_run(out)
    parts, _ = declared(request)
    if name not in {part.name for part in parts}:
        known = ", ".join(part.name for part in parts)
        raise InputError("There is no such alert.", found=name, expected=f"one of: {known}" if known else "[[alerts]]")
    try:
        moment = parse_day(until, request.timezone)
    except InputError as error:
        raise replace(error, hint=f"--until {day_of(request.now, request)}") from None
    AlertState(request.state / FILE_NAME).silence(name, moment)
    return day_of(moment, request)


def declared(request: Request) -> tuple[Sequence[AlertPart], Sequence[DeliveryPart]]:
    """The alerts and deliveries that the declaration beside the state names; nothing without one."""
    path = request.state.parent / DECLARATION
    if not path.is_file():
        return (), ()
    found = read_declaration(path)
    for part in found.alerts:
        deliveries_of(part, found.deliveries)
    return found.alerts, found.deliveries


def day_of(moment: int, request: Request) -> str:
    """The local day of a moment, ISO."""
    return from_microseconds(moment, request.timezone).date().isoformat()
