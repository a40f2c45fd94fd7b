"""Chosen customers: who of a playbook's candidates is worth a contact, by expected profit."""

from __future__ import annotations

import numpy as np

from foretell.actions.holdout import holdout_of, proposed_holdout
from foretell.actions.planning.choice import Choice, choice_of
from foretell.actions.planning.effect import Effect
from foretell.actions.planning.steering import Steering
from foretell.actions.planning.worth import worth_of
from foretell.answers.published import PublishedRun
from foretell.pipeline.actions.candidates import Gathered
from foretell.project.parts.actions import AUTO


def chosen_by_profit(run: PublishedRun, found: Gathered, effect: Effect, steering: Steering) -> Choice:
    """Who of the candidates is worth a contact, each by their own effect where that is known, within the limits of the
    playbook."""
    playbook, candidates = found.playbook, found.candidates
    may = found.reach & candidates.may_be_reached
    reachable = candidates.taken(np.flatnonzero(candidates.may_be_reached))
    rate = float(np.mean(reachable.chance)) if len(reachable) else 0.0
    told = (len(reachable), rate, effect.added, playbook.window_days)
    declared = playbook.part.holdout
    holdout = proposed_holdout(*told) if declared == AUTO else holdout_of(float(declared), *told)
    worth = worth_of(playbook, found.expected, run.request.settings.margin)
    return choice_of(playbook, worth, effect.added + steering.apart, may, holdout.share)
