"""SQL databases: one way to ask all of them, whose differences are in what opens them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from foretell.customer_log.databases.connection import State
from foretell.customer_log.databases.relation import TEXT, Relation, Since, quoted, select
from foretell.project.errors import InputError

MOST_NAMED = 20


class Driver(Protocol):
    """What differs: how a query is answered, which tables and keys there are, and how content is told."""

    def answer(self, query: str) -> Iterator[pa.Table]:
        """The rows of a query in blocks; at least one, which may be empty. InputError where it fails."""
        ...

    def tables(self) -> list[str]: ...

    def key(self, table: str) -> list[str]: ...

    def content(self, rows: str) -> str:
        """A text that changes whenever rows do."""
        ...

    def from_table(self, table: str) -> str:
        """A table's name as SQL writes it, with its schema where it has one."""
        ...


@dataclass
class SqlConnection:
    """A `Connection` to a relation through a driver."""

    relation: Relation
    driver: Driver

    def tables(self) -> list[str]:
        return sorted(self.driver.tables())

    def columns(self) -> dict[str, bool]:
        empty = next(iter(self.driver.answer(f"select * from {self._rows()} where 1 = 0")))
        return {field.name: pa.types.is_string(field.type) for field in empty.schema}

    def rows(self, columns: Sequence[str], since: Since | None) -> Iterator[pa.Table]:
        rows, key = self._rows(), [self.relation.key] if self.relation.key else []
        if not key and self.relation.table:
            key = self.driver.key(self.relation.table)
        return self.driver.answer(select(rows, self.relation, columns, key, since))

    def state(self) -> State:
        rows, at = self._rows(), self.relation.incremental
        newest = f"cast(max({quoted(at)}) as {TEXT[self.relation.kind]})" if at else "''"
        found = [block for block in self.driver.answer(f"select count(*), {newest} from {rows}") if len(block)]
        count, until = (column[0].as_py() for column in found[0].columns)
        return State(int(count), until or "", until or "") if at else State(int(count), self.driver.content(rows))

    def _rows(self) -> str:
        if self.relation.query:
            return f"({self.relation.query.strip().rstrip(';')}) as asked"
        known = self.driver.tables()
        if self.relation.table not in known:
            raise self._unknown(sorted(known))
        return self.driver.from_table(self.relation.table)

    def _unknown(self, known: Sequence[str]) -> InputError:
        more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
        return InputError(
            "The database has no such table." if self.relation.table else "It is not said which table is read.",
            file=self.relation.place,
            found=self.relation.table or None,
            expected=f"one of: {', '.join(known[:MOST_NAMED])}{more}" if known else "a table; there is none",
            hint='from = "NAME" in [[sources]] of foretell.toml, or query = "select ..."',
        )
