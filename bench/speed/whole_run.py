"""`foretell run` as a process that notes how long each step took: `python -m bench.speed.whole_run FILE OUT STEPS`."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from bench.speed.question import HORIZON_DAYS, NEWEST_CUTOFF

COLUMNS = {"customer": "customer_id", "time": "ordered_at", "amount": "amount", "order": "order_id"}


class Stopwatch:
    """A listener of progress that adds up seconds and CPU-seconds (finished worker processes included) by step."""

    def __init__(self) -> None:
        self.steps: dict[str, list[float]] = {}
        self._name = "Starting"
        self._began = (time.perf_counter(), _cpu_seconds())

    def step(self, name: str, total: int = 1) -> None:
        now = (time.perf_counter(), _cpu_seconds())
        spent = self.steps.setdefault(self._name, [0.0, 0.0])
        spent[0] += now[0] - self._began[0]
        spent[1] += now[1] - self._began[1]
        self._name, self._began = name, now

    def advance(self, parts: int = 1) -> None:
        return

    def note(self, message: str) -> None:
        return


def main(file: Path, out: Path, steps: Path) -> None:
    """Run everything, from the file to the report, and write the steps as JSON."""
    stopwatch = Stopwatch()
    stopwatch.step("Importing")
    from foretell.pipeline.intake.requests import request_for_files  # noqa: PLC0415 (the import is a step that is timed)
    from foretell.pipeline.run import run  # noqa: PLC0415

    request = request_for_files(
        [file], out, columns=COLUMNS, as_of=NEWEST_CUTOFF.date().isoformat(), horizons=(HORIZON_DAYS,)
    )
    run(request, stopwatch)
    stopwatch.step("Done")
    steps.write_text(json.dumps(stopwatch.steps))


def _cpu_seconds() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
