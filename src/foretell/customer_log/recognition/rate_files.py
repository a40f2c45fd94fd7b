"""The table of rates: read from its files as any other table, each row a rate or an error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells import dates, numbers
from foretell.customer_log.cells.dates import moments
from foretell.customer_log.cells.numbers import quantities
from foretell.customer_log.files.files_of_source import files_of
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.recognition.conventions import Conventions, Reading, conventions
from foretell.customer_log.recognition.declared_reading import read_as_declared
from foretell.customer_log.recognition.rates import Rates, named_currencies
from foretell.customer_log.tables.registry import RATES, FactColumns
from foretell.project.errors import InputError
from foretell.project.local_time import local_days
from foretell.project.request import Request, Source

Known = dict[str, dict[int, float]]


def reading_of_orders(request: Request) -> Reading:
    """How the orders of a request are read, with the rates where it declares some."""
    return replace(Reading.of(request, request.orders), rates=rates_of(request))


def rates_of(request: Request) -> Rates | None:
    """The rates that a request declares; None without any. InputError where the reporting currency is not named, a row
    cannot be read, or two say something else of one day."""
    sources = [source for source in request.sources if source.table == RATES]
    if not sources:
        return None
    if not request.settings.currency:
        raise InputError(
            "There are rates, and it is not said into which currency.",
            file=", ".join(str(path) for path in sources[0].files),
            expected="the currency of the answers",
            hint='--currency EUR, or currency = "EUR" below [project] in foretell.toml',
        )
    known: Known = {}
    for source in sources:
        files = read_as_declared(files_of(source), source)
        columns = FactColumns(source.columns["time"], dict(source.columns), (source.columns["rate"],))
        agreed = conventions(files, columns, Reading.of(request, source))
        for file in files:
            for block in open_table(file).batches(list(source.columns.values())):
                _read(known, block, file, source, agreed, (request.settings.timezone, request.now))
    ordered = {name: sorted(worth.items()) for name, worth in known.items()}
    into = named_currencies(pa.chunked_array([[request.settings.currency]]))[0].as_py()
    return Rates(into, {name: _arrays(rows) for name, rows in ordered.items()})


def _arrays(rows: list[tuple[int, float]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([day for day, _ in rows], dtype=np.int64), np.array([worth for _, worth in rows])


def _read(
    known: Known, block: Block, file: SourceFile, source: Source, agreed: Conventions, clock: tuple[str, int]
) -> None:
    names, rows = source.columns, block.rows
    found, worth = (
        moments(rows[names["time"]], agreed.date_order, *clock),
        quantities(rows[names["rate"]], agreed.decimal),
    )
    currencies = named_currencies(rows[names["currency"]]).to_pylist()
    days = local_days(found.happened_at, clock[0]).tolist()
    for at, (currency, day, rate) in enumerate(zip(currencies, days, worth.values.tolist(), strict=True)):
        line = int(block.lines[at])
        if found.reasons[at]:
            raise _refused(file, line, names["time"], dates.REASONS[found.reasons[at]])
        if worth.reasons[at] or rate <= 0:
            raise _refused(file, line, names["rate"], numbers.REASONS[worth.reasons[at]] or f"{rate:g}")
        if currency is None:
            raise _refused(file, line, names["currency"], "no currency")
        if known.setdefault(currency, {}).setdefault(day, rate) != rate:
            raise _refused(file, line, names["rate"], f"{rate:g} after {known[currency][day]:g}, of one day")


def _refused(file: SourceFile, line: int, column: str, found: str) -> InputError:
    return InputError(
        "A rate cannot be used.",
        file=str(file.path),
        line=line,
        column=column,
        found=found,
        expected="a day, a currency, and what one unit of it was worth in the currency of the answers, once a day",
    )
