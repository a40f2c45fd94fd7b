"""What a table of the log is: its name, the roles that columns of a source play in it, and what one row becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from foretell.customer_log.tables.vocabulary import fingerprint_of_vocabularies
from foretell.project.errors import InputError
from foretell.project.request import Source

CUSTOMER, TIME, KNOWN_AT = "customer", "time", "known_at"
ATTRIBUTE, VALUE = "attribute", "value"
STEP, ID = "step", "id"
FIXED = "="
"""What begins with it in place of a column is the word of every row: `kind = "=review"`."""
THOUSANDTHS = 1000


@dataclass(frozen=True)
class Role:
    """What a column says of a fact. Numbers are kept in thousandths, money in ten-thousandths, texts as codes; of an
    `id` the code alone is kept, not the text behind it, and of `prose` nothing but what is made of it."""

    name: str
    holds: Literal["text", "id", "number", "money", "prose"]
    is_needed: bool = False


@dataclass(frozen=True)
class Made:
    """What is kept of a fact beside its roles: made by a function of what some of them say, which takes an array a role
    (texts as strings, numbers and money as float64, null where nothing is said) and gives texts or whole numbers."""

    name: str
    of: tuple[str, ...]
    by: Callable[..., pa.Array]
    holds: Literal["text", "number"] = "text"


@dataclass(frozen=True)
class Happening:
    """A fact that a row becomes, at the time that a column of it tells; `step` says which, where a row becomes several.

    It tells `tells` alone (None: all), and is left out where one of `needs` is not told. A row in which the time is not
    filled, or still to come, has no such fact, unless it `is_needed`: then the row is refused. Where no column tells
    the time, that of the role `instead` stands for it, and the fact is known `late_days` later.
    """

    role: str = TIME
    step: str = ""
    tells: tuple[str, ...] | None = None
    needs: tuple[str, ...] = ()
    is_needed: bool = True
    instead: str = ""
    late_days: float = 0


@dataclass(frozen=True)
class FactTable:
    """A table of facts: each has a customer, a time, perhaps the moment at which it became known, and its roles.

    Features see each role as an integer column of its name: the code of a text (0: none), or a number, with
    `has_<role>` (1 or 0), as a number that is missing counts as 0. So they see what is `made`, and the `step` of a
    fact where a row becomes several.

    With `has_attributes`, a column that plays any other role is an attribute: a fact of its own, whose `attribute` is
    that role and whose `value` is what the column holds. With `may_be_undated`, what has no time is of the moment at
    which it was first read, so that nothing earlier sees it. `told_by` is the role whose ids tell facts apart, where a
    table has one: of those with one id (and step) the newest file that has it counts. One that `is_derived` is made of
    the others, and no source has it.
    """

    name: str
    roles: tuple[Role, ...] = ()
    made: tuple[Made, ...] = ()
    happenings: tuple[Happening, ...] = (Happening(),)
    has_attributes: bool = False
    may_be_undated: bool = False
    told_by: str = ""
    is_derived: bool = False

    @property
    def role_names(self) -> tuple[str, ...]:
        """The names of its own roles."""
        return tuple(role.name for role in self.roles)

    @property
    def kept(self) -> dict[str, bool]:
        """What a fact is kept with, by name: whether it is kept as a code."""
        told = {role.name: role.holds in ("text", "id") for role in self.roles if role.holds != "prose"}
        told |= {one.name: one.holds == "text" for one in self.made}
        return told | ({STEP: True} if any(one.step for one in self.happenings) else {})

    @property
    def stored(self) -> pa.Schema:
        """The columns of its files; a role is null where a fact does not tell it."""
        keys = [("customer_key", pa.uint64()), ("happened_at", pa.int64()), ("known_after", pa.int64())]
        return pa.schema([*keys, *((name, pa.int64()) for name in self.kept)])

    def signature(self) -> list[object]:
        """What tells how its rows are read; a change of it has them read anew."""
        roles = [[role.name, role.holds] for role in self.roles]
        made = [fingerprint_of_vocabularies()] if self.made else []
        return [self.name, roles, sorted(self.kept), list(self.times), *made]

    @property
    def times(self) -> tuple[str, ...]:
        """The roles that hold times of facts."""
        return tuple(one.role for one in self.happenings)

    def attributes_of(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The attributes that have a column of their own, and that column."""
        if not self.has_attributes:
            return {}
        known = {CUSTOMER, KNOWN_AT, *self.times, *self.role_names}
        return {role: column for role, column in columns.items() if role not in known}

    def is_undated(self, columns: Mapping[str, str]) -> bool:
        """Whether a source with these columns tells no time of what it holds."""
        return self.may_be_undated and TIME not in columns

    def check(self, source: Source) -> None:
        """InputError where the columns of a source do not fit the roles."""
        known = dict.fromkeys((CUSTOMER, *self.times, KNOWN_AT, *self.role_names))
        attributes = self.attributes_of(source.columns)
        if unknown := [role for role in source.columns if role not in known and role not in attributes]:
            raise InputError(
                f"The table {self.name} has no such role.", found=", ".join(unknown), expected=", ".join(known)
            )
        dated = [one.role for one in self.happenings if one.is_needed and not self.may_be_undated]
        is_wide = bool(attributes or (self.has_attributes and set(source.columns) & set(self.times[1:])))
        needed = [CUSTOMER, *dated, *(role.name for role in self.roles if role.is_needed and not is_wide)]
        if missing := [role for role in needed if role not in source.columns]:
            raise InputError(
                f"The table {self.name} needs more columns.",
                found=", ".join(source.columns) or "none",
                expected=", ".join(needed),
                hint=f'add {missing[0]} = "the column" to columns in foretell.toml',
            )
