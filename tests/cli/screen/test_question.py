"""A question is put only where a person can answer, and only an option that was offered is an answer."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.cli.screen.question import question
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.request import Request

OPTIONS = ("day first", "month first")


class Terminal(io.StringIO):
    """What a person types, or reads."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def request_made() -> Request:
    return request_for_files([Path("orders.csv")], Path("out"))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("1\n", "day first"),
        (" 2 \n", "month first"),
        ("month first\n", "month first"),
        ("\n", None),
        ("", None),
        ("0\n", None),
        ("3\n", None),
        ("-1\n", None),
        ("perhaps\n", None),
        ("²\n", None),
    ],
)
def test_an_answer_is_a_number_or_an_option(
    typed: str, answer: str | None, request_made: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", screen)
    ask = question(request_made, as_json=False)
    assert ask is not None
    assert ask("Which comes first?", OPTIONS) == answer
    assert screen.getvalue().splitlines()[:3] == ["Which comes first?", "  1  day first", "  2  month first"]


def test_nobody_is_asked_where_nobody_can_answer_or_wants_to(
    request_made: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stdin, stderr in ((io.StringIO(), Terminal()), (Terminal(), io.StringIO())):
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(sys, "stderr", stderr)
        assert question(request_made, as_json=False) is None
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert question(request_made, as_json=True) is None
    assert question(replace(request_made, assume_yes=True), as_json=False) is None
