"""The small shop in a project of its own, whose file of orders grows."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import timedelta
from pathlib import Path

from foretell.answers.published import PublishedRun, published
from foretell.project.intervals import days, from_microseconds
from foretell.project.place import Place
from foretell.storage.catalogue import FILE_NAME, Catalogue
from shop import Rows, written
from shops.acting_shop import acting_shop

STANDING = """
[[playbooks]]
name = "hello"
when = "p_purchase < 95 %"
offers = ["letter"]
triggered = true
window = "30d"
cooldown = "0d"
cooldown_all = "0d"
"""


def daily_shop(run: PublishedRun, shop: Rows, folder: Path, more: str = "") -> Place:
    """The place of the run's copy, which reads a file of its own."""
    place = acting_shop(run, folder, more)
    orders = settled(written(shop, folder / "orders.csv"))
    with sqlite3.connect(place.state / FILE_NAME) as connection:
        asked = json.loads(connection.execute("select asked from runs").fetchone()[0])
        asked["request"]["sources"][0]["files"] = [str(orders)]
        connection.execute("update runs set asked = ?", (json.dumps(asked),))
    Catalogue(place.state).exported(run.record.run)
    return place


def comes(place: Place, day: int = 0, hour: int = 23) -> None:
    """Two orders on a day after that of the newest run (0: the first that it does not know), the last at that hour."""
    orders = place.state.parent / "orders.csv"
    begin = from_microseconds(published(place).record.as_of + days(day))
    with orders.open("a", encoding="utf-8") as file:
        for who, at in (("C0003", 1), ("new", hour)):
            file.write(
                f"{who},{begin + timedelta(hours=at, minutes=59):%Y-%m-%d %H:%M:%S},T{day}{hour}{who},P01,9.50\n"
            )
    settled(orders)


def settled(path: Path) -> Path:
    """The file as if it had been written a while ago."""
    long_ago = path.stat().st_mtime_ns - 10**10
    os.utime(path, ns=(long_ago, long_ago))
    return path


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder, with when it was written and what is in it."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}
