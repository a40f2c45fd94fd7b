"""Rates: what one unit of another currency was worth in the reporting one, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.currency_marks import currency_named
from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.customer_log.schema import LEFT_OUT
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.words.wording import counted

DAYS_SHOWN = 3
TURNED, TURNED_INTO = "turned", "turned into"
"""Kinds of `LEFT_OUT` rows that count what was turned: in its own currency (the reason names it), and in that of the
answers."""
MONEY = ("amount", "discount")


@dataclass(frozen=True)
class Rates:
    """By currency its local days (since 1970-01-01, ascending, int64) and, for each, what one unit was worth in the
    currency `into` (float64)."""

    into: str
    known: Mapping[str, tuple[np.ndarray, np.ndarray]]

    @property
    def fingerprint(self) -> str:
        """What tells these rates from others."""
        told = [[name, days.tolist(), worth.tolist()] for name, (days, worth) in sorted(self.known.items())]
        return fingerprint([self.into, told])

    def at(self, currencies: pa.Array, days: np.ndarray) -> np.ndarray:
        """float64 [rows]: the newest rate of each row's currency at or before its day; 1 for the reporting currency and
        where no currency is named, NaN where there is no rate."""
        found = np.ones(len(days))
        values, positions = distinct(currencies)
        for place, name in enumerate(values.to_pylist()):
            rows = np.flatnonzero(positions == place)
            if name == self.into:
                continue
            own, worth = self.known.get(name, (np.zeros(0, dtype=np.int64), np.zeros(0)))
            newest = np.searchsorted(own, days[rows], side="right") - 1
            found[rows] = np.append(worth, np.nan)[newest]
        return found


def named_currencies(column: pa.ChunkedArray) -> pa.Array:
    """The currency of each row by its code or sign; null where none is named."""
    values, positions = distinct(column)
    names = pa.array(
        [None if text is None else currency_named(text) for text in as_text(values).to_pylist()], pa.string()
    )
    return names.take(pa.array(positions, pa.int32(), mask=positions < 0))


def refuse_missing(rate: np.ndarray, currencies: pa.Array, days: np.ndarray, file: str, column: str) -> None:
    """InputError where a row has no rate: it names the currencies and the days."""
    rows = np.flatnonzero(np.isnan(rate))
    if not len(rows):
        return
    missing = sorted({(currencies[int(row)].as_py(), int(days[row])) for row in rows})
    told = []
    for name in dict.fromkeys(one for one, _ in missing):
        own = [str(np.datetime64(day, "D")) for one, day in missing if one == name]
        more = f" and {counted(len(own) - DAYS_SHOWN, 'more day')}" if len(own) > DAYS_SHOWN else ""
        told.append(f"{name} on {', '.join(own[:DAYS_SHOWN])}{more}")
    raise InputError(
        "There is no rate for money in another currency.",
        file=file,
        column=column,
        found="; ".join(told),
        expected="for each currency a rate at or before the first of its days",
        hint="add rows to the table of rates; a rate counts until the next one",
    )


def turned(lines: pa.Table, rate: np.ndarray) -> pa.Table:
    """Lines with their money at a rate each, to the nearest ten-thousandth."""
    for name in (one for one in MONEY if one in lines.column_names):
        money = lines[name].to_numpy()
        own = np.where(rate == 1, money, np.rint(money * np.where(np.isnan(rate), 1, rate)).astype(np.int64))
        lines = lines.set_column(lines.column_names.index(name), name, pa.array(own))
    return lines


def turned_rows(before: pa.Table, after: pa.Table, currencies: pa.Array, rows: np.ndarray) -> pa.Table:
    """What was turned of some rows (bool), as `LEFT_OUT`: by currency and order, in both currencies."""
    parts, chosen = [LEFT_OUT.empty_table()], pa.array(rows)
    for kind, lines in ((TURNED, before), (TURNED_INTO, after)):
        own = lines.select(["order_id", "amount"]).filter(chosen)
        table = own.append_column("reason", currencies.filter(chosen))
        found = table.group_by(["reason", "order_id"]).aggregate([("amount", "count"), ("amount", "sum")])
        kinds = pa.array([kind] * len(found), pa.string())
        columns = [kinds, found["reason"], found["order_id"], found["amount_count"], found["amount_sum"]]
        parts.append(pa.table(columns, schema=LEFT_OUT))
    return pa.concat_tables(parts)


def turned_in_all(left_out: pa.Table) -> list[tuple[str, int, int, int]]:
    """Currency, orders (rows, where they have no number), money in it and money it was turned into, by currency; money
    in ten-thousandths."""
    found = []
    of_kind = [left_out.filter(pc.equal(left_out["kind"], kind)) for kind in (TURNED, TURNED_INTO)]
    for name in sorted(pc.unique(of_kind[0]["reason"]).to_pylist()):
        own, into = (rows.filter(pc.equal(rows["reason"], name)) for rows in of_kind)
        orders = pc.count_distinct(own["order_id"]).as_py()
        unnumbered = pc.sum(own.filter(own["order_id"].is_null())["rows"]).as_py() or 0
        found.append((name, orders + unnumbered, pc.sum(own["amount"]).as_py(), pc.sum(into["amount"]).as_py()))
    return found
