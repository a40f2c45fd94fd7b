"""`foretell export-person`, as a person types it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from foretell.cli.main import main
from shops.private_shop import PERSON, people, read_in


def test_it_writes_one_file_that_a_person_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    read_in(people(tmp_path))
    for more in (["--file", "zoe.json"], ["--json"]):
        monkeypatch.setattr(sys, "argv", ["foretell", "export-person", PERSON, *more])
        with pytest.raises(SystemExit, match="0"):
            main()
    printed = capsys.readouterr().out
    assert "zoe.json" in printed
    kept = (tmp_path / "zoe.json").read_text(encoding="utf-8")
    assert PERSON in kept
    assert json.loads(kept) == json.loads(printed[printed.index("\n{") :])
