"""A finding tells what was seen, and what to do about it."""

from __future__ import annotations

from foretell.health.evidence import Finding


def test_the_text_says_first_what_was_seen() -> None:
    found = Finding("short history", "note", "The log holds 40 days.", "Wait for more, or ask for less.")
    assert found.text == "The log holds 40 days. Wait for more, or ask for less."
