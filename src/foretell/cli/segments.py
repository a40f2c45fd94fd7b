"""The commands about segments: `segments`, and `migration`."""

# ruff: noqa: PLC0415  a command loads only what it needs, so that --help is quick

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out

SetOption = Annotated[
    str | None, typer.Option("--set", metavar="NAME", help="Of this segment set: rfm, lifecycle, value, or your own.")
]


def segments(
    segment_set: SetOption = None,
    out: Out = None,
    refit: Annotated[bool, typer.Option("--refit", help="Let the next run cut the segments anew.")] = False,
    as_json: Json = False,
) -> None:
    """Show who is in each segment, what they are like, and how many it will hold."""
    from foretell.cli.migration import show_refit, show_segments

    if refit:
        show_refit(out, as_json)
    else:
        show_segments(segment_set, out, as_json)


def migration(
    begin: Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The second day.")] = None,
    segment_set: SetOption = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Show who went from which segment to which, between two days; without days over the last and the next horizon."""
    from foretell.cli.migration import show_migration

    show_migration(begin, end, segment_set, out, as_json)
