"""The tables of the log by name, and the sources that feed them.

A table declared here is read from its sources, kept by customer, and seen by features as of any cutoff. Orders are the
one table that is read in a way of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foretell.customer_log.tables.fact_table import FIXED, FactTable, Happening, Made, Role
from foretell.project.errors import InputError
from foretell.project.request import Source

__all__ = ["FACT_TABLES", "FactColumns", "FactTable", "Happening", "Made", "Role", "checked_sources", "declared"]

ORDERS = "orders"
IDENTITIES, RATES = "identities", "rates"
HELPING: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    IDENTITIES: (("customer", "other"), ("kind", "time", "known_at")),
    RATES: (("time", "currency", "rate"), ()),
}
"""Tables that help to read the others and hold no facts of customers: the roles that they need, and those that they may
have."""


@dataclass(frozen=True)
class FactColumns:
    """Which column of a source plays which role of a table; `time` is the first that holds times, None where none
    does."""

    time: str | None
    roles: Mapping[str, str]
    numbers: tuple[str, ...]
    currency: str | None = None
    discount: str | None = None

    @classmethod
    def of(cls, table: FactTable, source: Source) -> FactColumns:
        """Those of a source."""
        numeric = (role.name for role in table.roles if role.holds in ("number", "money"))
        numbers = tuple(source.columns[name] for name in numeric if name in source.columns)
        times = (source.columns[role] for role in table.times if role in source.columns)
        return cls(next(times, None), dict(source.columns), numbers)

    def used(self) -> dict[str, str]:
        """Role to column of the file; a role that is the same word in each row (`=word`) has none."""
        return {role: column for role, column in self.roles.items() if not column.startswith(FIXED)}


FACT_TABLES: dict[str, FactTable] = {}
"""Every table beside orders, by name."""


def declared(table: FactTable) -> FactTable:
    """Let the log know a table; ValueError where another one has its name."""
    if table.name == ORDERS or FACT_TABLES.setdefault(table.name, table) != table:
        raise ValueError(f"the table {table.name} is declared twice")
    return table


def checked_sources(sources: tuple[Source, ...]) -> None:
    """InputError for a table that is not known, columns that do not fit one, and orders from no or several sources."""
    orders = [source for source in sources if source.table == ORDERS]
    if len(orders) != 1:
        raise InputError(
            "Orders come from one source.",
            found=f"{len(orders)} sources with table = {ORDERS!r}",
            expected="one",
            hint="list all order files in the path of one source: path = [...]" if orders else "add one",
        )
    for source in sources:
        if source.table == ORDERS:
            continue
        if source.table in HELPING:
            _check_helping(source)
            continue
        known = [name for name, table in FACT_TABLES.items() if not table.is_derived]
        if source.table not in known:
            raise InputError(
                "The table is not known.", found=repr(source.table), expected=", ".join((ORDERS, *known, *HELPING))
            )
        FACT_TABLES[source.table].check(source)


def _check_helping(source: Source) -> None:
    needed, others = HELPING[source.table]
    unknown = [role for role in source.columns if role not in (*needed, *others)]
    missing = [role for role in needed if role not in source.columns]
    if unknown or missing:
        raise InputError(
            f"The table {source.table} has no such role." if unknown else f"{source.table} needs more columns.",
            found=", ".join(unknown or source.columns) or "none",
            expected=", ".join((*needed, *others) if unknown else needed),
            hint=f'add {missing[0]} = "the column" to columns in foretell.toml' if missing else None,
        )
