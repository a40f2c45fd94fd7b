"""The columns that would have helped rows which could not be used: filled there, and fit for the role that was not."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import within
from foretell.customer_log.roles.column_facts import ColumnFacts, facts_of
from foretell.customer_log.roles.column_names import name_score
from foretell.project.request import Request
from foretell.words.wording import joined

ROWS_LOOKED_AT = 20_000
FILLED = 0.5
MOST_NAMED = 3
ADDRESS = r"^[^@\s]+@[^@\s]+\.[^@\s]+$|^'?\+?[0-9][0-9 ()./-]{6,18}[0-9]$"
"""An e-mail address, or the number of a telephone."""


def helpful_columns(
    files: Sequence[SourceFile], columns: Mapping[str, str], rejected: pa.Table, request: Request
) -> tuple[str, str]:
    """In words, which columns are filled where most rows lack theirs, and the option that takes the best one; both
    empty where there is none."""
    counts = rejected["column"].drop_null().value_counts().to_pylist() if len(rejected) else []
    if not counts:
        return "", ""
    lacking = max(counts, key=lambda found: (found["counts"], found["values"]))["values"]
    role = next((role for role, column in columns.items() if column == lacking), "")
    if role not in ("customer", "time", "amount", "unit_price"):
        return "", ""
    file = next(file for file in files if pc.any(within(rejected["file"], file.name)).as_py())
    of_file = rejected.filter(pc.and_(within(rejected["file"], file.name), pc.equal(rejected["column"], lacking)))
    rows = _rows(file, of_file["line"])
    facts = facts_of(rows, request.settings.timezone, request.now)
    scores = {
        name: _score(role, name, fact, rows[name])
        for name, fact in facts.items()
        if name not in columns.values() and fact.filled >= FILLED
    }
    best = sorted((name for name, score in scores.items() if score > 0), key=lambda name: (-scores[name], name))
    if not best:
        return "", ""
    best = [name for name in best if facts[name].filled >= 0.8 * facts[best[0]].filled]
    told = joined([f"{name} in {facts[name].filled:.0%}" for name in best[:MOST_NAMED]])
    answer = ",".join(f"{one}={best[0] if one == role else column}" for one, column in columns.items())
    return f"filled where {lacking} does not help: {told}", f"--columns {shlex.quote(answer)}"


def _rows(file: SourceFile, lines: pa.ChunkedArray) -> pa.Table:
    """Some of the rows on these lines, with all columns."""
    table = open_table(file)
    parts: list[pa.Table] = []
    for block in table.batches(table.column_names):
        begin = block.rows.slice(0, ROWS_LOOKED_AT)
        parts.append(begin.filter(pc.is_in(pa.array(block.lines[: len(begin)]), lines.combine_chunks())))
        if len(parts[-1]):
            break
    return parts[-1]


def _score(role: str, name: str, fact: ColumnFacts, cells: pa.ChunkedArray) -> float:
    """How well a column that is filled there plays the role, by its values and its name."""
    named = name_score(role, name)
    if role in ("amount", "unit_price"):
        return fact.filled * (named + fact.fractions) * (fact.fit("amount") > 0)
    if role == "time":
        return fact.filled * (fact.dates >= 0.9) * (1 + named)
    texts = as_text(distinct(cells).values).drop_null()
    reached = pc.mean(pc.match_substring_regex(texts, ADDRESS).cast(pa.float64())).as_py() or 0.0
    dated = fact.dates >= 0.9
    return fact.filled * fact.fit("customer") * (named + (reached >= 0.9)) * (fact.values > 1) * (not dated)
