"""The tick: whatever is due is done, once, from top to bottom.

A duty looks first, and writes nothing unless it is due. What it does can be stopped anywhere and done again; that it
was done is written down after it. So a tick that is killed is finished by the next one, and a tick with nothing new
does nothing.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from foretell.pipeline.loop.duties.campaigns import ACT, acted, acted_whole, half_acted, unacted
from foretell.pipeline.loop.duties.duty import Duty, Loop
from foretell.pipeline.loop.duties.facts import FACTS, read, unread
from foretell.pipeline.loop.duties.forecasts import (
    GRADE,
    graded,
    published_first,
    scored,
    ungraded,
    unpublished,
    unscored,
)
from foretell.pipeline.loop.duties.interrupted import forgotten, half_forgotten, half_written, written
from foretell.pipeline.loop.duties.learning import (
    MONITOR,
    RETRAIN,
    ROLLBACK,
    checked,
    monitored,
    taught,
    unchecked,
    unmonitored,
    untaught,
)
from foretell.pipeline.loop.duties.warnings import (
    ALERTS,
    PUSHES,
    pushed,
    sent,
    unpushed,
    unsent,
    unwatched,
    watched,
)
from foretell.project.errors import ForetellError
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.storage.lock import alone_at_work

DUTIES: tuple[Duty, ...] = (
    Duty("forget", half_forgotten, forgotten),
    Duty("files", half_written, written),
    Duty("campaign", half_acted, acted_whole),
    Duty("first run", unpublished, published_first),
    Duty(FACTS, unread, read),
    Duty("score", unscored, scored),
    Duty(GRADE, ungraded, graded),
    Duty(MONITOR, unmonitored, monitored),
    Duty(ROLLBACK, unchecked, checked),
    Duty(RETRAIN, untaught, taught),
    Duty(ALERTS, unwatched, watched),
    Duty(ACT, unacted, acted),
    Duty("messages", unsent, sent),
    Duty(PUSHES, unpushed, pushed),
)


@dataclass(frozen=True)
class Task:
    """What was due, why, and what was done; `failed` says what stood in the way instead."""

    name: str
    why: str
    done: str = ""
    failed: str = ""


@dataclass(frozen=True)
class Ticked:
    """What one tick did, in order; nothing where nothing was due."""

    tasks: tuple[Task, ...]

    @property
    def failed(self) -> tuple[Task, ...]:
        """What could not be done; it is due again next time."""
        return tuple(task for task in self.tasks if task.failed)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"tasks": [asdict(task) for task in self.tasks]}


@on_one_thread
def tick(place: Place, progress: Progress, at: int | None = None) -> Ticked:
    """Do whatever is due; `at` is the moment of contacts that it makes (microseconds UTC; None: now). AtWork where
    another command is at work in the folder. What fails is told, and does not keep the rest from being done."""
    with alone_at_work(place.state):
        loop = Loop.of(place, progress, time.time_ns() // 1_000 if at is None else at)
        found = (_looked_after(duty, loop) for duty in DUTIES)
        return Ticked(tuple(task for task in found if task is not None))


def _looked_after(duty: Duty, loop: Loop) -> Task | None:
    why = ""
    try:
        why = duty.why(loop)
        return Task(duty.name, why, duty.do(loop)) if why else None
    except ForetellError as error:
        return Task(duty.name, why, failed=str(error))
