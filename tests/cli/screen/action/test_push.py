"""What is printed of pushes."""

from __future__ import annotations

import json

import pytest

from foretell.cli.screen.action.push import looked_lines, pushed_lines, show, state_lines
from foretell.delivery.pushes.ledger import Entry
from foretell.delivery.pushes.preview import Change, Preview
from foretell.delivery.pushes.pushing import PushAnswer
from foretell.pipeline.actions.push import Looked, Pushed, PushState

LEFT = (Entry("crm", "b", "k1", "refused", 2, "no"), Entry("crm", "b", "k2", "unsure", 1, ""))


def test_a_push_is_told_with_whoever_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    done = Pushed(PushAnswer("crm", "b", 3, 1, 0, 1, 1, LEFT, "too slow"), held_back=2, forgotten=1)
    pushed_lines([done], as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "crm, batch b: 3 customers sent, 1 before."
    assert "  stopped: too slow" in lines
    assert "    k1: refused after 2 attempts, no" in lines
    assert any("held back" in line for line in lines)
    assert any("forgotten" in line for line in lines)
    pushed_lines([done], as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["answer"]["left"][0]["person"] == "k1"


def test_a_look_names_a_few_and_counts_all(capsys: pytest.CaptureFixture[str]) -> None:
    keys = tuple(f"k{number}" for number in range(8))
    one = Preview(keys, (Change("c", (("score", None, 1),)),), ("s",), ("r",), (("x", "too large"),), ("done",))
    lines = looked_lines(Looked("b", one, 0, 0))
    assert "  8 not there yet: k0, k1, k2, k3, k4, …" in lines
    assert "    c: score nothing -> 1" in lines
    assert "  1 left out: x (too large)" in lines
    unread = Preview(keys, (), (), (), (), (), "it sleeps")
    assert "  8 customers would be sent; it sleeps" in looked_lines(Looked("b", unread, 0, 0))
    show(Looked("b", one, 0, 0), as_json=True)
    assert json.loads(capsys.readouterr().out)["batch"] == "b"


def test_the_ledger_in_lines() -> None:
    lines = state_lines(PushState([("crm", "b", "done", 1), ("crm", "b", "refused", 1)], list(LEFT)))
    assert lines[:2] == ["crm, batch b: 1 customer sent", "crm, batch b: 1 customer refused"]
    assert state_lines(PushState([], [])) == ["Nothing was pushed yet."]
