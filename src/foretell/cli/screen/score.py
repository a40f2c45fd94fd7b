"""`foretell score`: the last run's models at a new date."""

from __future__ import annotations

import json
from pathlib import Path

from foretell.cli.screen.progress import Listener
from foretell.pipeline.score import score
from foretell.project.place import place_of


def show_scores(as_of: str | None, out: Path | None, as_json: bool) -> None:
    """Score again and say where the scores are."""
    with Listener(quiet=as_json) as listener:
        done = score(place_of(out), as_of, listener)
    plan, customers = done.run.main.plan, sum(len(one.scores) for one in done.run.horizons)
    files = {name: str(path) for name, path in done.files.items()}
    if as_json:
        answer = {
            "run": done.run.record.run,
            "as_of": plan.as_of_day(),
            "horizon_days": plan.horizon_days,
            "customers": customers,
            "files": files,
        }
        print(json.dumps(answer))
        return
    print(f"{customers:,} customers scored as of {plan.as_of_day()}, the next {plan.horizon_days} days")
    print(f"Scores: {files['scores.parquet']}")
