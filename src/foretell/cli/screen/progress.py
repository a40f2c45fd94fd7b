"""Progress on stderr: what is being done, how far it is, and how long it may still take."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Listener:
    """Shows steps as they come; quiet where stderr is not a terminal."""

    def __init__(self, quiet: bool = False) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._shown,
        )
        self._task: TaskID | None = None
        self._began = time.monotonic()

    def __enter__(self) -> Listener:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None and error is None:
            self._finish()
        self._progress.stop()

    def step(self, name: str, total: int = 1) -> None:
        if self._task is not None:
            self._finish()
        self._task = self._progress.add_task(name, total=total)

    def advance(self, parts: int = 1) -> None:
        if self._task is not None:
            self._progress.advance(self._task, parts)

    def note(self, message: str) -> None:
        self._console.print(message, markup=False, highlight=False)

    def _finish(self) -> None:
        task = next(task for task in self._progress.tasks if task.id == self._task)
        self._progress.update(task.id, completed=task.total)
