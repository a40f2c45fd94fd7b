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
    """Hold the folder's lock; InputError where another run holds it, or the folder cannot be written."""
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
        yield
