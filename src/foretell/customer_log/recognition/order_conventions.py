"""The conventions of a source of orders: dates and numbers, and what its columns of the day of the export say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from foretell.customer_log.cells.dates import moments
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.recognition.conventions import Conventions, Reading, conventions
from foretell.customer_log.roles.states import settled_states, states_in
from foretell.customer_log.schema import NEVER, Columns
from foretell.project.errors import InputError
from foretell.words.wording import counted

STATES_SHOWN = 5


class UnknownStates(InputError):
    """States of which nobody knows what they say; `states` are their words, the most frequent first."""

    states: tuple[str, ...] = ()


def order_conventions(files: Sequence[SourceFile], columns: Columns, reading: Reading) -> Conventions:
    """How a source writes its dates and numbers, and, where it has a state or money given back, the last moment in it:
    from then on they are known. InputError where the data cannot tell, also what a state says of its sale."""
    agreed = conventions(files, columns, reading)
    if columns.state is None and columns.refunded is None:
        return agreed
    clock, last = (agreed.date_order, reading.timezone, reading.now), 0
    counts: dict[str, int] = {}
    asked = [columns.time] if columns.state is None else [columns.time, columns.state]
    for file in files:
        for block in open_table(file).batches(asked):
            read = moments(block.rows[columns.time], *clock)
            good = read.reasons == 0
            last = max(last, int(read.happened_at[good].max(initial=0)))
            known = good & (read.happened_at < (reading.as_of or NEVER))
            if columns.state is not None:
                for text, rows in states_in(block.rows[columns.state].filter(known)).items():
                    counts[text] = counts.get(text, 0) + rows
    _, unknown = settled_states(reading.states, counts)
    if unknown:
        raise _unknown(columns.state or "", unknown, counts)
    return replace(agreed, exported_at=last or NEVER)


def _unknown(column: str, unknown: Sequence[str], counts: dict[str, int]) -> UnknownStates:
    shown = sorted(unknown, key=lambda text: -counts[text])[:STATES_SHOWN]
    line = ", ".join(f'{json.dumps(text, ensure_ascii=False)} = "sale"' for text in shown)
    error = UnknownStates(
        "It is not known what a state says of its sale.",
        column=column,
        found=", ".join(f"{text} on {counted(counts[text], 'row')}" for text in shown),
        expected="for each: sale, none (it did not come about) or refund (given back whole)",
        hint=f"add to the source in foretell.toml: states = {{ {line} }}   or give: "
        f"--states '{','.join(f'{text}=sale' for text in shown)}'",
    )
    error.states = tuple(shown)
    return error
