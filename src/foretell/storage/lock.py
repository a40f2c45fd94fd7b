"""One run at a time in a folder: a lock that the system lets go of when its holder ends, however it ends.

Whoever holds it may ask for it again, so that a command can be made of others.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from foretell.project.errors import InputError

FILE_NAME = "at_work.lock"
_HELD: ContextVar[frozenset[Path]] = ContextVar("folders whose lock is held", default=frozenset())


class AtWork(InputError):
    """Another run holds the lock."""


@contextmanager
def alone_at_work(state: Path) -> Iterator[None]:
    """Hold the folder's lock; AtWork where another run holds it, InputError where the folder cannot be written.

    Where the work fails before it has left anything, the folder goes with it.
    """
    held = _HELD.get()
    if state.resolve() in held:
        yield
        return
    new = [folder for folder in (state, state.parent) if not folder.exists()]
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = (state / FILE_NAME).open("a")
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
            raise AtWork(
                "Another run is at work in this folder.",
                file=str(state),
                hint="wait until it has finished, or give another --out",
            ) from None
        mine = _HELD.set(held | {state.resolve()})
        try:
            yield
        except BaseException:
            _removed_if_empty(state, new)
            raise
        finally:
            _HELD.reset(mine)


def _removed_if_empty(state: Path, new: list[Path]) -> None:
    if state in new and [path.name for path in state.iterdir()] == [FILE_NAME]:
        (state / FILE_NAME).unlink()
        for folder in new:
            if not any(folder.iterdir()):
                folder.rmdir()
