"""Freshness: a table that ends before the others do, by its own pauses; an export whose orders end long before it."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.health.data.freshness import stale_tables
from foretell.health.data.largest import Largest
from foretell.health.data.picture import Moments, Picture, TablePicture
from foretell.project.intervals import MICROSECONDS_PER_DAY


def table(name: str, days: list[int], written_on: int = 0) -> TablePicture:
    """A table with a fact at noon of each day."""
    at = np.array(days, dtype=np.int64) * MICROSECONDS_PER_DAY + MICROSECONDS_PER_DAY // 2
    moments = Moments.of(at, at, "UTC")
    written = written_on * MICROSECONDS_PER_DAY
    return TablePicture(name, (), len(days), len(days), 0, 0, moments, written_at=written)


def stale(*tables: TablePicture) -> list[tuple[str, str]]:
    """Which tables are told, and as what."""
    found = stale_tables(Picture("UTC", "", tables, Largest()))
    return [(one.table, one.check) for one in found]


@pytest.mark.parametrize(
    ("orders", "events", "told"),
    [
        (range(100, 200), range(100, 200), []),
        (range(100, 200), range(100, 187), []),
        (range(100, 200), range(100, 180), [("events", "stale source")]),
        (range(100, 180), range(100, 200), [("orders", "stale source")]),
        (range(100, 200), range(10, 190, 30), []),
        (range(100, 200), [150, 151], []),
        ([], range(100, 180), []),
    ],
)
def test_a_table_is_stale_by_its_own_pauses(orders: list[int], events: list[int], told: list[tuple[str, str]]) -> None:
    assert stale(table("orders", list(orders)), table("events", list(events))) == told


@pytest.mark.parametrize(("written", "told"), [(205, []), (260, [("orders", "old export")]), (5_000, [])])
def test_an_export_written_long_after_its_last_order(written: int, told: list[tuple[str, str]]) -> None:
    assert stale(table("orders", list(range(100, 200)), written)) == told
