"""The rows of a table that were known between two moments: how a shop that is drawn far ahead is told day by day."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.generated.calendar import times

TIME_OF = {
    "orders": "time", "events": "time", "contacts": "time", "feedback": "time", "profiles": "since",
    "subscriptions": "started_at", "consents": "time",
}  # fmt: skip
"""Table to the column by which a row is told. Any other table is told whole."""
STATES = ("subscriptions",)
"""Tables whose rows change: they are written anew as a whole, as a shop exports them."""


def rows_between(name: str, table: pa.Table, first: int, end: int) -> pa.Table:
    """Rows that came from `first` to before `end`, seconds since the first midnight. A subscription's end, the wish
    for it and its reason are null where they came later."""
    if name not in TIME_OF:
        return table
    since, until = _moment(first), _moment(end)
    column = table[TIME_OF[name]]
    table = table.filter(pc.and_(pc.greater_equal(column, since), pc.less(column, until)))
    return _known(table, until) if name in STATES else table


def in_order_of_time(name: str, table: pa.Table) -> pa.Table:
    """Rows by time; those of one moment stay as they were."""
    seconds = table[TIME_OF[name]].cast(pa.int64()).to_numpy()
    return table.take(pa.array(np.argsort(seconds, kind="stable")))


def _moment(seconds: int) -> pa.Scalar:
    return times(np.array([seconds]))[0]


def _known(table: pa.Table, until: pa.Scalar) -> pa.Table:
    nothing = pa.scalar(None, pa.timestamp("s"))
    for name in ("asked_to_cancel_at", "ended_at"):
        known = pc.if_else(pc.less(table[name], until), table[name], nothing)
        table = table.set_column(table.column_names.index(name), name, known)
    told = pc.or_(table["asked_to_cancel_at"].is_valid(), table["ended_at"].is_valid())
    reason = pc.if_else(told, table["reason"], pa.scalar(None, pa.string()))
    return table.set_column(table.column_names.index("reason"), "reason", reason)
