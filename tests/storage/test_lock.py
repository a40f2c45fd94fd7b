"""One run at a time in a folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from foretell.storage.lock import AtWork, alone_at_work


def taken(state: Path) -> None:
    with alone_at_work(state):
        pass


def test_a_second_run_is_told_of_the_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as another:
        with (
            alone_at_work(tmp_path / "state"),
            pytest.raises(AtWork, match="Another run is at work"),
        ):
            another.submit(taken, tmp_path / "state").result()
        another.submit(taken, tmp_path / "state").result()
    taken(tmp_path / "state")


def test_whoever_holds_it_may_ask_again_and_still_holds_it_after(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as another, alone_at_work(tmp_path / "state"):
        taken(tmp_path / "other" / ".." / "state")
        taken(tmp_path / "another")
        with pytest.raises(AtWork):
            another.submit(taken, tmp_path / "state").result()


def test_a_look_at_the_lock_writes_nothing(tmp_path: Path) -> None:
    taken(tmp_path)
    (lock,) = tmp_path.iterdir()
    written = lock.stat().st_mtime_ns
    taken(tmp_path)
    assert lock.stat().st_mtime_ns == written


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
