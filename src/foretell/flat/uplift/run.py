"""The run on the file of an experiment: from the file to effects, proof and decision, as a list of calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.flat.uplift.arms import file_names
from foretell.flat.uplift.intake import UpliftIntake, strangers, take_in
from foretell.flat.uplift.request import UpliftRequest
from foretell.project.one_thread import on_one_thread
from foretell.project.progress import Progress, Silent
from foretell.uplift.decision import ArmEffect, Decision, arm_effects, decided
from foretell.uplift.proof import INTERVAL, UpliftProof, proved
from foretell.uplift.stack import Uplift, fitted_uplift
from foretell.uplift.trial import shuffled


@dataclass(frozen=True)
class UpliftOutcome:
    """Everything that was found. `uplift` has a row for each row of the experiment that has an arm and an outcome, in
    the file's order; `scored` one for each row of the files to score (None without them)."""

    request: UpliftRequest
    intake: UpliftIntake
    effects: tuple[ArmEffect, ...]
    proof: UpliftProof
    decision: Decision
    uplift: pa.Table
    scored: pa.Table | None


@on_one_thread
def run_uplift(request: UpliftRequest, progress: Progress | None = None) -> UpliftOutcome:
    """Take in, learn, prove, decide, and say what each customer's action is."""
    listener = progress or Silent()
    listener.step("Reading and auditing the experiment")
    intake = take_in(request)
    others = [strangers(path, intake, request) for path in request.score]
    worth = intake.worth
    order = shuffled(intake.trial, request.seed)
    trial = intake.trial.take(order)
    listener.step("Learning effects")
    fitted = fitted_uplift(trial, worth, request.seed)
    listener.step("Proving on parts kept aside what acting on them would have earned")
    proof = proved(trial, worth, request.seed)
    effects = arm_effects(trial, fitted, worth)
    decision = decided(effects, proof)
    arms, weighing = trial.arms, fitted.weighing

    def told(ids: pa.Array, uplift: Uplift) -> pa.Table:
        own = weighing.actions(worth.profits(uplift.effects))
        action = own if decision.action is None else np.full(len(own), decision.action)
        return uplift_table(ids, uplift, arms, action)

    back = np.argsort(order)
    own = Uplift(fitted.own.effects[back], fitted.own.deviations[back])
    scored = [told(ids, fitted.uplift(table)) for table, ids in others]
    return UpliftOutcome(
        request,
        intake,
        effects,
        proof,
        decision,
        told(intake.ids, own),
        pa.concat_tables(scored, promote_options="permissive") if scored else None,
    )


def uplift_table(ids: pa.Array, uplift: Uplift, arms: tuple[str, ...], action: np.ndarray) -> pa.Table:
    """`row`, then `uplift_ARM`, `low_ARM`, `high_ARM` (90 %) for each arm but the control, then `action`."""
    columns: dict[str, pa.Array] = {"row": ids}
    for at, name in enumerate(file_names(arms)):
        if at:
            effect, width = uplift.effects[:, at], INTERVAL * uplift.deviations[:, at]
            columns |= {
                f"uplift_{name}": pa.array(effect),
                f"low_{name}": pa.array(effect - width),
                f"high_{name}": pa.array(effect + width),
            }
    columns["action"] = pc.take(pa.array(arms, pa.string()), pa.array(action.astype(np.int64)))
    return pa.table(columns)
