"""How a source writes its dates and numbers: decided from the data by counting evidence, or asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.dates import NO_EVIDENCE, ORDERS, OrderEvidence, order_evidence, readable_dates
from foretell.customer_log.cells.discounts import DiscountEvidence, DiscountForm, discount_evidence
from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.customer_log.cells.numbers import DecimalEvidence, decimal_evidence
from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import SourceTable
from foretell.customer_log.layout.arranged_table import ArrangedTable
from foretell.customer_log.recognition.currencies import refuse_second
from foretell.customer_log.recognition.months import refuse_months
from foretell.customer_log.recognition.rates import Rates
from foretell.customer_log.roles.column_names import plain_name
from foretell.customer_log.schema import NEVER, ReadColumns
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day
from foretell.project.request import AmountOf, DateOrder, DecimalSign, OrderBy, Request, Source

TOLERATED = 0.02
"""The share of rows that may contradict what all others say: those are dirt, more is two ways of writing."""
DECISIVE_ROWS = 1000
FEW_ROWS = 200
PERCENT_WORDS = {"percent", "percentage", "pct", "prozent", "pourcentage", "porcentaje", "percentuale", "porcentagem"}


@dataclass(frozen=True)
class Reading:
    """How the orders of a request are read: naive times are local ones of `timezone`, `now` is the clock, and rows from
    `as_of` on do not count (both microseconds UTC). `date_order` and `decimal` settle what they name; None stands for
    "decide from the data". With `rates` there may be several currencies."""

    timezone: str
    now: int
    as_of: int | None = None
    date_order: DateOrder | None = None
    decimal: DecimalSign | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    nobody: tuple[str, ...] | None = None
    order_by: OrderBy | None = None
    amount_of: AmountOf | None = None
    rates: Rates | None = None

    @classmethod
    def of(cls, request: Request, source: Source) -> Reading:
        """That of a request for one of its sources."""
        timezone, day = request.settings.timezone, request.asked.as_of
        as_of = None if day is None else parse_day(day, timezone)
        names = ("date_order", "decimal", "states", "nobody", "order_by", "amount_of")
        return cls(timezone, request.now, as_of, **{name: getattr(source, name) for name in names})


@dataclass(frozen=True)
class Conventions:
    """`date_order` is None where no date needs one; `discount` says what its column holds, if there is one; `notes` are
    for people to read. `states`, `nobody`, `order_by` and `amount_of` are those of the source (see `Source`);
    `exported_at` is the last moment in it, since when its columns of the day of the export are known; `refunded_of`
    says what was given back of: a line, or the order on whose lines it stands, where it counts once. `rates` turn money
    of other currencies, where a column names these. Rows of those who were `forgotten` are left out, and attributes
    that are `sensitive`."""

    date_order: DateOrder | None = None
    decimal: DecimalSign = "."
    notes: tuple[str, ...] = ()
    discount: DiscountForm = "money"
    states: Mapping[str, str] = field(default_factory=dict)
    nobody: tuple[str, ...] = ()
    order_by: OrderBy = "number"
    amount_of: AmountOf = "line"
    exported_at: int = NEVER
    refunded_of: AmountOf = "line"
    rates: Rates | None = None
    forgotten: Forgotten = field(default_factory=Forgotten)
    sensitive: tuple[str, ...] = ()


def conventions(files: Sequence[SourceFile], columns: ReadColumns, reading: Reading) -> Conventions:
    """The conventions of a source.

    Reads each file until the evidence is decisive. Only rows before the as-of date count, each under the order of
    day, month and year that it supports. Raises InputError where the data cannot tell, or tells two things.
    """
    date_order, decimal = reading.date_order, reading.decimal
    dates, signs, taken_off, notes, rows = NO_EVIDENCE, DecimalEvidence(0, 0, 0), DiscountEvidence(), [], 0
    currencies: dict[str, str] = {}
    marks: dict[str, str] = {}
    for file in files:
        table = open_table(file)
        require_columns(table, columns)
        of_file, signs_of_file = NO_EVIDENCE, DecimalEvidence(0, 0, 0)
        for block in table.batches(_asked(columns)):
            rows += block.rows.num_rows
            known = _known(block.rows, columns.time, reading)
            if reading.rates is None or columns.currency is None:
                refuse_second((currencies, marks), known, columns, file)
            if columns.time is not None:
                times = block.rows[columns.time]
                if rows == block.rows.num_rows:
                    few = as_text(distinct(times.slice(0, FEW_ROWS)).values).drop_null().to_pylist()
                    refuse_months({columns.time: few}, str(file.path))
                of_file = of_file.plus(order_evidence(times, reading.timezone, reading.now, reading.as_of))
            for name in columns.numbers:
                signs_of_file = signs_of_file.plus(decimal_evidence(known[name]))
            if columns.discount is not None:
                taken_off = taken_off.plus(discount_evidence(known[columns.discount]))
            decided = (date_order or _is_decisive(of_file)) and (decimal or _is_decided(signs_of_file))
            decided = decided or (file.relation is not None and _says_all(block.rows, columns))
            if decided and not isinstance(table, ArrangedTable):  # the figures of its notes are those of all its rows
                break
        notes += [*file.beside, *table.notes]
        dates, signs = dates.plus(of_file), signs.plus(signs_of_file)
    if not rows:
        raise InputError(
            "There are no rows.", file=", ".join(str(f.path) for f in files), expected="a header and at least one row"
        )
    order = date_order or (None if columns.time is None else decided_order(dates, columns.time))
    sign = decimal or decided_sign(signs, next(iter(columns.numbers), None))
    if order and not date_order:
        notes.append(f"{columns.time}: read as {SPOKEN[order]}")
    if sign == "," and not decimal:
        notes.append("numbers are written with a decimal comma")
    form = decided_discount(taken_off, columns.discount, sign)
    if columns.discount and form != "money":
        notes.append(f"{columns.discount}: read as a {form if form == 'share' else 'percentage'} of the price")
    told = {"states": reading.states, "nobody": reading.nobody or ()}
    how = {"order_by": reading.order_by or "number", "amount_of": reading.amount_of or "line"}
    rates = reading.rates if columns.currency is not None else None
    return Conventions(order, sign, tuple(notes), form, rates=rates, **told, **how)  # type: ignore[arg-type]


SPOKEN: dict[DateOrder, str] = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}


def decided_order(evidence: OrderEvidence, column: str) -> DateOrder | None:
    """The order of day, month and year under which the dates make sense; InputError where more than one does."""
    if not evidence.needed:
        return None
    best = int(np.argmin(evidence.against - evidence.fitting / (evidence.fitting.sum() + 1)))
    others = [i for i in range(len(ORDERS)) if i != best]
    most = evidence.against[best] <= TOLERATED * evidence.needed
    alone = all(evidence.against[i] > evidence.against[best] for i in others)
    if most and alone:
        return ORDERS[best]
    fitting = [o for o, against in zip(ORDERS, evidence.against, strict=True) if against <= TOLERATED * evidence.needed]
    if most:
        raise InputError(
            f"The dates can be read as {' or as '.join(SPOKEN[o] for o in fitting)}.",
            column=column,
            expected="dates that can be read in one way only, or the order",
            hint=" or ".join(f'date_order = "{o}"' for o in fitting) + " in foretell.toml, or --date-order",
        )
    raise InputError(
        "The dates are written in more than one order.",
        column=column,
        found=", ".join(
            f"{int(n)} of {evidence.needed} are not {SPOKEN[o]}" for o, n in zip(ORDERS, evidence.against, strict=True)
        ),
        expected="one order of day, month and year",
        hint='set date_order = "dmy", "mdy" or "ymd" in foretell.toml; what does not fit is then rejected row by row',
    )


def decided_sign(evidence: DecimalEvidence, column: str | None) -> DecimalSign:
    """The decimal sign that the numbers show; InputError where they show both or cannot tell."""
    total = evidence.point + evidence.comma
    if total and min(evidence.point, evidence.comma) <= TOLERATED * total:
        return "." if evidence.point > evidence.comma else ","
    if total:
        raise InputError(
            "Numbers are written with a decimal point and with a decimal comma.",
            column=column,
            found=f"{evidence.point} with a point, {evidence.comma} with a comma",
            expected="one decimal sign",
            hint='set decimal = "." or decimal = "," in foretell.toml; what does not fit is then rejected row by row',
        )
    if evidence.unsure:
        raise InputError(
            "A number such as 1.234 can be a thousand or one and a bit.",
            column=column,
            expected="numbers that can be read in one way only, or the decimal sign",
            hint='decimal = "." or decimal = "," in foretell.toml, or --decimal',
        )
    return "."


def decided_discount(evidence: DiscountEvidence, column: str | None, sign: DecimalSign) -> DiscountForm:
    """A percentage where the column's name says so, a share where nearly no discount is above 1, money otherwise."""
    if column is None:
        return "money"
    if evidence.are_shares(sign, TOLERATED):
        return "share"
    return "percent" if "%" in column or PERCENT_WORDS & set(plain_name(column).split()) else "money"


def require_columns(table: SourceTable, columns: ReadColumns) -> None:
    """InputError where a column that plays a role is not in the file."""
    for role, name in columns.used().items():
        if name not in table.column_names:
            raise InputError(
                f"The column for {role} is not in the file.",
                file=str(table.file.path),
                column=name,
                found=", ".join(table.column_names),
                expected=f"a column {name}",
                hint="check the header and the columns in foretell.toml or --columns",
            )


def _asked(columns: ReadColumns) -> list[str]:
    names = (columns.time, *columns.numbers, columns.currency, columns.discount)
    some = list(dict.fromkeys(name for name in names if name is not None))
    return some or list(columns.used().values())[:1]


def _known(rows: pa.Table, time: str | None, reading: Reading) -> pa.Table:
    if reading.as_of is None or time is None:
        return rows
    return rows.filter(pa.array(readable_dates(rows[time], reading.timezone, reading.now, reading.as_of)))


def _says_all(rows: pa.Table, columns: ReadColumns) -> bool:
    """Whether types tell what times and numbers are, as those of a database do: nothing more is learned from rows."""
    names = [name for name in (columns.time, *columns.numbers) if name is not None]
    texts = any(pa.types.is_string(rows[name].type) or pa.types.is_null(rows[name].type) for name in names)
    return columns.discount is None and not texts


def _is_decisive(evidence: OrderEvidence) -> bool:
    if not evidence.needed:
        return True
    against = np.sort(evidence.against)
    return bool(against[1] >= DECISIVE_ROWS and against[0] <= TOLERATED * against[1])


def _is_decided(evidence: DecimalEvidence) -> bool:
    if not sum(evidence):
        return True
    larger, smaller = max(evidence.point, evidence.comma), min(evidence.point, evidence.comma)
    return larger >= DECISIVE_ROWS and smaller <= TOLERATED * larger
