"""`foretell report`: the report of a run, written again."""

from __future__ import annotations

from foretell.cli.options import Json, Out, RunOption


def report(out: Out = None, run: RunOption = None, as_json: Json = False) -> None:
    """Write the report of the last run again."""
    from foretell.cli.screen.report import show_report

    show_report(out, run, as_json)
