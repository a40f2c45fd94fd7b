"""The report: one self-contained HTML file."""

from __future__ import annotations

from foretell.workflow.run import Outcome


def report_html(outcome: Outcome) -> str:
    """The report as HTML."""
    return f"<!doctype html><title>Foretell</title><p>{len(outcome.scores)} customers"
