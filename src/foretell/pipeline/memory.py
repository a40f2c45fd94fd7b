"""The memory of the last run: what was asked, so that `score` and `report` need not be told again."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from foretell.project.declaration import ObjectivePart, SegmentPart
from foretell.project.errors import InputError
from foretell.project.request import Request

if TYPE_CHECKING:
    from foretell.pipeline.run import Outcome

FILE_NAME = "last_run.json"
ASKED_EACH_TIME = ("now", "assume_yes", "workers")


def remember(outcome: Outcome) -> None:
    """Write down what this run was asked and decided."""
    request = replace(outcome.request, columns=outcome.columns.used(), horizon_days=outcome.plan.horizon_days)
    kept = {name: value for name, value in asdict(request).items() if name not in ASKED_EACH_TIME}
    kept["trained_as_of"] = outcome.plan.as_of_day()
    kept["models"] = {str(one.plan.horizon_days): one.serving.model_id for one in outcome.horizons}
    kept["files"] = [str(path.resolve()) for path in request.files]
    kept["objectives"] = [objective.model_dump() for objective in request.objectives]
    kept["segments"] = [segment.model_dump() for segment in request.segments]
    path = request.state / FILE_NAME
    aside = path.with_suffix(".part")
    try:
        aside.write_text(json.dumps(kept | {"out": str(request.out), "state": str(request.state)}, indent=1))
        aside.replace(path)
    except OSError as error:
        raise InputError(
            "What this run was asked cannot be written down.",
            file=str(path),
            found=str(error),
            hint="is the disk full?",
        ) from error


def remembered(state: Path, now: int) -> Request:
    """The request of the last run in a state folder."""
    path = state / FILE_NAME
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        raise InputError(
            "There is no finished run here.",
            file=str(path),
            hint="foretell run orders.csv first; --out names the folder of its results",
        ) from None
    known = {field.name for field in fields(Request)}
    values = {name: value for name, value in kept.items() if name in known}
    values["files"] = tuple(Path(file) for file in values["files"])
    values["more_horizons"] = tuple(values.get("more_horizons", ()))
    values["objectives"] = tuple(ObjectivePart.model_validate(part) for part in values["objectives"])
    values["segments"] = tuple(SegmentPart.model_validate(part) for part in values.get("segments", ()))
    return Request(
        **values | {"out": state.parent if state.parent.name else Path(values["out"]), "state": state, "now": now}
    )


def models_of(state: Path) -> dict[int, str]:
    """The model id of each horizon of the last run, by its days."""
    kept = json.loads((state / FILE_NAME).read_text())["models"]
    return {int(days): model_id for days, model_id in kept.items()}


def trained_as_of(state: Path) -> str:
    """The day (ISO) at which the models of the last run stood: they know what happened before it."""
    return str(json.loads((state / FILE_NAME).read_text())["trained_as_of"])
