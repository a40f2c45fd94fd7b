"""The intake alone, as a process: `python -m bench.intake.reading FILE OUT` settles the columns and writes the log."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.progress import Silent


def main(file: Path, out: Path) -> None:
    """Read the file into the log below `out`; print CPU-seconds without the imports and rows."""
    began = _cpu_seconds()
    request = request_for_files([file], out, workers=1)
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    log = brought_up_to_date(settled, files, columns, Silent())
    rows = sum(load.rows_read for load in log.intake.loads)
    print(json.dumps({"cpu_seconds": _cpu_seconds() - began, "rows": rows}))


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
