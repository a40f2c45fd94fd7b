"""One currency: a second one, in a column of currencies or in the amounts themselves, is refused."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from foretell.customer_log.cells.currency_marks import are_one, currencies_in
from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.roles.column_facts import ColumnFacts
from foretell.customer_log.roles.doubts import RoleGuess
from foretell.customer_log.schema import ReadColumns
from foretell.project.errors import InputError


def refuse_second(
    seen: tuple[dict[str, str], dict[str, str]], rows: pa.Table, columns: ReadColumns, file: SourceFile
) -> None:
    """InputError where rows name a second currency, in the column of currencies or in the amounts themselves; `seen`
    holds what either named so far."""
    if columns.currency is not None:
        refuse_mixed(seen[0], rows[columns.currency], columns.currency, file)
    for name in columns.numbers:
        refuse_mixed_marks(seen[1], rows[name], name, file)


def refuse_mixed(seen: dict[str, str], values: pa.ChunkedArray, column: str, file: SourceFile) -> None:
    """InputError where a second currency turns up; `seen` holds those known so far."""
    for text in as_text(distinct(values).values).drop_null().to_pylist():
        seen.setdefault(text.upper(), f"{text} in {file.name}")
    if len(seen) > 1:
        raise InputError(
            "Mixed currencies are refused.",
            file=str(file.path),
            column=column,
            found=", ".join(sorted(seen)),
            expected="amounts in one currency",
            hint='declare a table of rates, [[sources]] with table = "rates", or keep the files of each currency apart',
        )


def refuse_mixed_marks(seen: dict[str, str], values: pa.ChunkedArray, column: str, file: SourceFile) -> None:
    """InputError where the amounts themselves name a second currency; `seen` holds those known so far, with a cell."""
    for name, cell in currencies_in(values).items():
        seen.setdefault(name, cell)
    if len(seen) > 1 and not are_one(set(seen)):
        raise InputError(
            "Mixed currencies are refused.",
            file=str(file.path),
            column=column,
            found=", ".join(f"{name} in {cell!r}" for name, cell in sorted(seen.items())),
            expected="amounts in one currency",
            hint="convert the amounts to one currency, or keep the rows of each currency in files of their own",
        )


def one_currency(facts: Mapping[str, ColumnFacts], roles: Mapping[str, RoleGuess]) -> str:
    """The currency that a column of currencies names on every row; empty where it names none, or several."""
    column = facts.get(roles["currency"].column) if "currency" in roles else None
    return column.most_frequent[0][0].upper() if column is not None and column.values == 1 else ""
