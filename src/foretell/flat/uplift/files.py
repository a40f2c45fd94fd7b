"""The files of an answer on an experiment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from foretell.flat.uplift.request import UpliftRequest
from foretell.flat.uplift.run import UpliftOutcome, run_uplift
from foretell.project.progress import Progress
from foretell.storage.written_aside import all_written, text_writer
from foretell.uplift.decision import LEVEL


def uplift_answer(request: UpliftRequest, progress: Progress) -> tuple[UpliftOutcome, Mapping[str, Path]]:
    """Run a request and write `uplift.parquet`, `policy.json`, rejected rows, and `uplift_scored.parquet` where people
    were to be scored; gives name to path."""
    outcome = run_uplift(request, progress)
    writers = {
        "uplift.parquet": lambda path: pq.write_table(outcome.uplift, path),
        "policy.json": text_writer(json.dumps(policy(outcome), indent=1, ensure_ascii=False) + "\n"),
        "rejected.parquet": lambda path: pq.write_table(outcome.intake.rejected, path),
    }
    if outcome.scored is not None:
        writers["uplift_scored.parquet"] = lambda path: pq.write_table(outcome.scored, path)
    return outcome, all_written(request.out, writers)


def policy(outcome: UpliftOutcome) -> dict[str, Any]:
    """`policy.json`: the decision, what each policy is worth, each arm's effect, and what was left out."""
    request, intake, decision = outcome.request, outcome.intake, outcome.decision
    arms = intake.trial.arms
    actions = outcome.uplift["action"].value_counts().to_pylist()
    return {
        "decision": decision.decision,
        "action": None if decision.action is None else arms[decision.action],
        "why": decision.why,
        "outcome": request.outcome,
        "value_of_one": request.value,
        "control": arms[0],
        "interval": 0.9,
        "policies": [asdict(value) for value in outcome.proof.values],
        "test": {
            "question": "do effects differ between customers as the models foretell?",
            "p_value": outcome.proof.p_value,
            "z": outcome.proof.z,
            "level": LEVEL,
            "judged_rows": outcome.proof.judged_rows,
        },
        "arms": [asdict(arm) for arm in outcome.effects],
        "actions": {one["values"]: one["counts"] for one in actions},
        "columns": [column.name for column in intake.columns],
        "left_out": [asdict(finding) for finding in intake.left_out],
        "rows": {
            "read": intake.rows_read,
            "used": len(intake.trial),
            "without_arm": intake.without_arm,
            "without_outcome": intake.without_outcome,
            "rejected": intake.rejected.num_rows,
            "scored": 0 if outcome.scored is None else outcome.scored.num_rows,
        },
        "warnings": list(intake.warnings),
        "seed": request.seed,
    }
