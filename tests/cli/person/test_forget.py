"""`foretell forget`, as a person types it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from foretell.cli.main import main
from foretell.cli.person.forget import told
from foretell.pipeline.privacy.forgetting import Forgetting
from shops.private_shop import PERSON, people, read_in


def test_it_asks_first_and_says_what_was_done_and_what_is_left_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    read_in(people(tmp_path))
    monkeypatch.setattr(sys, "argv", ["foretell", "forget", PERSON, "--json"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert json.loads(capsys.readouterr().out)["error"] == "Nothing was removed."
    monkeypatch.setattr(sys, "argv", ["foretell", "forget", PERSON, "--yes"])
    with pytest.raises(SystemExit, match="0"):
        main()
    printed = capsys.readouterr().out
    assert "28 rows of orders" in printed
    assert "Your own file orders.csv still holds 30 rows of this customer." in printed
    monkeypatch.setattr(sys, "argv", ["foretell", "forget", PERSON, "--yes", "--json"])
    with pytest.raises(SystemExit, match="0"):
        main()
    assert json.loads(capsys.readouterr().out)["already"] is True


def test_runs_and_messages_are_told_with_the_way_on() -> None:
    lines = told(Forgetting(False, {"ledger": 1, "left_out": 2, "orders": 3}, 0, (), 0, 0, 0, {}))
    assert lines[0].endswith(
        "Removed from the customer log: 1 row of the list of orders by which later exports are compared, 2 rows of "
        "what is no sale and 3 rows of orders."
    )
    lines = told(Forgetting(False, {"links": 2}, 0, (), 0, 0, 0, {}, ("Ann", "Bob"), ("a@x.org",)))
    assert lines[0].startswith("Forgotten, also known as a@x.org. Removed")
    assert lines[1].startswith("2 parts of it stay, each a customer of its own from now on: Ann and Bob.")
    lines = told(Forgetting(False, {"orders": 1}, 2, ("a", "b"), 1, 1, 0, {}))
    assert "2 runs and 2 files of results were deleted" in lines[1]
    assert "foretell run makes them again" in lines[1]
    assert "1 message that had been sent was emptied" in lines[2]
    lines = told(Forgetting(False, {}, 0, (), 0, 0, 0, {}, unread=("events.csv",)))
    assert lines[-1] == "Your own source events.csv could not be read: look there yourself."
