"""Who was assigned to be contacted or held back, as a file from outside the shop tells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from foretell.generated.calendar import DAY, FIRST_DAY
from foretell.generated.contacts import ARMS
from foretell.project.errors import InputError

TEXTS = ("customer_id", "playbook", "campaign", "arm", "offer", "channel")
COLUMNS = (*TEXTS[:1], "assigned_at", *TEXTS[1:], "cost")
SCHEMA = pa.schema(
    [(name, pa.string()) for name in COLUMNS] + [(name, pa.int64()) for name in ("at", "cents", "batch")]
)
"""What a read file holds: its columns as text, the second of the assignment, the cost in cents, and the day (from 0) on
which the continuation that brought it began."""
BREAKS_CSV = frozenset('",\r\n')


def no_assignments() -> pa.Table:
    """None at all, with the columns of `SCHEMA`."""
    return SCHEMA.empty_table()


def read_assignments(path: Path, first_day: int, end_day: int) -> pa.Table:
    """The rows of a CSV or Parquet file, with the columns of `SCHEMA`; other columns are ignored. Times without an
    offset are UTC. InputError where a column is missing, or a row lies outside the days from `first_day` to before
    `end_day` (from 0), has an arm that is none, a cost that is no money, or stands there twice."""
    read = _texts(path)
    at, cents, seen = list[int](), list[int](), set[tuple[str, str, int]]()
    for line, row in enumerate(read.to_pylist(), 2):
        at.append(_second(row["assigned_at"], path, line))
        cents.append(_cents(row["cost"], path, line))
        if not first_day * DAY <= at[-1] < end_day * DAY:
            raise _wrong(path, line, "assigned_at", row["assigned_at"], _days(first_day, end_day))
        if row["arm"] not in ARMS:
            raise _wrong(path, line, "arm", row["arm"], " or ".join(ARMS))
        for name in TEXTS:
            if BREAKS_CSV & set(row[name]):
                raise _wrong(path, line, name, row[name], "text without commas, quotes and line breaks")
        which = (row["customer_id"], row["campaign"], at[-1])
        if which in seen:
            raise _wrong(path, line, "customer_id", row["customer_id"], "one row an assignment")
        seen.add(which)
    numbers = [pa.array(values, pa.int64()) for values in (at, cents, [first_day] * len(at))]
    told = pa.Table.from_arrays([*read.columns, *numbers], schema=SCHEMA)
    return told.sort_by([(name, "ascending") for name in ("at", "customer_id", "campaign")])


def _texts(path: Path) -> pa.Table:
    """The columns of a file as text, null as empty; InputError where it cannot be read, or lacks one."""
    try:
        if path.suffix == ".parquet":
            read = pq.read_table(path)
        else:
            as_text = arrow_csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()))
            read = arrow_csv.read_csv(path, convert_options=as_text)
    except (OSError, pa.ArrowException) as error:
        raise InputError("The assignments cannot be read.", file=str(path), found=str(error)) from error
    missing = [name for name in COLUMNS if name not in read.column_names]
    if missing:
        raise InputError(
            "The assignments lack a column.",
            file=str(path),
            column=missing[0],
            found=", ".join(read.column_names),
            expected=", ".join(COLUMNS),
        )
    return pa.table({name: read[name].cast(pa.string()).fill_null("") for name in COLUMNS})


def _second(text: str, path: Path, line: int) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong(path, line, "assigned_at", text, "an ISO time: 2024-12-31T10:00:00") from error
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return int((moment - datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)).total_seconds() // 1)


def _cents(text: str, path: Path, line: int) -> int:
    try:
        cents = round(float(text or "0") * 100)
    except (ValueError, OverflowError) as error:
        raise _wrong(path, line, "cost", text, "money, 0 or more") from error
    if cents < 0:
        raise _wrong(path, line, "cost", text, "money, 0 or more")
    return cents


def _days(first_day: int, end_day: int) -> str:
    begins, ends = (date.fromordinal(FIRST_DAY.toordinal() + day) for day in (first_day, end_day))
    return f"from {begins}, where the shop ends, to before {ends}, where it will"


def _wrong(path: Path, line: int, column: str, found: str, expected: str) -> InputError:
    return InputError(
        "An assignment cannot be used.", file=str(path), line=line, column=column, found=found, expected=expected
    )
