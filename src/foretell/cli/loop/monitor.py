"""`foretell monitor`: whether sources, features and scores are still what they were."""

from __future__ import annotations

from foretell.cli.options import Json, Out


def monitor(out: Out = None, as_json: Json = False) -> None:
    """Compare sources, features and scores of the newest run with earlier weeks, and say what is broken."""
    from foretell.cli.screen.loops.monitor import show_monitor

    show_monitor(out, as_json)
