"""`foretell model`: what went into the models that serve."""

from __future__ import annotations

import typer

from foretell.cli.options import Json, Out

model = typer.Typer(help="Look at the models of the last run.", no_args_is_help=True)


@model.command()
def show(out: Out = None, as_json: Json = False) -> None:
    """Show everything that went into the models of the last run, and who serves which question."""
    from foretell.cli.screen.model import show_model

    show_model(out, as_json)
