"""Planted drifts: what goes wrong in the files that a shop hands over, from a known day on."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

Dropped = Callable[[Mapping[str, str]], bool]
ORDERS_FALL, SOURCE_STOPS, FEATURE_SHIFTS = "orders fall by a third", "events stop", "half of the visits are lost"


def _a_third_of_orders(row: Mapping[str, str]) -> bool:
    return bool(row["order_id"]) and _draw(row["order_id"]) % 3 == 0


def _all(row: Mapping[str, str]) -> bool:
    return True


def _half_of_visits(row: Mapping[str, str]) -> bool:
    return not row["order_id"] and _draw(row["customer_id"] + row["time"]) % 2 == 0


def _draw(text: str) -> int:
    """A number that looks drawn and is the same for the same text."""
    return crc32(text.encode())


LOST: Mapping[str, Mapping[str, Dropped]] = {
    ORDERS_FALL: {"orders": _a_third_of_orders, "events": _a_third_of_orders},
    SOURCE_STOPS: {"events": _all},
    FEATURE_SHIFTS: {"events": _half_of_visits},
}
"""Of each drift the tables of which rows are lost."""


@dataclass(frozen=True)
class Drift:
    """`name` is one of `LOST`; `day` (ISO) is the first on which it is there."""

    name: str
    day: str

    def plant(self, folder: Path) -> None:
        """Take out of the files of a folder what is lost from the day on; the same rows stay, whenever it is done."""
        for table, is_lost in LOST[self.name].items():
            path = folder / f"{table}.csv"
            with path.open(encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file)
                names = list(rows.fieldnames or ())
                stay = [row for row in rows if row["time"] < self.day or not is_lost(row)]
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, names, lineterminator="\n")
                writer.writeheader()
                writer.writerows(stay)
