"""What a file holds where it has no dates, or no money: counted days, months that sum up, visits."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import as_text
from foretell.customer_log.recognition.columns import Guess
from foretell.customer_log.recognition.day_counts import counts_days, might_count_days
from foretell.customer_log.recognition.months import refuse_months
from foretell.customer_log.roles.doubts import Doubt

FIRST_DAY, COUNT_VISITS = "first_day", "count_visits"
"""The settings that a doubt may be about, beside roles."""
SHOWN = 3
SHORTEST_ID = 4


def otherwise_read(found: Guess, sample: pa.Table) -> Guess:
    """The guess with doubts that name what stands in a file without dates or without money. InputError where its rows
    are sums of months: those are no purchases."""
    by_role = {doubt.role: doubt for doubt in found.doubts}
    if "time" in by_role and not by_role["time"].options:
        counted = _counting(sample, {guess.column for guess in found.roles.values()})
        if not counted:
            refuse_months({name: _texts(sample[name]) for name in sample.column_names})
        else:
            found = replace(found, doubts=(_of_days(counted, sample), *_without("time", found.doubts)))
    if "amount" in by_role and "amount" not in found.roles and "unit_price" not in found.roles:
        customers = by_role["customer"].options if "customer" in by_role else ()
        names = [name for name in by_role["amount"].options if _names_something(sample[name])]
        if all(name in (*customers, *names) for name in by_role["amount"].options):
            found = _of_visits(found, (*customers, *names))
    return found


def _of_days(column: str, sample: pa.Table) -> Doubt:
    days = [float(text) for text in _texts(sample[column])]
    question = (
        f"{column} counts days ({min(days):.0f} to {max(days):.0f} in the first rows) and names no date. "
        "Which calendar day is its day 1?"
    )
    named = counts_days(column, _texts(sample[column]))
    line = "first_day = 2025-01-01" + ("" if named else f' and columns = {{ time = "{column}" }}')
    answer = "--first-day 2025-01-01" + ("" if named else f" --columns {shlex.quote(f'time={column}')}")
    return Doubt(question, (), line, answer, FIRST_DAY, column)


def _of_visits(found: Guess, customers: Sequence[str]) -> Guess:
    chosen = {role: guess.column for role, guess in found.roles.items()}
    if customers and "customer" not in chosen:
        chosen = {"customer": customers[0], **chosen}
    question = (
        "No column holds an amount of money. Is each row to count as one visit, so that spend is the number of visits?"
    )
    answer = f"--count-visits --columns {shlex.quote(','.join(f'{r}={c}' for r, c in chosen.items()))}"
    line = f"count_visits = true and columns = {{ {_as_toml(chosen)} }}"
    visits = Doubt(question, ("yes",), line, answer, COUNT_VISITS)
    return replace(found, doubts=(visits, *_without("amount", found.doubts)))


def _without(role: str, doubts: Sequence[Doubt]) -> list[Doubt]:
    return [doubt for doubt in doubts if doubt.role != role]


def _as_toml(chosen: Mapping[str, str]) -> str:
    return ", ".join(f'{role} = "{column}"' for role, column in chosen.items())


def _counting(sample: pa.Table, taken: set[str]) -> str:
    """The column that counts days: by its name and values, else by its values alone; empty without one."""
    texts = {name: _texts(sample[name]) for name in sample.column_names}
    named = [name for name in texts if counts_days(name, texts[name])]
    likely = [name for name in texts if name not in taken and might_count_days(texts[name])]
    if named:
        return named[0]
    return max(likely, key=lambda name: max(map(float, texts[name]))) if likely else ""


def _names_something(column: pa.ChunkedArray) -> bool:
    """Whether whole numbers of one length look like names of something rather than like money."""
    texts = _texts(column)
    lengths = {len(text) for text in texts}
    return len(lengths) == 1 and lengths.pop() >= SHORTEST_ID and all(text.isdigit() for text in texts)


def _texts(column: pa.ChunkedArray) -> list[str]:
    texts = as_text(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0))
    return [str(text) for text in pc.drop_null(texts).to_pylist()]
