"""`foretell push`: people and their fields to other tools, or into files for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foretell.cli.options import Json, Out


def push(  # noqa: PLR0913 - a door: each argument is an option of its user
    name: Annotated[str | None, typer.Argument(help="A declared push.")] = None,
    file: Annotated[
        Path | None, typer.Argument(help="The people: CSV or Parquet, such as scores.csv. [default: who waits]")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Send nothing; tell who would be added, changed, removed.")
    ] = False,
    state: Annotated[bool, typer.Option("--state", help="List who waits, was refused, is unsure.")] = False,
    batch: Annotated[
        str, typer.Option("--batch", metavar="KEY", help="The same key sends nobody twice. [default: by the content]")
    ] = "",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Push people to a tool that is declared, or go on with who waits."""
    from foretell.cli.screen.action.push import pushed_lines, show
    from foretell.pipeline.actions.push import Ways, look, push_file, push_state, push_waiting
    from foretell.project.errors import InputError
    from foretell.project.place import place_of

    place = place_of(out)
    if state or name is None:
        show(push_state(place, name), as_json)
        return
    ways = Ways(place)
    if dry_run:
        if file is None:
            raise InputError("Nothing to look at.", found="--dry-run without a file", expected="a file of people")
        show(look(ways, name, file, batch), as_json)
        return
    from foretell.cli.screen.progress import Listener

    with Listener(quiet=as_json) as listener:
        done = push_waiting(ways, name, listener) if file is None else [push_file(ways, name, file, batch, listener)]
    pushed_lines(done, as_json)
    if not all(one.answer.is_complete for one in done):
        raise typer.Exit(1)
