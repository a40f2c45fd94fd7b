"""Cells of text that no spreadsheet takes for a formula, and the texts that they were written from.

An apostrophe goes before what would begin a formula, also after a separator, where a program that splits cells
elsewhere would see a beginning (advice: OWASP, "CSV Injection"). Where a text has apostrophes there already one more is
put, so that every text can be told from its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?")
"""Such a text is no formula, and stays a number."""
BEGINS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What begins a formula; the last four are the same signs in full width."""
BEHIND = rf"(?=[\s']*[\t\r\n|%{BEGINS}])", rf"(?=[\s']*[{BEGINS}])"
"""What a guard stands before: at the beginning of a text, and after a separator."""
AFTER = r"(?<=[,;|\t\r\n\"])"
GUARDED_FROM = re.compile(f"^{BEHIND[0]}|{AFTER}{BEHIND[1]}")
GUARD = re.compile(f"^'{BEHIND[0]}|{AFTER}'{BEHIND[1]}")
MAY_BEGIN, APOSTROPHE = rf"[\t\r\n|%{BEGINS}]", "'"
"""Texts without such a sign are as they were, and are not looked at one by one."""


def cell_text(text: str) -> str:
    """The cell of a text; numbers stay as they are.

    >>> cell_text("=1+1"), cell_text("-3.5"), cell_text("a;=1"), cell_text("it's")
    ("'=1+1", '-3.5', "a;'=1", "it's")
    """
    return text if NUMBER.fullmatch(text) else GUARDED_FROM.sub("'", text)


def own_text(cell: str) -> str:
    """The text of a cell.

    >>> own_text("'=1+1"), own_text("''=1+1"), own_text("it's")
    ('=1+1', "'=1+1", "it's")
    """
    return GUARD.sub("", cell)


def without_formulas(table: pa.Table) -> pa.Table:
    """The table with `cell_text` of every text; null stays null."""
    return _changed(table, MAY_BEGIN, cell_text)


def with_own_texts(table: pa.Table) -> pa.Table:
    """The table as it was before `without_formulas`."""
    return _changed(table, APOSTROPHE, own_text)


def _changed(table: pa.Table, where: str, change: Callable[[str], str]) -> pa.Table:
    for place, column in enumerate(table.schema):
        if not pa.types.is_string(column.type):
            continue
        texts = table[column.name].combine_chunks()
        chosen = pc.fill_null(pc.match_substring_regex(texts, where), False)
        if pc.any(chosen).as_py():
            told = pa.array([change(one) for one in texts.filter(chosen).to_pylist()], pa.string())
            table = table.set_column(place, column.name, pc.replace_with_mask(texts, chosen, told))
    return table
