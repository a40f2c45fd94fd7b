"""`python -m bench.tick.kills FOLDER`: ticks of a project killed at moments spread over their work, and finished.

The process that forks has loaded everything, so that a kill falls into the work and not into imports.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from bench.tick.project import DailyProject, Seen
from foretell.pipeline.loop.tick import Ticked, tick
from foretell.project.progress import Silent

SECRET = "whsec_" + "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"
ARRIVED = "arrived.txt"
UNKILLED = 2


@dataclass(frozen=True)
class Kill:
    """One kill: after how much of a whole tick's time, whether the child was still at work, and what was left."""

    share: float
    hit: bool
    left: Seen


@dataclass(frozen=True)
class Killed:
    """What came of a project: the kills, the ids that arrived, in order, what failed after kills, and the end."""

    kills: tuple[Kill, ...]
    arrived: tuple[str, ...]
    failed: tuple[str, ...]
    idle: tuple[str, ...]
    end: Seen
    orders: int


def killed(project: DailyProject, per_day: int, seed: int = 0) -> Killed:
    """Let every day come, kill `per_day` ticks of each, one after the other, and finish. The first two days are not
    killed: the first loads everything, the second tells how long a tick takes."""
    os.environ["SHOP_SECRET"] = SECRET
    draws, kills, failed = random.Random(seed), list[Kill](), list[str]()
    takes = 0.0
    for day in range(len(project.days)):
        project.comes(day)
        at = project.days[day][1]
        for number in range(per_day if day >= UNKILLED else 0):
            share = (number + draws.random()) / per_day
            hit = _killed_after(lambda at=at: tick(project.place, Silent(), at), share * takes)  # type: ignore[misc]
            kills.append(Kill(share, hit, project.seen()))
        begun = time.perf_counter()
        failed += [f"{task.name}: {task.failed}" for task in tick(project.place, Silent(), at).failed]
        takes = time.perf_counter() - begun if day < UNKILLED else takes
    idle = _settled(project, project.days[-1][1])
    arrived = (project.folder / ARRIVED).read_text("utf-8").split()
    names = tuple(task.name for task in idle.tasks)
    return Killed(tuple(kills), tuple(arrived), tuple(failed), names, project.seen(), project.orders_in_log())


def _settled(project: DailyProject, at: int) -> Ticked:
    """One more tick, when the file was not written just now."""
    long_ago = project.orders.stat().st_mtime_ns - 10**10
    os.utime(project.orders, ns=(long_ago, long_ago))
    tick(project.place, Silent(), at)
    return tick(project.place, Silent(), at)


def _killed_after(work: Callable[[], object], seconds: float) -> bool:
    started = os.fork()
    if not started:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(started, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(started, 0)[1])


class _Receiver(BaseHTTPRequestHandler):
    """Takes every message and writes its id down."""

    folder: Path

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        with (self.folder / ARRIVED).open("a", encoding="utf-8") as file:
            file.write(self.headers["webhook-id"] + "\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def receiving(folder: Path) -> tuple[int, int]:
    """A receiver in a process of its own: its port and its process."""
    (folder / ARRIVED).touch()
    server = HTTPServer(("127.0.0.1", 0), type("Receiver", (_Receiver,), {"folder": folder}))
    started = os.fork()
    if not started:
        server.serve_forever()
    port = server.server_port
    server.server_close()
    return port, started


def main() -> None:
    """Kill the ticks of a project that was made ready, and print what came of it as JSON."""
    folder, per_day = Path(sys.argv[1]), int(sys.argv[2])
    days = [(rows, at) for rows, at in json.loads((folder / "days.json").read_text("utf-8"))]
    port, receiver = receiving(folder)
    declared = folder / "foretell.toml"
    declared.write_text(declared.read_text("utf-8").replace("PORT", str(port)), encoding="utf-8")
    try:
        found = killed(DailyProject(folder, folder / "orders.csv", days), per_day)
    finally:
        os.kill(receiver, signal.SIGKILL)
        os.waitpid(receiver, 0)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
