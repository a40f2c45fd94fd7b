"""What a day's facts cost beside a whole run, on a generated shop that goes on; and a tick with nothing to do."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, cost_of

SOURCE_TABLES = ("scores.parquet", "scores.csv")


@dataclass(frozen=True)
class DayCost:
    """`run` from an empty state folder; `score` after a day's facts more, `tick` the same by `foretell tick`; `idle` a
    tick with nothing to do; `same` says whether the day's scores are, to the byte, those of the same models over a log
    that was read at once."""

    days: int
    run: Cost
    score: Cost
    tick: Cost
    idle: Cost
    same: bool

    @property
    def share(self) -> float:
        """CPU of a day's tick as a share of a whole run's."""
        return self.tick.cpu_seconds / self.run.cpu_seconds


def day_cost(folder: Path, customers: int, days: int, seed: int) -> DayCost:
    """Generate a shop, run it, and let it go on: a day for `score`, a day for `tick`."""
    shop = ("--customers", customers, "--days", days, "--ahead", 30, "--seed", seed, "--out", folder)
    _foretell(folder.parent, "generate", "shop", *shop)
    run = _foretell(folder, "run", "--workers", 1, "--yes")
    _day_comes(folder)
    score = _foretell(folder, "score")
    _day_comes(folder)
    tick = _foretell(folder, "tick")
    _settle(folder)
    _foretell(folder, "tick")
    idle = _foretell(folder, "tick")
    day_by_day = [(folder / "foretell-results" / name).read_bytes() for name in SOURCE_TABLES]
    state = folder / ".foretell"
    (state / "manifest.sqlite").unlink()
    shutil.rmtree(state / "loads")
    _foretell(folder, "score")
    at_once = [(folder / "foretell-results" / name).read_bytes() for name in SOURCE_TABLES]
    return DayCost(days, run, score, tick, idle, day_by_day == at_once)


def _day_comes(folder: Path) -> None:
    """Two days more: the last one may look as if it were not over."""
    _foretell(folder, "generate", "continue", ".", "--days", 2)


def _settle(folder: Path) -> None:
    """The files as if they had been written a while ago."""
    for path in folder.glob("*.csv"):
        long_ago = path.stat().st_mtime_ns - 10**10
        os.utime(path, ns=(long_ago, long_ago))


def _foretell(folder: Path, *words: object) -> Cost:
    there = f"import os; os.chdir({json.dumps(str(folder))}); from foretell.cli.main import main; main()"
    return cost_of([sys.executable, "-c", there, *map(str, words)], {"OMP_NUM_THREADS": "1"})
