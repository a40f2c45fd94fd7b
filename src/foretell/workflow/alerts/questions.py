"""What one can ask about alerts: which there are, and to have one acknowledged or a rule silenced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foretell.monitoring.alert import Alert
from foretell.monitoring.alert_state import FILE_NAME, AlertState, Raised
from foretell.project.alert_parts import AlertPart, DeliveryPart, deliveries_of
from foretell.project.declaration import FILE_NAME as DECLARATION
from foretell.project.declaration import read_declaration
from foretell.project.errors import InputError
from foretell.project.intervals import from_microseconds, parse_day
from foretell.workflow.alerts.last_run import last_run
from foretell.workflow.alerts.raising import Raising, raise_alerts
from foretell.workflow.alerts.telling import rule_line
from foretell.workflow.asking import request_of_last_run
from foretell.workflow.request import Request


@dataclass(frozen=True)
class Overview:
    """The alerts that are kept, newest first, how each declared rule stands in the last run, and who is silent."""

    raised: tuple[Raised, ...]
    raising: Raising
    silences: dict[str, str]
    new: frozenset[str]

    def as_json(self) -> dict[str, Any]:
        """Plain values: `alerts`, `rules` and `silences`."""
        return {
            "alerts": [
                one.alert.as_json()
                | {
                    "raised_at": _moment(one.raised_at),
                    "acknowledged_at": None if one.acknowledged_at is None else _moment(one.acknowledged_at),
                    "new": one.alert.id in self.new,
                }
                for one in self.raised
            ],
            "rules": [
                {
                    "name": standing.part.name,
                    "on": not standing.off,
                    "why_off": standing.off,
                    "holding": standing.holding,
                    "held_back": standing.held_back,
                    "proof": standing.proof.as_json(),
                    "said": rule_line(standing),
                }
                for standing in self.raising.rules
            ],
            "silences": self.silences,
        }


def alerts_of_last_run(out: Path | None, with_acknowledged: bool = False) -> Overview:
    """Ask the declared rules of the last run's scores, keep what is new, and give all that is kept."""
    request = request_of_last_run(out)
    raising = watch(request)
    state = AlertState(request.state / FILE_NAME)
    silences = {rule: _day(until, request) for rule, until in state.silences(request.now).items()}
    new = frozenset(alert.id for alert in raising.alerts)
    return Overview(tuple(state.raised(with_acknowledged)), raising, silences, new)


def watch(request: Request) -> Raising:
    """Ask the declared rules of the scores that a run of this request has just written, and keep what is new."""
    parts, _ = declared(request)
    return raise_alerts(parts, last_run(request, parts), request.state, request.now) if parts else Raising.nothing()


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
        raise replace(error, hint=f"--until {_day(request.now, request)}") from None
    AlertState(request.state / FILE_NAME).silence(name, moment)
    return _day(moment, request)


def declared(request: Request) -> tuple[Sequence[AlertPart], Sequence[DeliveryPart]]:
    """The alerts and deliveries that the declaration beside the state names; nothing without one."""
    path = request.state.parent / DECLARATION
    if not path.is_file():
        return (), ()
    found = read_declaration(path)
    for part in found.alerts:
        deliveries_of(part, found.deliveries)
    return found.alerts, found.deliveries


def _day(moment: int, request: Request) -> str:
    return from_microseconds(moment, request.timezone).date().isoformat()


def _moment(moment: int) -> str:
    return from_microseconds(moment).isoformat(timespec="seconds")
