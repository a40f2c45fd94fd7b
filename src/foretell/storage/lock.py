"""One run at a time in a folder: a lock that the system lets go of when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foretell.project.errors import InputError

FILE_NAME = "at_work.lock"


@contextmanager
def alone_at_work(state: Path) -> Iterator[None]:
    """Hold the folder's lock; InputError where another run holds it, or the folder cannot be written.

    Where the work fails before it has left anything, the folder goes with it.
    """
    new = [folder for folder in (state, state.parent) if not folder.exists()]
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = (state / FILE_NAME).open("w")
    except OSError as error:
        raise InputError(
            "The folder for the results cannot be written.",
            file=str(state),
            found=str(error),
            hint="give another --out",
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(
                "Another run is at work in this folder.",
                file=str(state),
                hint="wait until it has finished, or give another --out",
            ) from None
        try:
            yield
        except BaseException:
            _removed_if_empty(state, new)
            raise


def _removed_if_empty(state: Path, new: list[Path]) -> None:
    if state in new and [path.name for path in state.iterdir()] == [FILE_NAME]:
        (state / FILE_NAME).unlink()
        for folder in new:
            if not any(folder.iterdir()):
                folder.rmdir()
