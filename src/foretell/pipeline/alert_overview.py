"""The alerts of a project: what is raised anew, what is kept, how each declared rule stands, and what one can say."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from foretell.alerts.alert import Alert
from foretell.alerts.raising import Raising
from foretell.alerts.rules import declared
from foretell.alerts.state import FILE_NAME, AlertState, Raised
from foretell.alerts.words import rule_line
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.alerts import watch
from foretell.project.errors import InputError
from foretell.project.intervals import day_of, from_microseconds, parse_day
from foretell.project.place import Place


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


def alert_overview(place: Place, with_acknowledged: bool = False) -> Overview:
    """Ask the declared rules of the last run's scores, keep what is new, and give all that is kept."""
    run = published(place)
    raising, state = watch(run), _state(place)
    silences = {rule: _day(until, run) for rule, until in state.silences(_now()).items()}
    new = frozenset(alert.id for alert in raising.alerts)
    return Overview(tuple(state.raised(with_acknowledged)), raising, silences, new)


def acknowledge(alert_id: str, place: Place) -> Alert:
    """Mark an alert as seen: its customers are not warned of again while the rule goes on to hold of them."""
    published(place)
    return _state(place).acknowledge(alert_id.strip(), _now())


def silence(name: str, until: str, place: Place) -> str:
    """Let a declared rule raise nothing before the day `until` (ISO) begins; gives that day."""
    run, (parts, _) = published(place), declared(place)
    if name not in {part.name for part in parts}:
        known = ", ".join(part.name for part in parts)
        raise InputError("There is no such alert.", found=name, expected=f"one of: {known}" if known else "[[alerts]]")
    try:
        moment = parse_day(until, run.request.settings.timezone)
    except InputError as error:
        raise replace(error, hint=f"--until {_day(_now(), run)}") from None
    _state(place).silence(name, moment)
    return _day(moment, run)


def _state(place: Place) -> AlertState:
    return AlertState(place.state / FILE_NAME)


def _day(moment: int, run: PublishedRun) -> str:
    return day_of(moment, run.request.settings.timezone)


def _moment(moment: int) -> str:
    return from_microseconds(moment).isoformat(timespec="seconds")


def _now() -> int:
    return time.time_ns() // 1_000
