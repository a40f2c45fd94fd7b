"""What a table of the log is: its name, and the roles that columns of a source play in it.

A table declared here is read from its sources, kept by customer, and seen by features as of any cutoff. Orders are the
one table that is read in a way of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from foretell.project.errors import InputError
from foretell.project.request import Source

ORDERS = "orders"
FACT_ROLES = ("customer", "time", "known_at")
NEEDED_ROLES = ("customer", "time")
THOUSANDTHS = 1000


@dataclass(frozen=True)
class Role:
    """What a column says of a fact. Numbers are kept in thousandths, money in ten-thousandths, texts as codes."""

    name: str
    holds: Literal["text", "number", "money"]
    is_needed: bool = False


@dataclass(frozen=True)
class FactTable:
    """A table of facts: each has a customer, a time, perhaps the moment at which it became known, and its roles.

    Features see each role as an integer column of its name: the code of a text (0: none), or a number, with
    `has_<role>` (1 or 0), as a number that is missing counts as 0.
    """

    name: str
    roles: tuple[Role, ...] = ()

    @property
    def role_names(self) -> tuple[str, ...]:
        """The names of its own roles."""
        return tuple(role.name for role in self.roles)

    @property
    def stored(self) -> pa.Schema:
        """The columns of its files; a role is null where a fact does not tell it."""
        keys = [("customer_key", pa.uint64()), ("happened_at", pa.int64()), ("known_after", pa.int64())]
        return pa.schema([*keys, *((name, pa.int64()) for name in self.role_names)])

    def check(self, source: Source) -> None:
        """InputError where the columns of a source do not fit the roles."""
        known = (*FACT_ROLES, *self.role_names)
        needed = [*NEEDED_ROLES, *(role.name for role in self.roles if role.is_needed)]
        if unknown := [role for role in source.columns if role not in known]:
            raise InputError(
                f"The table {self.name} has no such role.", found=", ".join(unknown), expected=", ".join(known)
            )
        if missing := [role for role in needed if role not in source.columns]:
            raise InputError(
                f"The table {self.name} needs more columns.",
                found=", ".join(source.columns) or "none",
                expected=", ".join(needed),
                hint=f'add {missing[0]} = "the column" to columns in foretell.toml',
            )


@dataclass(frozen=True)
class FactColumns:
    """Which column of a source plays which role of a table."""

    time: str
    roles: Mapping[str, str]
    numbers: tuple[str, ...]
    currency: str | None = None
    discount: str | None = None

    @classmethod
    def of(cls, table: FactTable, source: Source) -> FactColumns:
        """Those of a source."""
        numbers = (role.name for role in table.roles if role.holds != "text" and role.name in source.columns)
        return cls(source.columns["time"], dict(source.columns), tuple(source.columns[name] for name in numbers))

    def used(self) -> dict[str, str]:
        """Role to column."""
        return dict(self.roles)


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
        if source.table not in FACT_TABLES:
            raise InputError(
                "The table is not known.", found=repr(source.table), expected=", ".join((ORDERS, *FACT_TABLES))
            )
        FACT_TABLES[source.table].check(source)
