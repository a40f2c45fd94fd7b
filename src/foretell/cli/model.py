"""`foretell model`: what went into the models that serve, which versions there are, and which of them serves."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out

model = typer.Typer(help="Look at the models, and choose the version that serves.", no_args_is_help=True)


@model.command()
def show(out: Out = None, as_json: Json = False) -> None:
    """Show everything that went into the models of the last run, and who serves which question."""
    from foretell.cli.screen.model import show_model

    show_model(out, as_json)


@model.command()
def versions(out: Out = None, as_json: Json = False) -> None:
    """List the model versions, the newest first, with what changed from one to the next."""
    from foretell.cli.screen.loops.retraining import show_versions

    show_versions(out, as_json)


@model.command()
def serve(
    version: Annotated[int, typer.Argument(help="The number of the version; foretell model versions lists them.")],
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Let a version serve from now on, and score everybody by it."""
    from foretell.cli.screen.loops.retraining import show_serving

    show_serving(version, out, as_json)
