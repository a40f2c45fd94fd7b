"""What the rows of a source say, role by role, and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells import numbers
from foretell.customer_log.cells.identifiers import as_text, distinct, spread
from foretell.customer_log.cells.numbers import amounts, quantities
from foretell.customer_log.keyed_lines import codes_of_texts
from foretell.customer_log.row_problems import RowProblems
from foretell.customer_log.tables.fact_table import THOUSANDTHS, FactTable, Role
from foretell.project.money import UNITS_PER_ONE
from foretell.project.request import DecimalSign


@dataclass(frozen=True)
class Said:
    """By the name of what is kept of a fact an int64 array, one entry a row, null where nothing is said; `words` are
    the texts behind the codes among them, as `WORDS`."""

    rows: pa.Table
    arrays: dict[str, pa.Array]
    words: list[pa.Table] = field(default_factory=list)

    @classmethod
    def of(
        cls, rows: pa.Table, table: FactTable, columns: Mapping[str, str], decimal: DecimalSign, problems: RowProblems
    ) -> Said:
        """What rows say; those that say nothing where something is needed, or what is no number, are marked."""
        said, plain = cls(rows, {}), dict[str, pa.Array]()
        for role in table.roles:
            column = columns.get(role.name)
            if column is None:
                kind = pa.float64() if role.holds in ("number", "money") else pa.string()
                plain[role.name] = pa.nulls(rows.num_rows, kind)
                kept = pa.nulls(rows.num_rows, pa.int64())
            elif role.holds not in ("number", "money"):
                plain[role.name] = said.text(column)
                missing = plain[role.name].is_null().to_numpy(zero_copy_only=False)
                problems.mark(missing & role.is_needed, column, f"no {role.name}")
                kept = None if role.holds == "prose" else said.coded(plain[role.name], role.holds == "text")
            else:
                kept = _figures(rows, role, column, decimal, problems)
                units = UNITS_PER_ONE if role.holds == "money" else THOUSANDTHS
                plain[role.name] = pc.divide(pc.cast(kept, pa.float64()), float(units))
            if role.holds != "prose":
                said.arrays[role.name] = kept
        for one in table.made:
            found = one.by(*(plain[name] for name in one.of))
            said.arrays[one.name] = said.coded(found) if one.holds == "text" else pc.cast(found, pa.int64())
        return said

    def text(self, column: str) -> pa.Array:
        """The texts of a column, null where a cell says nothing."""
        values, positions = distinct(self.rows[column])
        return spread(as_text(values), positions)

    def coded(self, texts: pa.Array, is_kept: bool = True) -> pa.Array:
        """The code of each text; where `is_kept`, the text is kept among the words."""
        codes, words = codes_of_texts(texts)
        if is_kept:
            self.words.append(words)
        return pa.array(codes, mask=codes == 0)

    def word(self, text: str) -> None:
        """Keep a text that is in no cell among the words."""
        self.words.append(codes_of_texts(pa.array([text]))[1])

    def of_attribute(self, name: str, values: pa.Array, roles: tuple[str, str]) -> Said:
        """What facts of one attribute say: its name, and what it is, which is null where they say nothing."""
        codes = self.coded(values)
        named = pc.if_else(codes.is_valid(), self.coded(pa.array([name]))[0], pa.scalar(None, pa.int64()))
        return replace(self, arrays={**self.arrays, **dict(zip(roles, (named, codes), strict=True))})

    def there(self, names: Sequence[str]) -> np.ndarray:
        """bool: which rows say something of each of these."""
        known = np.ones(self.rows.num_rows, dtype=bool)
        for name in names:
            known &= self.arrays[name].is_valid().to_numpy(zero_copy_only=False)
        return known


def _figures(rows: pa.Table, role: Role, column: str, decimal: DecimalSign, problems: RowProblems) -> pa.Array:
    """int64: what a column of numbers or money says in its small units; what is neither is marked."""
    if role.holds == "money":
        found = amounts(rows[column], decimal)
        units = found.values
    else:
        found = quantities(rows[column], decimal)
        units = np.rint(found.values * THOUSANDTHS).astype(np.int64)
    wrong = found.reasons if role.is_needed else np.where(found.reasons == numbers.MISSING, 0, found.reasons)
    problems.mark_all(wrong, [reason.replace("no number", f"no {role.name}") for reason in numbers.REASONS], column)
    return pc.cast(pa.array(units, mask=found.reasons != 0), pa.int64())
