"""Pilots on published runs: begin one, judge the step that is over by the rule, go on, and say where each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np
import pyarrow as pa

from foretell.actions.assignments import Assignments, Campaign
from foretell.actions.pilot import (
    STEPS,
    Decision,
    GoRule,
    Pilot,
    begun,
    contacts_needed,
    decided,
    decisions,
    pilots,
)
from foretell.actions.playbook import Playbook
from foretell.alerts.rules import ids_of
from foretell.answers.published import PublishedRun, published
from foretell.outcomes.campaign import CampaignResult
from foretell.pipeline.actions.act import Done, Prepared, done, prepared_for
from foretell.pipeline.actions.before_contact import moment_of
from foretell.pipeline.actions.candidates import playbook_of_run
from foretell.pipeline.actions.results import result_of
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.storage.lock import alone_at_work


@dataclass(frozen=True)
class Standing:
    """Where a pilot stands. `step` is the last one drawn (-1: none yet), with its campaign and result; `decision` is
    what was decided after it, None while its windows are open or nobody has approved."""

    pilot: Pilot
    step: int
    result: CampaignResult | None
    decision: Decision | None

    @property
    def says(self) -> str:
        """The standing in words."""
        if self.result is None:
            return "begun; nobody has been drawn yet"
        name = "the pilot" if self.step == 0 else f"the step to {STEPS[self.step]:.0%}"
        if not self.result.is_ripe:
            return f"{name} is running; its windows are over on {self.result.ripe_on}"
        if self.decision is None:
            return f"{name} is over: ready to be judged"
        if self.decision.decision == "no go":
            return f"no go after {name}: {self.decision.evidence['why']}"
        return f"go after {name}: {self.decision.evidence['why']}"

    @property
    def next_step(self) -> int | None:
        """The step that may be drawn now; None where windows are open, the pilot was stopped, or all is done."""
        if self.result is None:
            return 0
        if self.decision is None or self.decision.decision == "no go" or self.step + 1 == len(STEPS):
            return None
        return self.step + 1


@dataclass(frozen=True)
class Stepped:
    """What a call came to: where the pilot stands, what was decided now, and what was drawn (or would be)."""

    standing: Standing
    judged: Decision | None = None
    would: Prepared | None = None
    done: Done | None = None
    sized: str = ""


def standings(place: Place) -> tuple[Standing, ...]:
    """Where each pilot stands by the newest run; nothing is written."""
    run, ledger = published(place), Assignments(place.state)
    return tuple(standing_of(run, ledger, pilot) for pilot in pilots(ledger))


def stepped(
    place: Place, playbook: str, segment: str, rule: GoRule, approved_by: str | None = None, at: str | None = None
) -> Stepped:
    """Begin a pilot, or bring it one step on. A step whose windows are over is judged by the rule that was written down
    before the start; on go the next one is drawn. Without `approved_by` that is told, and nothing is written."""
    with alone_at_work(place.state):
        run, ledger = published(place), Assignments(place.state)
        understood = playbook_of_run(run, playbook)
        rows = in_segment(run, segment)
        moment = moment_of(run, at)
        pilot = Pilot(playbook, segment, rule, (approved_by or "").strip(), moment)
        known = {one.name: one for one in pilots(ledger)}
        if approved_by is not None:
            if not pilot.approved_by:
                raise InputError("A pilot needs somebody who approves it.", hint='--approve "crm@shop"')
            pilot = begun(ledger, pilot)
        else:
            pilot = known.get(pilot.name, pilot)
        standing = standing_of(run, ledger, pilot)
        judged = _judged(standing, moment, pilot.approved_by if approved_by is None else approved_by.strip())
        if judged is not None:
            standing = replace(standing, decision=judged)
            if approved_by is not None:
                decided(ledger, pilot.name, judged)
        step = standing.next_step
        if step is None and approved_by is not None and _drawn_by(run, ledger, standing):
            step = standing.step  # what was stopped after the draw is finished, and nobody is drawn anew
        if step is None:
            return Stepped(standing, judged)
        would, sized = _prepared(run, understood, (pilot, step), rows, moment)
        if approved_by is None:
            return Stepped(standing, judged, would=would, sized=sized)
        drawn = done(would, approved_by)
        return Stepped(standing_of(run, ledger, pilot), judged, done=drawn, sized=sized)


def standing_of(run: PublishedRun, ledger: Assignments, pilot: Pilot) -> Standing:
    """Where a pilot stands by a run."""
    campaigns = _campaigns(ledger, pilot.name)
    if not campaigns:
        return Standing(pilot, -1, None, None)
    step, campaign = max(campaigns.items())
    decision = next((one for one in decisions(ledger, pilot.name) if one.step == step), None)
    return Standing(pilot, step, result_of(run, ledger, campaign), decision)


def in_segment(run: PublishedRun, segment: str) -> np.ndarray:
    """bool [customers] on the rows of the scores: who is in a segment; InputError with the known ones."""
    names = np.array(run.main.scores["segment"].to_pylist(), dtype=object)
    own = names == segment
    if not own.any():
        known = ", ".join(sorted({name for name in names.tolist() if name}))
        raise InputError("Nobody is in that segment.", found=segment, expected=f"one of: {known}")
    return np.asarray(own)


def _campaigns(ledger: Assignments, pilot: str) -> Mapping[int, Campaign]:
    found = (one for one in ledger.campaigns() if one.pilot == pilot)
    return {int(one.declared["step"]): one for one in found}


def _judged(standing: Standing, at: int, approved_by: str) -> Decision | None:
    """The decision on a step that is over and not yet decided."""
    result = standing.result
    if result is None or not result.is_ripe or standing.decision is not None:
        return None
    word, why = standing.pilot.rule.judged(result.of("profit"))
    evidence: dict[str, Any] = {"campaign": result.campaign.name, "why": why, "rule": standing.pilot.rule.words}
    return Decision(standing.step, word, at, approved_by, evidence)


def _drawn_by(run: PublishedRun, ledger: Assignments, standing: Standing) -> bool:
    name = "" if standing.result is None else standing.result.campaign.name
    return run.record.run in {one.run for one in ledger.acts(name)}


def _prepared(
    run: PublishedRun, playbook: Playbook, of: tuple[Pilot, int], rows: np.ndarray, at: int
) -> tuple[Prepared, str]:
    """A step, ready to be drawn: the pilot's own segment first, then a share of all whom the playbook is for."""
    pilot, step = of
    share, ready = STEPS[step], prepared_for(run, playbook, at, choose=False)
    candidates, reach = ready.asked.candidates, ready.asked.reach
    if share is None:
        inside = set(ids_of(run.main.scores).filter(pa.array(rows)).to_pylist())
        own = np.array([row for row, one in enumerate(candidates.customer_id.to_pylist()) if one in inside], np.int64)
        candidates, reach = candidates.taken(own), None if reach is None else reach[:, own]
    may = candidates.may_be_reached
    rate = float(np.mean(candidates.chance[may])) if may.any() else 0.0
    if share is None:
        most, sized = contacts_needed(rate, ready.asked.effect, int(may.sum()))
    else:
        most, sized = ceil(share * int(may.sum())), f"{share:.0%} of {int(may.sum()):,} who may be reached"
    settings = {"step": step, "segment": pilot.segment}
    asked = replace(ready.asked, candidates=candidates, reach=reach, pilot=pilot.name, most=most, settings=settings)
    return ready.of(asked), sized
