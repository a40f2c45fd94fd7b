"""People from a table: which column is whose key, address and phone, and which fields they bring."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from foretell.delivery.pushes.contract import Person, Value
from foretell.project.errors import InputError
from foretell.project.parts.pushes import PushPart
from foretell.storage.spreadsheet_cells import with_own_texts

ARM, TREATED = "arm", "treated"
"""Of a file of assignments only those who are to be treated may ever leave: the others are the comparison."""


def people_of(table: pa.Table, part: PushPart) -> tuple[list[Person], int]:
    """The people of a table in its order, and how many were held back as the arm they are compared with. Null and NaN
    are None. InputError for a column that is not there, somebody without a key, and a key that stands twice."""
    for name in part.columns:
        if name not in table.column_names:
            raise InputError(
                f"The push {part.name!r} needs a column that is not there.",
                found=f"columns {', '.join(table.column_names)}",
                expected=name,
            )
    every = table.num_rows
    if ARM in table.column_names:
        table = table.filter(pa.array([str(one) == TREATED for one in table[ARM].to_pylist()], pa.bool_()))
    columns = {name: table[name].to_pylist() for name in part.columns}
    keys = [text_of(value) for value in columns[part.key]]
    if "" in keys:
        raise InputError(
            "Somebody has no key.", found=f"row {keys.index('') + 1} of {part.key}", expected="an id in each"
        )
    if repeated := [key for key, times in Counter(keys).items() if times > 1]:
        raise InputError(
            "Somebody stands in the file twice.",
            column=part.key,
            found=f"{repeated[0]}, and {len(repeated) - 1} more" if len(repeated) > 1 else repeated[0],
            expected="one row a person",
        )
    emails = columns[part.email] if part.email else [None] * len(keys)
    phones = columns[part.phone] if part.phone else [None] * len(keys)
    return [
        Person(
            key,
            {name: _value(columns[column][row]) for name, column in part.fields.items()},
            text_of(emails[row]).strip(),
            text_of(phones[row]).strip(),
        )
        for row, key in enumerate(keys)
    ], every - table.num_rows


def read_people(path: Path, part: PushPart) -> pa.Table:
    """A file of people, CSV or Parquet. Keys, addresses and phones of a CSV stay the texts that they are: 0001 is not
    1; what was put before a text so that no spreadsheet runs it is taken away. InputError where it cannot be read."""
    try:
        if path.suffix.lower() == ".parquet":
            return pq.ParquetFile(path).read(use_threads=False)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header = next(csv.reader(stream), [])
        texts = {name: pa.string() for name in header if name in (part.key, part.email, part.phone)}
        options = pa_csv.ConvertOptions(column_types=texts, strings_can_be_null=True)
        return with_own_texts(pa_csv.read_csv(path, pa_csv.ReadOptions(use_threads=False), convert_options=options))
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise InputError(
            "The file of people cannot be read.",
            file=str(path),
            found=str(error).splitlines()[0],
            expected="a CSV file in UTF-8 with commas, or Parquet",
        ) from None


def as_body(person: Person) -> dict[str, Any]:
    """A person as plain names and values, to be kept."""
    return {"fields": dict(person.fields), "email": person.email, "phone": person.phone}


def of_body(key: str, body: Mapping[str, Any]) -> Person:
    """The person again."""
    return Person(key, body["fields"], body["email"], body["phone"])


def text_of(value: Any) -> str:
    """A key or address as text; a whole number without a point; empty for nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _value(value: Any) -> Value:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
