"""Answering: the read-out of an experiment in a file, and experiment.json."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from foretell.experiments.comparison import Comparison, ReadOut
from foretell.experiments.read_out import read_out
from foretell.flat.experiment.intake import ExperimentIntake, take_in
from foretell.flat.experiment.request import ExperimentRequest
from foretell.flat.experiment.shares import shares_of
from foretell.project.one_thread import on_one_thread
from foretell.storage.written_aside import all_written, text_writer

FILE_NAME = "experiment.json"


@dataclass(frozen=True)
class ExperimentAnswer:
    """What was found in a file, and the files that were written, by name."""

    request: ExperimentRequest
    intake: ExperimentIntake
    found: ReadOut
    files: Mapping[str, Path]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """In the order of the outcomes, then of the arms."""
        return self.found.comparisons

    def as_json(self) -> dict[str, object]:
        """What `--json` prints; `experiment` is the list that stands in experiment.json."""
        ratio = self.found.sample_ratio
        return {
            "experiment": entries(self.found),
            "control": self.found.control,
            "arms": dict(self.found.counts),
            "sample_ratio": {"standing": ratio.standing, "shares": dict(ratio.shares), "p_value": ratio.p_value},
            "rows": self.intake.rows,
            "left_out": [asdict(one) for one in self.intake.left_out],
            "assumed": list(self.intake.assumed),
            "files": {name: str(path) for name, path in self.files.items()},
        }


def entries(found: ReadOut) -> list[dict[str, object]]:
    """The list of experiment.json."""
    return [one.as_entry() for one in found.comparisons]


@on_one_thread
def answered(request: ExperimentRequest) -> ExperimentAnswer:
    """Read, compare and write; InputError where that cannot be done."""
    intake = take_in(request, time.time_ns() // 1_000)
    order = [intake.control, *sorted(set(intake.arms.tolist()) - {intake.control})]
    shares = shares_of(request.shares, order)
    found = read_out(intake.outcomes, intake.arms, intake.control, shares, request.planned)
    told = tuple(replace(one, warnings=(*one.warnings, *intake.caveats)) for one in found.comparisons)
    found = replace(found, comparisons=told)
    if found.sample_ratio.standing == "assumed equal":
        said = "arms of one size were meant, as nobody said otherwise (--shares), and within chance they are"
        intake = replace(intake, assumed=(*intake.assumed, said))
    text = json.dumps(entries(found), ensure_ascii=False, indent=1, allow_nan=False)
    files = all_written(request.out, {FILE_NAME: text_writer(text + "\n")})
    return ExperimentAnswer(request, intake, found, files)
