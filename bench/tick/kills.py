"""`python -m bench.tick.kills FOLDER`: ticks of a project killed at moments spread over their work, and finished.

Children come from a server that has loaded everything and run nothing: a kill falls into the work and not into imports,
and no thread was lost by a fork.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sys
import time
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from bench.tick.project import DailyProject, Seen
from foretell.pipeline.loop.tick import Ticked, tick
from foretell.project.progress import Silent

SECRET = "whsec_" + "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"
ARRIVED = "arrived.txt"
UNKILLED = 2
LOADED = (
    *("foretell.pipeline.score", "foretell.pipeline.alerts", "foretell.timelines.duckdb"),
    *("foretell.pipeline.loop.standing", "foretell.pipeline.loop.monitor", "foretell.pipeline.loop.retraining"),
    *("foretell.pipeline.loop.outcomes", "foretell.storage.codec", "foretell.report.page"),
)


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
    multiprocessing.set_forkserver_preload(["__main__", *LOADED])
    draws, kills, failed = random.Random(seed), list[Kill](), list[str]()
    takes = 0.0
    for day in range(len(project.days)):
        project.comes(day)
        at = project.days[day][1]
        if day < UNKILLED:
            begun = time.perf_counter()
            _hit_after(project, at, None)
            takes = time.perf_counter() - begun
        for number in range(per_day if day >= UNKILLED else 0):
            share = (number + draws.random()) / per_day
            hit = _hit_after(project, at, share * takes)
            kills.append(Kill(share, hit, project.seen()))
        failed += [f"{task.name}: {task.failed}" for task in tick(project.place, Silent(), at).failed]
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


def _hit_after(project: DailyProject, at: int, seconds: float | None) -> bool:
    """Tick in a child, and kill it after so long (None: never); whether it was still at work."""
    child = multiprocessing.get_context("forkserver").Process(target=tick, args=(project.place, Silent(), at))
    child.start()
    child.join(seconds)
    child.kill()
    child.join()
    return child.exitcode == -signal.SIGKILL


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
