"""Freshness: whether a table ends before the others do, or long before its file was written."""

from __future__ import annotations

import numpy as np

from foretell.health.data.finding import DataFinding, Sought
from foretell.health.data.picture import Picture, TablePicture
from foretell.project.intervals import MICROSECONDS_PER_DAY, day_of
from foretell.words.wording import days

FEWEST_DAYS = 5
LEAST_LAG_DAYS = 14
TIMES_THE_LONGEST_GAP = 3
AN_ARCHIVE_DAYS = 730
"""Who reads a file that much newer than its facts means an archive, and knows."""


def stale_tables(picture: Picture) -> list[DataFinding]:
    """Tables whose facts end long before those of another, by their own longest pause; and orders that end long before
    their file was written."""
    dated = [table for table in picture.tables if len(table.moments.days) >= FEWEST_DAYS]
    found = []
    if not dated:
        return []
    newest = max(dated, key=lambda table: int(table.moments.days.codes[-1]))
    for table in dated:
        own = table.moments.days.codes
        lag = int(newest.moments.days.codes[-1] - own[-1])
        if lag <= max(LEAST_LAG_DAYS, TIMES_THE_LONGEST_GAP * int(np.diff(own).max())):
            continue
        last, latest = (day_of(one.moments.last_at, picture.timezone) for one in (table, newest))
        found.append(
            DataFinding(
                "stale source",
                "warning",
                table.table,
                f"The facts of {table.table} end on {last}, {days(lag)} before those of {newest.table} ({latest}): "
                "what came since looks as if nothing had happened.",
                f"Export {table.table} again, of the same day as the others"
                + ("." if table.table == "orders" else ", or leave the source out of foretell.toml until then."),
                f"the last fact is of {last}",
                Sought("", table.moments.last_at, table.moments.last_at + 1),
            )
        )
    return found + _old_facts(picture.orders, picture.timezone)


def _old_facts(orders: TablePicture, timezone: str) -> list[DataFinding]:
    age = (orders.written_at - orders.moments.known_at) / MICROSECONDS_PER_DAY
    if not orders.written_at or not LEAST_LAG_DAYS < age <= AN_ARCHIVE_DAYS:
        return []
    last, written = (day_of(moment, timezone) for moment in (orders.moments.last_at, orders.written_at))
    return [
        DataFinding(
            "old export",
            "remark",
            orders.table,
            f"The last order is of {last}, {days(age)} before its file was written ({written}).",
            "Is the end missing? A forecast is made as of the end of the data.",
            f"the last order is of {last}",
            Sought("", orders.moments.last_at, orders.moments.last_at + 1),
        )
    ]
