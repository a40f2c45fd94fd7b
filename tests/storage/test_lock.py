"""One run at a time in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.project.errors import InputError
from foretell.storage.lock import alone_at_work


def test_a_second_run_is_told_of_the_first(tmp_path: Path) -> None:
    with (
        alone_at_work(tmp_path / "state"),
        pytest.raises(InputError, match="Another run is at work"),
        alone_at_work(tmp_path / "state"),
    ):
        pass
    with alone_at_work(tmp_path / "state"):
        pass


def test_work_that_fails_before_it_left_anything_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), alone_at_work(tmp_path / "out" / "state"):
        raise ValueError("no")
    assert not (tmp_path / "out").exists()


def test_work_that_fails_later_keeps_what_is_there(tmp_path: Path) -> None:
    state = tmp_path / "out" / "state"

    def work() -> None:
        with alone_at_work(state):
            (state / "log").mkdir()
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        work()
    assert (state / "log").is_dir()
