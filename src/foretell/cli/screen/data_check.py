"""`foretell check data` on the screen: each table, what was found, which questions the data can carry."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from foretell.health.data.checked import CheckedTable, DataCheck
from foretell.words.wording import count, counted, percent, shown

WIDTH = 79
INDENT = "  "
COLUMNS_SHOWN = 6


def data_check_lines(found: DataCheck) -> list[str]:
    """The answer in lines of at most 79 columns."""
    lines = [line for table in found.tables for line in _wrapped(_told(table))]
    if found.read:
        lines += ["", *_wrapped(f"{found.read} foretell check intake tells how."), ""]
    severities = [counted(found.counted(kind), kind) for kind in ("stop", "warning", "remark") if found.counted(kind)]
    lines.append(", ".join(severities) if severities else "Nothing was found that is wrong.")
    for finding in found.findings:
        where = f"{finding.table}: " if finding.table else ""
        lines += _wrapped(f"{finding.severity.upper()}  {where}{finding.seen}")
        if finding.example:
            lines += _wrapped(f"for example {finding.example}", INDENT)
        lines += _wrapped(finding.fix, INDENT)
    if found.abilities:
        lines += ["", f"What these data can carry, {counted(found.horizon_days, 'day')} ahead:"]
        width = max(len(one.question) for one in found.abilities)
        for one in found.abilities:
            word = "roughly" if one.is_rough else "yes" if one.is_carried else "no"
            missing = f"{'' if one.is_rough else 'needs '}{one.missing}" if one.missing else ""
            missing = one.missing if "needs" in one.missing else missing
            told = f"{one.question.ljust(width)}  {word.ljust(7)}  {missing}".rstrip()
            lines += _wrapped(told, INDENT, " " * (width + 13))
    return [line.replace("\xa0", " ") for line in lines]


def _told(table: CheckedTable) -> str:
    """A table in a sentence."""
    files = ", ".join(map(shown, table.files[:3])) + (
        f" and {len(table.files) - 3} more" if len(table.files) > 3 else ""
    )
    parts = [f"{counted(table.rows, 'row')}, {count(table.rejected)} refused"]
    if table.first:
        parts.append(f"{table.first} to {table.last}")
        if table.known_until > table.last:
            parts.append(f"known until {table.known_until}")
    if table.equal:
        parts.append(f"{counted(table.equal, 'equal line')}")
    empty = [f"{shown(name)} {percent(cells / table.rows)}" for name, cells in table.empty.items() if cells]
    if empty:
        more = f" and {len(empty) - COLUMNS_SHOWN} more" if len(empty) > COLUMNS_SHOWN else ""
        parts.append(f"empty: {', '.join(empty[:COLUMNS_SHOWN])}{more}")
    parts += _matched(table)
    return f"{table.table} ({files}): {'; '.join(parts)}."


def _matched(table: CheckedTable) -> Iterator[str]:
    """How the customers match those of orders."""
    if not table.customers or not table.ordered:
        return
    told = f"{percent(table.met / table.customers)} of its {counted(table.customers, 'customer')} ordered"
    told += f" (not: {', '.join(map(shown, table.strangers))})" if table.strangers else ""
    known = f"it knows {percent(table.met / table.ordered)} of those who did"
    known += f" (not: {', '.join(map(shown, table.buyers))})" if table.buyers else ""
    yield f"{told}, {known}"


def _wrapped(text: str, indent: str = "", later: str = INDENT) -> list[str]:
    further = indent + later if later == INDENT else later
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=further, break_on_hyphens=False)
