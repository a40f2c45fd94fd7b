"""A file of a table, read into facts that say what they tell in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.tables.facts import read_facts
from foretell.customer_log.tables.registry import FactTable
from foretell.project.intervals import from_microseconds, parse_day

NOW = parse_day("2026-01-01", "UTC")


@dataclass(frozen=True)
class ReadTable:
    """`facts`: what each tells, by name, codes as their texts where those are kept; `at` and `known_at` as ISO times.
    `rejected`: column and reason by line."""

    facts: list[dict[str, Any]]
    rejected: dict[int, tuple[str, str]]

    def told(self, *names: str) -> list[tuple[Any, ...]]:
        """The facts by time, of each what the names hold."""
        return [tuple(fact[name] for name in names) for fact in sorted(self.facts, key=lambda fact: str(fact["at"]))]


def read_table(path: Path, table: FactTable, text: str, **columns: str) -> ReadTable:
    """The facts and rejected rows of a CSV text; without columns each is of the role of its name, the customer's is
    `customer_id`."""
    path.write_text(text, encoding="utf-8")
    header = text.partition("\n")[0].split(",")
    columns = columns or {name: name for name in header if name != "customer_id"} | {"customer": "customer_id"}
    (batch,) = read_facts(source_files([path])[0], table, columns, Conventions(), ("UTC", NOW))
    assert batch.facts.schema == table.stored
    words = dict(zip(*batch.words.to_pydict().values(), strict=True))
    facts = []
    for row in batch.facts.to_pylist():
        told = {name: words.get(row[name], row[name]) if is_code else row[name] for name, is_code in table.kept.items()}
        facts.append(told | {"at": _iso(row["happened_at"]), "known_at": _iso(row["happened_at"] + row["known_after"])})
    rejected = {row["line"]: (row["column"], row["reason"]) for row in batch.rejected.to_pylist()}
    return ReadTable(facts, rejected)


def _iso(moment: int) -> str:
    found: datetime = from_microseconds(moment, "UTC")
    return found.strftime("%Y-%m-%d %H:%M")
