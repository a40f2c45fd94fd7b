"""What a contact of a playbook is believed to add: a guess, and what its own campaigns measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.actions.assignments import Assignments
from foretell.actions.planning.credibility import apart_of, drawn_to
from foretell.actions.planning.effect import Effect, guessed, measured
from foretell.actions.playbook import Playbook
from foretell.answers.published import PublishedRun
from foretell.experiments.comparison import Comparison
from foretell.outcomes.campaign import CampaignResult
from foretell.pipeline.actions.results import result_of

ORDERED = "ordered"
Told = tuple[float, float, float, int]
"""Effect, low and high of its interval, customers of both arms."""


def read_outs(run: PublishedRun, playbook: str) -> list[CampaignResult]:
    """The read-outs of the campaigns of a playbook whose windows are all over, the first one first."""
    ledger = Assignments(run.request.place.state)
    found = (result_of(run, ledger, campaign) for campaign in ledger.campaigns(playbook))
    return [one for one in found if one.is_ripe]


def believed(playbook: Playbook, over: Sequence[CampaignResult], asked: float | None = None) -> Effect:
    """The effect of a contact on the chance of an order: what the user asks for; else a guess, or what the finished
    campaigns `over` measured against their holdout, drawn towards that guess as far as they are small."""
    if asked is not None:
        return guessed(playbook, asked)
    found = measured([told for one in over if (told := _told(one.of(ORDERED))) is not None])
    return guessed(playbook) if found is None else drawn_to(found, guessed(playbook))


def offers_apart(playbook: Playbook, over: Sequence[CampaignResult]) -> np.ndarray:
    """float64 [offers]: how far the effect of each offer is believed to be from that of all together, by finished
    campaigns; one 0 for a playbook without offers."""
    names = [offer.name for offer in playbook.offers] or [""]
    told: dict[str, list[Told]] = {name: [] for name in names}
    for campaign in over:
        for one in campaign.by_offer:
            if one.offer in told and (own := _told(one.of(ORDERED))) is not None:
                told[one.offer].append(own)
    return apart_of([measured(told[name]) for name in names])


def _told(one: Comparison | None) -> Told | None:
    """None where there is nothing, or no claim may be made of it."""
    if one is None or one.is_stopped or one.effect is None or one.low is None or one.high is None:
        return None
    return one.effect, one.low, one.high, one.n_control + one.n_arm
