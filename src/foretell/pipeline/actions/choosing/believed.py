"""What a contact of a playbook is believed to add: what its own campaigns measured, or a guess."""

from __future__ import annotations

from foretell.actions.assignments import Assignments
from foretell.actions.planning.effect import Effect, guessed, measured
from foretell.actions.playbook import Playbook
from foretell.answers.published import PublishedRun
from foretell.experiments.comparison import Comparison
from foretell.pipeline.actions.results import result_of

ORDERED = "ordered"


def believed(run: PublishedRun, playbook: Playbook, asked: float | None = None) -> Effect:
    """The effect of a contact on the chance of an order: what the user asks for, what campaigns of the playbook whose
    windows are over measured against their holdout, or else a guess."""
    if asked is not None:
        return guessed(playbook, asked)
    return measured(_read_outs(run, playbook.name)) or guessed(playbook)


def _read_outs(run: PublishedRun, playbook: str) -> list[tuple[float, float, float, int]]:
    ledger = Assignments(run.request.place.state)
    found = (result_of(run, ledger, campaign) for campaign in ledger.campaigns(playbook))
    return [told for one in found if one.is_ripe and (told := _told(one.of(ORDERED))) is not None]


def _told(one: Comparison | None) -> tuple[float, float, float, int] | None:
    """Effect, interval and customers; None where there is none, or no claim may be made of it."""
    if one is None or one.is_stopped or one.effect is None or one.low is None or one.high is None:
        return None
    return one.effect, one.low, one.high, one.n_control + one.n_arm
