"""The page: everything that the report says, gathered from an outcome and set by one template."""

from __future__ import annotations

from foretell.workflow.run import Outcome


def report_html(outcome: Outcome) -> str:
    """The report as HTML."""
    return f"<!doctype html><title>Foretell</title><p>{len(outcome.scores)} customers"
