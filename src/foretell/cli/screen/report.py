"""`foretell report`: the report of a run, written again."""

from __future__ import annotations

import json
from pathlib import Path

from foretell.answers.published import published
from foretell.pipeline.exports import export_report
from foretell.project.place import place_of


def show_report(out: Path | None, run: str | None, as_json: bool) -> None:
    """Write the report of a run (default: the newest) and say where it is."""
    path = export_report(published(place_of(out), run))
    print(json.dumps({"report": str(path)}) if as_json else f"Report: {path}")
