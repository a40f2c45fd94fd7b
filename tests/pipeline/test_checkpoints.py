"""A finished step is read, an unfinished one leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.pipeline.checkpoints import Checkpoints
from foretell.project.errors import InputError


def write(made: str, folder: Path) -> None:
    (folder / "made.txt").write_text(made)


def read(folder: Path) -> str:
    return (folder / "made.txt").read_text()


def never() -> str:
    raise AssertionError("a finished step was made again")


def test_a_finished_step_is_not_made_again(tmp_path: Path) -> None:
    steps = Checkpoints(tmp_path)
    assert steps.step("sum", [1, 2], lambda: "three", write, read) == "three"
    assert steps.step("sum", [1, 2], never, write, read) == "three"
    assert steps.step("sum", [1, 3], lambda: "four", write, read) == "four"


def test_a_step_that_fails_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def half(made: str, folder: Path) -> None:
        write(made, folder)
        raise OSError("no space left on device")

    steps = Checkpoints(tmp_path)
    with pytest.raises(InputError, match="no space"):
        steps.step("sum", [1], lambda: "one", half, read)
    assert not list(tmp_path.iterdir())


def test_tidying_takes_away_what_was_left_aside(tmp_path: Path) -> None:
    steps = Checkpoints(tmp_path)
    steps.step("sum", [1], lambda: "one", write, read)
    (tmp_path / ".sum-interrupted").mkdir()
    steps.tidy()
    assert steps.step("sum", [1], never, write, read) == "one"
    assert len(list(tmp_path.iterdir())) == 1
