"""`foretell retrain`: models that earn their place again."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out


def retrain(
    out: Out = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only check whether the version that serves is to be rolled back.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Train on the newest data, and let the better version serve, by outcomes that neither could have seen."""
    from foretell.cli.screen.loops.retraining import show_retrained

    show_retrained(out, check, as_json)
