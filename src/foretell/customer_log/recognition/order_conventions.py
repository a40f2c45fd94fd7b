"""The conventions of a source of orders: dates and numbers, and what its columns of the day of the export say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from foretell.customer_log.cells.dates import moments
from foretell.customer_log.cells.identifiers import canonical_ids, distinct
from foretell.customer_log.cells.numbers import amounts
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.recognition.conventions import Conventions, Reading, conventions
from foretell.customer_log.roles.doubts import quoted
from foretell.customer_log.roles.flags import likeliest_standing
from foretell.customer_log.roles.named_columns import option_of
from foretell.customer_log.roles.states import STANDINGS, settled_states, states_in
from foretell.customer_log.schema import NEVER, Columns
from foretell.project.errors import InputError
from foretell.project.request import AmountOf
from foretell.words.wording import counted

STATES_SHOWN = 5
FEWEST_ORDERS, NEARLY_ALL = 3, 0.9


class UnknownStates(InputError):
    """States of which nobody knows what they say; `states` are their words, the most frequent first, `answers` options
    of the command line that tell of all of them, the likeliest first."""

    states: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


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
    _, unknown = settled_states(reading.states, counts, columns.state or "")
    if unknown:
        raise _unknown(columns.state or "", unknown, counts, reading.states)
    return replace(agreed, exported_at=last or NEVER, refunded_of=_refunded_of(files, columns, agreed))


def _refunded_of(files: Sequence[SourceFile], columns: Columns, agreed: Conventions) -> AmountOf:
    """Whether what was given back is told of the line, or of the whole order: on each of its lines, as those of nearly
    all orders of several lines show one amount."""
    if columns.refunded is None or columns.order is None or agreed.amount_of == "order":
        return agreed.amount_of
    same = several = 0
    for file in files:
        for block in open_table(file).batches([columns.order, columns.refunded]):
            read = amounts(block.rows[columns.refunded], agreed.decimal)
            ids = distinct(canonical_ids(block.rows[columns.order])).positions
            order, back = ids[ids >= 0], np.where(read.reasons == 0, np.abs(read.values), 0)[ids >= 0]
            lowest, highest = np.full(len(ids) + 1, 2**62), np.zeros(len(ids) + 1, dtype=np.int64)
            np.minimum.at(lowest, order, back)
            np.maximum.at(highest, order, back)
            given = (np.bincount(order, minlength=len(ids) + 1) > 1) & (highest > 0)
            several, same = several + int(given.sum()), same + int((given & (lowest == highest)).sum())
            break
    return "order" if several >= FEWEST_ORDERS and same >= NEARLY_ALL * several else "line"


def _unknown(column: str, unknown: Sequence[str], counts: dict[str, int], given: Mapping[str, str]) -> UnknownStates:
    shown = sorted(unknown, key=lambda text: -counts[text])[:STATES_SHOWN]
    answer: dict[str, str] = {**given, **{text: likeliest_standing(column, text, counts) for text in shown}}
    line = ", ".join(f'{quoted(text)} = "{standing}"' for text, standing in answer.items())
    whole = [answer, *({**given, **dict.fromkeys(shown, standing)} for standing in STANDINGS)]
    answers = [f"--states {option_of(f'{text}={standing}' for text, standing in one.items())}" for one in whole]
    error = UnknownStates(
        "It is not known what a state says of its sale.",
        column=column,
        found=", ".join(f"{text} on {counted(counts[text], 'row')}" for text in shown),
        expected="for each: sale, none (it did not come about) or refund (given back whole)",
        hint=f"add to the source in foretell.toml: states = {{ {line} }}   or give: " + answers[0],
    )
    error.states, error.answers = tuple(shown), tuple(dict.fromkeys(answers))
    return error
