"""Rows: those that were refused, those that repeat another one, and cells that are empty."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from foretell.customer_log.tables.registry import ORDERS
from foretell.health.data.finding import DataFinding, Sought
from foretell.health.data.picture import TablePicture
from foretell.words.wording import count, percent, shown

MANY = 0.05
"""A larger share of refused or equal rows is a warning, of empty cells a remark."""
OFTEN_EMPTY = frozenset(
    ("customer_2", "customer_3", "refund", "refunded", "refunded_at", "cancelled_at", "discount", "known_at")
)
"""Roles whose cells are empty where nothing happened."""


def refused_rows(table: TablePicture, rejected: pa.Table) -> list[DataFinding]:
    """Rows of a table that could not be used; `rejected` are its own, as `REJECTED`."""
    if not table.rejected or not len(rejected):
        return []
    share, row = table.rejected / table.rows, rejected.slice(0, 1).to_pylist()[0]
    reasons = Counter(str(reason) for reason in rejected["reason"].to_pylist()).most_common(3)
    told = ", ".join(f"{reason} ({count(rows)})" for reason, rows in reasons)
    value = "nothing" if row["value"] is None else f"“{shown(row['value'])}”"
    where = f" in {row['column']}" if row["column"] else ""
    return [
        DataFinding(
            "refused rows",
            "warning" if share > MANY else "remark",
            table.table,
            f"{count(table.rejected)} of {count(table.rows)} rows ({percent(share)}) could not be used: {told}.",
            "Correct them in the source; rejected.parquet of a run lists every one.",
            f"{shown(row['file'])}, line {row['line']}: {value}{where}",
        )
    ]


def equal_rows(table: TablePicture) -> list[DataFinding]:
    """Rows of orders that repeat another one exactly; many of them are a warning."""
    if table.table != ORDERS or not table.equal:
        return []
    share = table.equal / table.kept
    return [
        DataFinding(
            "equal lines",
            "warning" if share > MANY else "remark",
            table.table,
            f"{count(table.equal)} lines ({percent(share)}) repeat another one exactly; they are kept, since such "
            "lines are often real.",
            "If the export wrote them twice, take them out of the file; a number of the line tells them apart: "
            "--columns line=...",
            sought=Sought(repeats=True),
        )
    ]


def empty_cells(table: TablePicture, roles: dict[str, str]) -> list[DataFinding]:
    """Columns of orders with many empty cells, and columns of any table that are empty altogether, which of orders is a
    warning. `roles` maps roles to columns."""
    found = []
    for role, column in roles.items():
        empty = table.empty.get(column, 0)
        if not table.rows or empty <= MANY * table.rows or (table.table == ORDERS and role in OFTEN_EMPTY):
            continue
        is_all = empty >= table.rows
        if table.table != ORDERS and not is_all:
            continue
        found.append(
            DataFinding(
                "empty cells",
                "warning" if is_all and table.table == ORDERS else "remark",
                table.table,
                f"{shown(column)}, taken as {role}, is empty in {count(empty)} of {count(table.rows)} rows "
                f"({percent(empty / table.rows)}).",
                f"Fill it in the source, or name another column: {_naming(table.table, role)}.",
                sought=Sought(empty=column),
            )
        )
    return found


def _naming(table: str, role: str) -> str:
    """How to say which column plays a role of a table."""
    return f"--columns {role}=..." if table == ORDERS else f'columns = {{ {role} = "..." }} below [[sources]]'
