"""`foretell export-person`: all that is known of one customer, as one JSON file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foretell.cli.options import Json, Out


def export_person(
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Where to write it. [default: person.json]")
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Write all that is known of one customer: facts with file and line, scores and reasons, segments, alerts."""
    import json

    from foretell.cli.screen.progress import Listener
    from foretell.pipeline.privacy.person import person_of
    from foretell.pipeline.privacy.sources import asked_now
    from foretell.project.place import place_of
    from foretell.storage.written_aside import all_written, text_writer

    with Listener(quiet=as_json) as listener:
        found = person_of(place_of(out), customer, asked_now(out), listener)
    text = json.dumps(found, ensure_ascii=False, indent=1, default=str)
    if as_json:
        print(text)
        return
    path = file or Path("person.json")
    all_written(path.parent, {path.name: text_writer(text)})
    rows = sum(len(rows) for rows in found["facts"].values())
    typer.echo(f"Everything known of the customer: {path} ({rows} facts, {len(found['runs'])} runs).")
