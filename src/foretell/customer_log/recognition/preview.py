"""A first look at a source, for people: its columns, some rows, the guessed roles and what cannot be told."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from foretell.customer_log.cells.identifiers import as_text
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import SourceTable
from foretell.customer_log.recognition.columns import Guess, guess
from foretell.customer_log.recognition.conventions import SPOKEN, Conventions, Reading
from foretell.customer_log.recognition.order_conventions import UnknownStates, order_conventions
from foretell.customer_log.recognition.other_readings import otherwise_read
from foretell.customer_log.roles.doubts import Doubt
from foretell.customer_log.roles.named_columns import columns_of
from foretell.customer_log.roles.states import STANDINGS
from foretell.customer_log.roles.vendors import said_of
from foretell.project.errors import InputError

SAMPLE_ROWS = 20_000
SAMPLE_CELLS = 4_000_000
GIANT_ANSWERS = ("nobody, set apart", "a customer")


@dataclass(frozen=True)
class Preview:
    """`rows` are the first three rows as text. `conventions` is None while doubts stand in the way."""

    files: tuple[SourceFile, ...]
    column_names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    guess: Guess
    conventions: Conventions | None
    notes: tuple[str, ...] = ()


def preview(files: Sequence[SourceFile], reading: Reading, given: Mapping[str, str] | None = None) -> Preview:
    """What the files hold and which column seems to play which role; `given` roles are not questioned."""
    tables = [open_table(file) for file in files]
    first = tables[0].column_names
    shared = [name for name in first if all(name in table.column_names for table in tables)]
    if not shared:
        _refuse_differing(tables, first)
    sample = sample_of(files, shared)
    found = guess(sample, given, timezone=reading.timezone, now=reading.now, as_of=reading.as_of)
    found = otherwise_read(found, sample)
    if found.doubts and len(shared) < len(first):
        _refuse_differing(tables, first)
    agreed = None
    if not found.doubts and reading.nobody is None and found.giant[0]:
        found = replace(found, doubts=(_giant(found),))
    if not found.doubts:
        columns = columns_of(found.chosen())
        try:
            agreed = order_conventions(files, columns, settled(reading, found))
        except InputError as error:
            found = replace(found, doubts=_asked(error, columns.time))
            if not found.doubts:
                raise
    head = [tuple("" if cell is None else str(cell) for cell in row.values()) for row in sample.slice(0, 3).to_pylist()]
    notes = (*said_of(first), *found.notes, *(note for table in tables for note in table.notes))
    return Preview(tuple(files), tuple(shared), tuple(head), found, agreed, notes)


def _giant(found: Guess) -> Doubt:
    text, share = found.giant
    column = found.roles["customer"].column
    question = f"{text} stands in {column} on {share}. Is that a customer?"
    line = f"nobody = {json.dumps([*found.nobody, text], ensure_ascii=False)}"
    option = f"--nobody {shlex.quote(','.join([*found.nobody, text]))}"
    kept = f"--nobody {shlex.quote(','.join(found.nobody))}"
    line = f"{line} (set apart) or nobody = {json.dumps(list(found.nobody), ensure_ascii=False)} (a customer)"
    return Doubt(question, GIANT_ANSWERS, line, option, "nobody", text, (option, kept))


def settled(reading: Reading, found: Guess) -> Reading:
    """The reading with what the values tell, where nobody said otherwise."""
    return replace(
        reading,
        order_by=reading.order_by or found.order_by,
        amount_of=reading.amount_of or found.amount_of,
        nobody=found.nobody if reading.nobody is None else reading.nobody,
    )


def sample_of(files: Sequence[SourceFile], columns: Sequence[str]) -> pa.Table:
    """The first rows of each file, `SAMPLE_ROWS` together; InputError where there are none. What stands in several
    files is there once: a shop exports again, and orders that stand twice would pass for orders of two lines."""
    each = max(100, min(SAMPLE_ROWS, SAMPLE_CELLS // max(1, len(columns))) // len(files))
    parts, seen = [], set[tuple[object, ...]]()
    for file in files:
        left, own = each, list[pa.Table]()
        for block in open_table(file).batches(columns):
            own.append(block.rows.slice(0, left))
            left -= own[-1].num_rows
            if left <= 0:
                break
        parts += own if len(files) == 1 else _not_seen(own, seen)
    if any(part.schema != parts[0].schema for part in parts):
        parts = [_texts(part) for part in parts]
    rows = pa.concat_tables(parts) if parts else None
    if rows is None or not rows.num_rows:
        raise InputError(
            "There are no rows.", file=", ".join(str(f.path) for f in files), expected="a header and at least one row"
        )
    return rows


def _not_seen(parts: Sequence[pa.Table], seen: set[tuple[object, ...]]) -> list[pa.Table]:
    """The rows of a file that no file before it has; all of them are seen afterwards."""
    rows = [list(zip(*(column.to_pylist() for column in _texts(part).columns), strict=True)) for part in parts]
    fresh = [part.filter(pa.array([row not in seen for row in own])) for part, own in zip(parts, rows, strict=True)]
    seen.update(row for own in rows for row in own)
    return fresh


def _refuse_differing(tables: Sequence[SourceTable], names: Sequence[str]) -> None:
    for table in tables[1:]:
        for name in names:
            if name not in table.column_names:
                raise InputError(
                    f"A column of {tables[0].file.name} is not in the file.",
                    file=str(table.file.path),
                    column=name,
                    found=", ".join(table.column_names),
                    expected="files with the same columns",
                    hint="keep files of different kinds in different folders",
                )


def _texts(rows: pa.Table) -> pa.Table:
    return pa.table({name: as_text(rows[name].combine_chunks()) for name in rows.column_names})


def _asked(error: InputError, time: str) -> tuple[Doubt, ...]:
    """The doubt behind an error of the conventions: a state, the order of dates, or the decimal sign."""
    hint = error.hint or ""
    if isinstance(error, UnknownStates):
        line, _, option = hint.partition("   or give: ")
        line = line.removeprefix("add to the source in foretell.toml: ")
        question = f"What does {error.column} = {error.states[0]} say of its sale? ({error.found})"
        return (Doubt(question, STANDINGS, line, option, "states", error.states[0], error.answers),)
    if "date_order" in hint:
        options = tuple(order for order in SPOKEN if f'"{order}"' in hint)
        line, answers = f'date_order = "{options[0]}"', tuple(f"--date-order {order}" for order in options)
        return (Doubt(error.what, options, line, answers[0], "date_order", time, answers),)
    if "decimal" in hint:
        answers = ("--decimal .", "--decimal ,")
        return (Doubt(error.what, (".", ","), 'decimal = "."', answers[0], "decimal", error.column, answers),)
    return ()
