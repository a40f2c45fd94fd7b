"""`foretell score`: the last run's models at a new date."""

from __future__ import annotations

from foretell.cli.options import AsOf, Json, Out


def score(as_of: AsOf = None, out: Out = None, as_json: Json = False) -> None:
    """Score everybody at a new date with the models of the last run, without training."""
    from foretell.cli.screen.run import show_scores

    show_scores(as_of, out, as_json)
