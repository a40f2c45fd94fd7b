"""The silent listener takes whatever work tells, and says nothing."""

from __future__ import annotations

import pytest

from foretell.project.progress import Progress, Silent


def test_the_silent_listener_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    listener: Progress = Silent()
    listener.step("Reading orders", 3)
    listener.step("Folding")
    listener.advance()
    listener.advance(2)
    listener.note("two sheets are not read")
    assert capfd.readouterr() == ("", "")
