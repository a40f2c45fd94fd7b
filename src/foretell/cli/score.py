"""The last run again: its models at a new date, its report."""

from __future__ import annotations

import json
from pathlib import Path

from foretell.cli.progress import Listener
from foretell.pipeline.columns import outcome_of
from foretell.pipeline.exports import write_report
from foretell.pipeline.requests import request_of_last_run
from foretell.pipeline.score import rescore


def show_scores(as_of: str | None, out: Path | None, as_json: bool) -> None:
    """Score again and say where the scores are."""
    with Listener(quiet=as_json) as listener:
        scores, plan, paths = rescore(request_of_last_run(out, as_of=as_of), listener)
    files = {name: str(path) for name, path in paths.items()}
    if as_json:
        answer = {
            "as_of": plan.as_of_day(),
            "horizon_days": plan.horizon_days,
            "customers": len(scores),
            "files": files,
        }
        print(json.dumps(answer))
        return
    print(f"{len(scores):,} customers scored as of {plan.as_of_day()}, the next {plan.horizon_days} days")
    print(f"Scores: {files['scores.parquet']}")


def show_report(out: Path | None, as_json: bool) -> None:
    """Write the report again and say where it is."""
    with Listener(quiet=as_json) as listener:
        path = write_report(outcome_of(request_of_last_run(out), listener))["report.html"]
    print(json.dumps({"report": str(path)}) if as_json else f"Report: {path}")
