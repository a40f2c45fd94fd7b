"""Progress: silent where nobody looks, steps that end full, notes that are always heard."""

from __future__ import annotations

import sys

import pytest

from foretell.cli.screen.progress import Listener


def listen(listener: Listener) -> None:
    with listener as told:
        told.advance()
        told.step("Reading", 2)
        told.advance()
        told.step("Judging [bold]", 3)
        told.advance(2)
        told.note("[red]orders.csv[/red] was read")


@pytest.mark.parametrize("quiet", [True, False])
def test_without_a_terminal_only_notes_are_printed(quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    listen(Listener(quiet))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.split() == ["[red]orders.csv[/red]", "was", "read"]


def test_at_a_terminal_each_step_is_shown_and_ends_full(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    listen(Listener())
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "2/2" in captured.err
    assert "3/3" in captured.err


def test_quiet_at_a_terminal_shows_no_step(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    listen(Listener(quiet=True))
    assert "Reading" not in capsys.readouterr().err


def test_an_error_leaves_the_step_unfinished_and_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        with Listener() as told:
            told.step("Reading", 4)
            told.advance()
            raise ValueError("broken")

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with pytest.raises(ValueError, match="broken"):
        broken()
    shown = capsys.readouterr().err
    assert "1/4" in shown
    assert "4/4" not in shown
