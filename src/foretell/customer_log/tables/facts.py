"""From the rows of a source to the facts of a table: every row becomes facts, or a rejected row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells import dates
from foretell.customer_log.cells.dates import moments
from foretell.customer_log.cells.identifiers import canonical_ids
from foretell.customer_log.erasure.left_out_at_reading import without_forgotten
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.keyed_lines import WORDS
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.row_problems import NO_CUSTOMER, RowProblems
from foretell.customer_log.schema import LEFT_OUT
from foretell.customer_log.stable_keys import code_of, stable_keys
from foretell.customer_log.tables.fact_table import (
    ATTRIBUTE,
    CUSTOMER,
    FIXED,
    KNOWN_AT,
    STEP,
    TIME,
    VALUE,
    FactTable,
    Happening,
)
from foretell.customer_log.tables.said import Said
from foretell.customer_log.whose_and_when import known_later
from foretell.project.intervals import days

NOT_YET = (dates.MISSING, dates.IN_THE_FUTURE, dates.PLACEHOLDER)
"""What stands where something that may happen has not happened."""


@dataclass(frozen=True)
class FactsBatch:
    """Some rows of a source: those that could be used as `FactTable.stored`, the texts behind their codes as `WORDS`,
    the others as `REJECTED`, and rows read; of forgotten customers the number of rows alone, as `LEFT_OUT`."""

    facts: pa.Table
    words: pa.Table
    rejected: pa.Table
    rows_read: int
    left_out: pa.Table = field(default_factory=LEFT_OUT.empty_table)


def read_facts(
    file: SourceFile, table: FactTable, columns: Mapping[str, str], agreed: Conventions, clock: tuple[str, int]
) -> Iterator[FactsBatch]:
    """The rows of a file in their order; `clock` is the local time zone, and the moment (microseconds UTC) that bounds
    the dates that are believed, and at which what has no date of its own became known."""
    named = list(dict.fromkeys(columns.values()))
    fixed = [one for one in named if one.startswith(FIXED)]
    blocks = open_table(file).batches([one for one in named if one not in fixed], file.skip_bytes)
    for block, gone in without_forgotten(blocks, [columns[CUSTOMER]], agreed.forgotten):
        rows = block.rows
        for one in fixed:
            rows = rows.append_column(one, pa.array([one.removeprefix(FIXED)] * rows.num_rows, pa.string()))
        whole = without_sensitive(block._replace(rows=rows), columns, agreed.sensitive)
        found = _facts(whole, file.name, _Reading(table, columns, agreed, clock))
        yield replace(found, left_out=gone, rows_read=found.rows_read + (pc.sum(gone["rows"]).as_py() or 0))


@dataclass(frozen=True)
class _Reading:
    table: FactTable
    columns: Mapping[str, str]
    agreed: Conventions
    clock: tuple[str, int]


@dataclass(frozen=True)
class _When:
    """When a fact of each row happened and became known (int64 microseconds UTC); `there` says which rows have it."""

    there: np.ndarray
    happened_at: np.ndarray
    known_at: np.ndarray


def _facts(block: Block, file: str, how: _Reading) -> FactsBatch:
    rows, problems = block.rows, RowProblems(block.rows.num_rows)
    found = [(one, _when(rows, one, how, problems)) for one in how.table.happenings]
    customers = canonical_ids(rows[how.columns[CUSTOMER]])
    problems.mark(customers.is_null().to_numpy(zero_copy_only=False), how.columns[CUSTOMER], NO_CUSTOMER)
    said = Said.of(rows, how.table, how.columns, how.agreed.decimal, problems)
    keys = _keys(customers, problems.good)
    parts = [how.table.stored.empty_table()]
    for happening, when in ((one, when) for one, when in found if when is not None):
        steps = {STEP: code_of(happening.step)} if happening.step else {}
        for told in _told(happening, said, how):
            there = problems.good & when.there & told.there(happening.needs)
            own = {name: array for name, array in told.arrays.items() if _is_told(name, happening)}
            parts.append(_table(how.table.stored, keys, when, there, own, steps))
        if happening.step:
            said.word(happening.step)
    rejected = pa.concat_tables([block.rejected, problems.rejected(block, file)])
    words = pa.concat_tables([WORDS.empty_table(), *said.words])
    return FactsBatch(pa.concat_tables(parts), words, rejected, rows.num_rows + block.rejected.num_rows)


def without_sensitive(block: Block, columns: Mapping[str, str], sensitive: Sequence[str]) -> Block:
    """A block without the rows that name a sensitive attribute, where a column names attributes."""
    if ATTRIBUTE not in columns or not sensitive:
        return block
    named = pc.utf8_lower(pc.utf8_trim_whitespace(block.rows[columns[ATTRIBUTE]].cast(pa.string())))
    is_sensitive = pc.is_in(named, pa.array([name.strip().lower() for name in sensitive]))
    kept = pc.invert(pc.fill_null(is_sensitive, False))
    return block._replace(rows=block.rows.filter(kept), lines=block.lines[kept.to_numpy()])


def _told(happening: Happening, said: Said, how: _Reading) -> list[Said]:
    """What the facts of one happening tell: one, or one an attribute that has a column of its own."""
    attributes = how.table.attributes_of(how.columns)
    if happening.role != TIME or not attributes:
        return [said]
    own = [said] if ATTRIBUTE in how.columns else []
    return [
        *own,
        *(said.of_attribute(name, said.text(column), (ATTRIBUTE, VALUE)) for name, column in attributes.items()),
    ]


def _is_told(name: str, happening: Happening) -> bool:
    return happening.tells is None or name in happening.tells


def _when(rows: pa.Table, happening: Happening, how: _Reading, problems: RowProblems) -> _When | None:
    """When it happened, and problems marked; None where no column tells."""
    column = how.columns.get(happening.role)
    is_instead = column is None and happening.instead in how.columns
    column = how.columns[happening.instead] if is_instead else column
    undated = how.table.may_be_undated and happening.role == TIME
    if column is None:
        now = np.full(rows.num_rows, how.clock[1])
        return _When(np.ones(rows.num_rows, dtype=bool), now, now) if undated else None
    found = moments(rows[column], how.agreed.date_order, *how.clock)
    is_wrong = found.reasons > 0
    if undated:
        is_wrong &= found.reasons != dates.MISSING
    elif not happening.is_needed:
        is_wrong &= ~np.isin(found.reasons, NOT_YET)
    problems.mark_all(np.where(is_wrong, found.reasons, 0), dates.REASONS, column)
    known_at = known_later(rows, how.columns.get(KNOWN_AT), found, how.agreed.date_order, how.clock, problems)
    if is_instead and KNOWN_AT not in how.columns:
        known_at = known_at + days(happening.late_days)
    if not undated:
        return _When(found.reasons == 0, found.happened_at, known_at)
    missing = found.reasons == dates.MISSING
    happened = np.where(missing, how.clock[1], found.happened_at)
    return _When(missing | (found.reasons == 0), happened, np.where(missing, how.clock[1], known_at))


def _keys(customers: pa.Array, good: np.ndarray) -> np.ndarray:
    """uint64: the stable key of the customer of each row, 0 where the row is not good."""
    keys = np.zeros(len(customers), dtype=np.uint64)
    ids = customers.filter(pa.array(good)).dictionary_encode()
    if len(ids):
        keys[good] = stable_keys(ids.dictionary).take(ids.indices.to_numpy())
    return keys


def _table(
    stored: pa.Schema,
    keys: np.ndarray,
    when: _When,
    there: np.ndarray,
    told: Mapping[str, pa.Array],
    steps: Mapping[str, int],
) -> pa.Table:
    """The facts of the rows that are `there`, as the table stores them."""
    chosen, count = pa.array(there), int(there.sum())
    happened = when.happened_at[there]
    columns = {"customer_key": keys[there], "happened_at": happened, "known_after": when.known_at[there] - happened}
    columns |= {name: array.filter(chosen) for name, array in told.items()}
    columns |= {name: np.full(count, code) for name, code in steps.items()}
    missing = pa.nulls(count, pa.int64())
    return pa.table({name: columns.get(name, missing) for name in stored.names}, schema=stored)
