"""What was looked up in a log, and is not looked up again before it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.outcomes.grading.looked_up import FILE_NAME, LookedUp, log_as_it_stands, name_of
from foretell.project.errors import InputError
from foretell.storage.artefacts import Kept
from foretell.storage.kept_for_good import KeptForGood


def test_what_a_log_told_holds_until_it_changes(tmp_path: Path) -> None:
    first, second = LookedUp(tmp_path, "first"), LookedUp(tmp_path, "second")
    assert first.told("run", 30) is first.told_last("run", 30) is None
    assert not (tmp_path / FILE_NAME).exists(), "asking makes no file"
    first.tell("so it is", "run", 30)
    assert first.told("run", 30) == "so it is"
    assert (second.told("run", 30), second.told_last("run", 30)) == (None, "so it is")
    assert first.told("run", 60) is None
    second.tell("otherwise", "run", 30)
    assert (first.told("run", 30), second.told("run", 30)) == (None, "otherwise")


def test_a_log_is_its_files_what_counts_as_value_and_its_days() -> None:
    logs = [(["a", "b"], "net", "UTC"), (["a"], "net", "UTC"), (["a", "b"], "gross", "UTC"), (["a", "b"], "net", "CET")]
    assert len({log_as_it_stands(*one) for one in logs}) == len(logs)
    assert log_as_it_stands(["b", "a"], "net", "UTC") == log_as_it_stands(*logs[0])


def test_a_forecast_is_another_one_when_somebody_was_forgotten() -> None:
    one, other = (KeptForGood("run", 1, 5, 30, Kept("forecast", "key", content, {})) for content in "ab")
    assert name_of(one) != name_of(other)


def test_damage_says_that_it_may_be_deleted(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("no database", "utf-8")
    with pytest.raises(InputError, match="looked up for forecasts is damaged"):
        LookedUp(tmp_path, "first").told("run", 30)
