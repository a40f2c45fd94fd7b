"""`foretell migration`: who went where, and who goes where next."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out, SetOption


def migration(
    begin: Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The second day.")] = None,
    segment_set: SetOption = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Show who went from which segment to which, between two days; without days over the last and the next horizon."""
    from foretell.cli.screen.segments import show_migration

    show_migration(begin, end, segment_set, out, as_json)
