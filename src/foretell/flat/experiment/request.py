"""What is asked of a file that holds an experiment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foretell.experiments.sequences import TUNED_FOR
from foretell.project.errors import InputError
from foretell.project.place import RESULTS_FOLDER, refuse_folder
from foretell.project.request import DecimalSign


@dataclass(frozen=True)
class ExperimentRequest:
    """`arm` is the column of the arms, `control` the value of those who got nothing, `outcomes` the columns that are
    compared, or two joined by `/` for a ratio; `before` columns known before the start. `shares` is what was typed:
    one weight an arm, the control first and the others by name, or `name=weight`. `unit` is the column of who was
    drawn ("": each row is one); `winsor` the quantile of the first column in `before` above which outcomes are held to
    it (None: not); `planned` the units at which the bounds for every look are tightest."""

    files: tuple[Path, ...]
    out: Path
    arm: str
    control: str
    outcomes: tuple[str, ...]
    before: tuple[str, ...] = ()
    shares: str = ""
    unit: str = ""
    winsor: float | None = None
    planned: float = TUNED_FOR
    decimal: DecimalSign | None = None
    sheet: str = ""


def experiment_request(
    files: Sequence[str | Path], out: str | Path | None, arm: str, control: str, outcomes: Sequence[str], **more: object
) -> ExperimentRequest:
    """The request of a command line or a call; of `more` (the other fields, by name) what is None is not given.
    InputError where it contradicts itself."""
    given: dict[str, Any] = {name: value for name, value in more.items() if value is not None}
    given["before"] = tuple(dict.fromkeys(given.get("before", ())))
    if not files:
        raise InputError(
            "No file was given.", expected="a table with one row a customer", hint="foretell experiment FILE"
        )
    if not outcomes:
        raise InputError("No outcome was given.", expected="a column to compare the arms by", hint="--outcome spend")
    folder = Path(out) if out is not None else Path(RESULTS_FOLDER)
    refuse_folder(folder)
    request = ExperimentRequest(
        tuple(Path(file) for file in files), folder, arm, control, tuple(dict.fromkeys(outcomes)), **given
    )
    _refuse_contradictions(request)
    return request


def _refuse_contradictions(request: ExperimentRequest) -> None:
    roles = {"--arm": {request.arm}, "--outcome": set(request.outcomes), "--before": set(request.before)}
    roles["--unit"] = {request.unit} - {""}
    names = list(roles)
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            if both := roles[first] & roles[second]:
                raise InputError(
                    "A column is asked to be two things.",
                    column=sorted(both)[0],
                    found=f"{first} and {second}",
                    expected="one of the two",
                )
    if request.decimal not in (None, ".", ","):
        raise InputError("The decimal sign is not known.", found=repr(request.decimal), expected=". or ,")
    if request.winsor is not None and not 0.5 <= request.winsor < 1:
        raise InputError(
            "The quantile cannot be a limit.",
            found=f"{request.winsor:g}",
            expected="from 0.5 to under 1",
            hint="--winsor 0.99",
        )
    if request.winsor is not None and not request.before:
        raise InputError(
            "A limit for outcomes must come from before the start.",
            found="--winsor without --before",
            expected="a column of the same thing before, so that no outcome chooses the limit",
            hint="--before spend_before",
        )
    if not request.planned >= 2:
        raise InputError(
            "The planned size is none.",
            found=f"{request.planned:g}",
            expected="units of both arms",
            hint="--planned 5000",
        )
