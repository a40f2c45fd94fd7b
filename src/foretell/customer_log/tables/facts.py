"""From the rows of a source to the facts of a table: every row becomes a fact or a rejected row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells import numbers
from foretell.customer_log.cells.identifiers import as_text, distinct, spread
from foretell.customer_log.cells.numbers import amounts, quantities
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.keyed_lines import WORDS, codes_of_texts
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.row_problems import NO_CUSTOMER, RowProblems
from foretell.customer_log.stable_keys import stable_keys
from foretell.customer_log.tables.registry import THOUSANDTHS, FactTable, Role
from foretell.customer_log.whose_and_when import Held, whose_and_when


@dataclass(frozen=True)
class FactsBatch:
    """Some rows of a source: those that could be used as `FactTable.stored`, the texts behind their codes as `WORDS`,
    the others as `REJECTED`, and rows read."""

    facts: pa.Table
    words: pa.Table
    rejected: pa.Table
    rows_read: int


def read_facts(
    file: SourceFile, table: FactTable, columns: Mapping[str, str], agreed: Conventions, clock: tuple[str, int]
) -> Iterator[FactsBatch]:
    """The rows of a file in their order; `clock` is the local time zone, and the moment (microseconds UTC) that bounds
    the dates that are believed."""
    used = list(dict.fromkeys(columns.values()))
    for block in open_table(file).batches(used, file.skip_bytes):
        yield _facts(block, file.name, _Reading(table, columns, agreed, clock))


@dataclass(frozen=True)
class _Reading:
    table: FactTable
    columns: Mapping[str, str]
    agreed: Conventions
    clock: tuple[str, int]


def _facts(block: Block, file: str, how: _Reading) -> FactsBatch:
    rows, problems = block.rows, RowProblems(block.rows.num_rows)
    held = Held((how.columns["customer"],), how.columns["time"], how.columns.get("known_at"))
    customers, happened_at, known_at, _ = whose_and_when(rows, held, how.agreed.date_order, how.clock, problems)
    problems.mark(customers.is_null().to_numpy(zero_copy_only=False), held.customers[0], NO_CUSTOMER)
    words = [WORDS.empty_table()]
    told = {role.name: _told(rows, role, how, problems, words) for role in how.table.roles}
    good = pa.array(problems.good)
    ids = customers.filter(good).dictionary_encode()
    key = stable_keys(ids.dictionary).take(ids.indices.to_numpy()) if len(ids) else np.zeros(0, dtype=np.uint64)
    happened = happened_at[problems.good]
    columns = {"customer_key": key, "happened_at": happened, "known_after": known_at[problems.good] - happened}
    facts = pa.table(columns | {name: values.filter(good) for name, values in told.items()}, schema=how.table.stored)
    rejected = pa.concat_tables([block.rejected, problems.rejected(block, file)])
    return FactsBatch(facts, pa.concat_tables(words), rejected, rows.num_rows + block.rejected.num_rows)


def _told(rows: pa.Table, role: Role, how: _Reading, problems: RowProblems, words: list[pa.Table]) -> pa.Array:
    """int64: what a role says of each row, null where it says nothing; texts behind codes join `words`."""
    column = how.columns.get(role.name)
    if column is None:
        return pa.nulls(rows.num_rows, pa.int64())
    if role.holds == "text":
        values, positions = distinct(rows[column])
        codes, texts = codes_of_texts(spread(as_text(values), positions))
        words.append(texts)
        problems.mark((codes == 0) & role.is_needed, column, f"no {role.name}")
        return pa.array(codes, mask=codes == 0)
    if role.holds == "money":
        found = amounts(rows[column], how.agreed.decimal)
        values_in_units = found.values
    else:
        found = quantities(rows[column], how.agreed.decimal)
        values_in_units = np.rint(found.values * THOUSANDTHS).astype(np.int64)
    wrong = found.reasons if role.is_needed else np.where(found.reasons == numbers.MISSING, 0, found.reasons)
    problems.mark_all(wrong, [reason.replace("no number", f"no {role.name}") for reason in numbers.REASONS], column)
    return pc.cast(pa.array(values_in_units, mask=found.reasons != 0), pa.int64())
