"""What a command costs: CPU-seconds and memory of all its processes together, and the time on the clock."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Cost:
    """`cpu_seconds` are user and system time of the command and everything it started; `peak_mb` is the largest
    sum of their proportional set sizes (shared pages once), in 10^6 bytes."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float


def cost_of(command: Sequence[str], environment: Mapping[str, str] | None = None, output: Path | None = None) -> Cost:
    """Run a command to its end; RuntimeError with the end of its stderr where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    target = output.open("wb") if output else subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdout=target, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    )
    memory = _Memory(process.pid)
    memory.start()
    error = process.communicate()[1]
    wall = time.perf_counter() - began
    memory.ended.set()
    memory.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{error[-2000:]}")
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(cpu, wall, memory.peak / 1e6)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        median(cost.cpu_seconds for cost in costs),
        median(cost.wall_seconds for cost in costs),
        median(cost.peak_mb for cost in costs),
    )


class _Memory(threading.Thread):
    """Samples the memory of a process and all its descendants."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.peak = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.is_set():
            self.peak = max(self.peak, sum(map(_proportional_bytes, _family(self.root))))
            self.ended.wait(EVERY_SECONDS)


def _family(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def _proportional_bytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0
