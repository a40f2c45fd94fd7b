"""A CSV file of people, in which no spreadsheet finds a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foretell.delivery.pushes.contract import (
    ALWAYS,
    DONE,
    NO_LIMITS,
    BatchAnswer,
    Limits,
    Person,
    Unreadable,
    Value,
    all_told,
)
from foretell.storage.spreadsheet_cells import cell_text, own_text
from foretell.storage.written_aside import all_written


@dataclass(frozen=True)
class CsvFile:
    """All people in one file, UTF-8: `key_name`, the e-mail address where `with_email`, the fields in their order."""

    path: Path
    key_name: str
    columns: Sequence[str]
    with_email: bool = False
    limits: Limits = NO_LIMITS
    repeats_for: float = ALWAYS
    takes_all_at_once: bool = True

    def unfit(self, person: Person) -> str:
        return ""

    def size(self, person: Person) -> int:
        return 0

    def known(self, people: Sequence[Person]) -> Mapping[str, Mapping[str, Value]]:
        """Everybody in the file as it is now, whether of these people or not."""
        if not self.path.exists():
            return {}
        try:
            text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Unreadable(f"{self.path.name} cannot be read: {type(error).__name__}") from None
        by_key, found = {person.key: person for person in people}, dict[str, dict[str, Value]]()
        for row in csv.DictReader(io.StringIO(text, newline="")):
            key = own_text(str(row.get(self.key_name) or ""))
            person = by_key.get(key, Person(key, {}))
            found[person.key] = {
                name: _read(row[name], person.fields.get(name)) for name in self.columns if name in row
            }
        return found

    def send(self, people: Sequence[Person], batch: str) -> BatchAnswer:
        head = [self.key_name, *(["email"] if self.with_email else []), *self.columns]
        rows = [
            [person.key, *([person.email] if self.with_email else []), *map(person.fields.get, self.columns)]
            for person in people
        ]
        write_csv(self.path, [head, *rows])
        return BatchAnswer(all_told(people, DONE))


def write_csv(path: Path, rows: Sequence[Sequence[Value]]) -> None:
    """The rows as a CSV file in UTF-8 without formulas, written aside and renamed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([[cell_of(value) for value in row] for row in rows])
    all_written(path.parent, {path.name: lambda aside: _written(aside, text.getvalue())})


def cell_of(value: Value) -> str:
    """A value as a cell: null as nothing, a text so that no spreadsheet takes it for a formula.

    >>> cell_of("=1+1"), cell_of(-3.5), cell_of(True), cell_of(None)
    ("'=1+1", '-3.5', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return cell_text(value) if isinstance(value, str) else str(value)


def _read(cell: str, value: Value) -> Value:
    """The value that a cell was written from, where it is that of the cell; else the text of the cell."""
    return value if cell == cell_of(value) else own_text(cell)


def _written(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
