"""The alerts of the last run: what is raised anew, what is kept, and how each declared rule stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foretell.alerts.raising import Raising, raise_alerts
from foretell.alerts.state import FILE_NAME, AlertState, Raised
from foretell.alerts.words import rule_line
from foretell.pipeline.alert_questions import day_of, declared
from foretell.pipeline.alerts import last_run
from foretell.pipeline.requests import request_of_last_run
from foretell.project.intervals import from_microseconds
from foretell.project.request import Request


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
    silences = {rule: day_of(until, request) for rule, until in state.silences(request.now).items()}
    new = frozenset(alert.id for alert in raising.alerts)
    return Overview(tuple(state.raised(with_acknowledged)), raising, silences, new)


def watch(request: Request) -> Raising:
    """Ask the declared rules of the scores that a run of this request has just written, and keep what is new."""
    parts, _ = declared(request)
    return raise_alerts(parts, last_run(request, parts), request.state, request.now) if parts else Raising.nothing()


def _moment(moment: int) -> str:
    return from_microseconds(moment).isoformat(timespec="seconds")
