"""`foretell segments`: who is in which segment."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out, SetOption


def segments(
    segment_set: SetOption = None,
    out: Out = None,
    refit: Annotated[bool, typer.Option("--refit", help="Let the next run cut the segments anew.")] = False,
    as_json: Json = False,
) -> None:
    """Show who is in each segment, what they are like, and how many it will hold."""
    from foretell.cli.screen.segments import show_refit, show_segments

    if refit:
        show_refit(out, as_json)
    else:
        show_segments(segment_set, out, as_json)
