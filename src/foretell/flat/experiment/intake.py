"""Taking in a file that holds an experiment: arms, units, outcomes, and what had to be left out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.identifiers import canonical_ids, distinct
from foretell.customer_log.files.source_files import source_files
from foretell.examples.flat.audit import ID_NAME
from foretell.examples.flat.columns import common_sign
from foretell.examples.flat.label import require_column
from foretell.examples.flat.table import FlatRows, read_rows
from foretell.experiments.adjustment import limit_of
from foretell.experiments.comparison import Outcome
from foretell.flat.arms import Arms, arms_of
from foretell.flat.experiment.figures import ColumnFigures, column_figures
from foretell.flat.experiment.request import ExperimentRequest
from foretell.flat.experiment.units import Units, each_row, gathered
from foretell.project.request import DecimalSign

ROWS = "rows"
"""As a denominator: how many rows a unit has, where no column is called so."""
REPEATS_UNDER = 0.99
"""Share of different values in a column of ids from which on down rows are not one unit each."""


@dataclass(frozen=True)
class LeftOut:
    """Rows that take part in nothing, or not in one outcome, and why."""

    reason: str
    rows: int


@dataclass(frozen=True)
class ExperimentIntake:
    """What can be compared. `arms` is text [units]; `assumed` says what was decided from the data, `caveats` what of it
    may be wrong; `unit` is what one unit is called."""

    rows: int
    arms: np.ndarray
    control: str
    outcomes: tuple[Outcome, ...]
    left_out: tuple[LeftOut, ...]
    assumed: tuple[str, ...]
    caveats: tuple[str, ...]
    unit: str


@dataclass
class _Read:
    """The columns that were read, each once."""

    rows: pa.Table
    decimal: DecimalSign
    now: int
    columns: dict[str, ColumnFigures]

    def figures(self, name: str, option: str) -> ColumnFigures:
        if name not in self.columns:
            self.columns[name] = column_figures(name, self.rows[name], self.decimal, self.now, option)
        return self.columns[name]


def take_in(request: ExperimentRequest, now: int) -> ExperimentIntake:
    """Read and gather; InputError where there is nothing that can be compared. `now` is microseconds UTC."""
    files = source_files([str(path) for path in request.files])
    found = read_rows([replace(file, sheet=request.sheet) for file in files])
    names = found.rows.column_names
    require_column(request.arm, names, "--arm")
    for option, wanted in (("--unit", (request.unit,) if request.unit else ()), ("--before", request.before)):
        for name in wanted:
            require_column(name, names, option)
    asked = {outcome: _parts(outcome, names) for outcome in request.outcomes}
    arms = arms_of(request.arm, found.rows[request.arm], request.control)
    units, left_out = _units(found, arms, request.unit)
    read = _Read(found.rows, request.decimal or common_sign(found.rows), now, {})
    before, summed = dict[str, np.ndarray](), list[str]()
    for name in request.before:
        before[name], was_summed = units.before(read.figures(name, "--before").values)
        summed += [name] if was_summed else []
    cap = None
    if request.winsor is not None:
        cap = limit_of(before[request.before[0]], request.winsor)
    outcomes = []
    for name, (above, below) in asked.items():
        values = units.total(read.figures(above, "--outcome").values)
        per = None
        if below:
            rows = below == ROWS and below not in names
            per = units.rows if rows else units.total(read.figures(below, "--outcome").values)
        may_cap = cap is not None and np.isfinite(cap) and not below and bool((values > 1).any())
        outcomes.append(Outcome(name, values, per, before, cap if may_cap else None))
    left_out += _without_figures(read, units, request.before)
    assumed, caveats = _assumed(request, found, read), _caveats(request, found.rows, summed)
    return ExperimentIntake(
        found.rows.num_rows,
        units.names,
        arms.control,
        tuple(outcomes),
        tuple(one for one in left_out if one.rows),
        tuple(assumed),
        tuple(caveats),
        request.unit or "customer",
    )


def _parts(outcome: str, names: Sequence[str]) -> tuple[str, str]:
    """The column of an outcome and, of a ratio, that of its denominator ("" without one)."""
    if outcome not in names and "/" in outcome:
        for place in (at for at, sign in enumerate(outcome) if sign == "/"):
            above, below = outcome[:place].strip(), outcome[place + 1 :].strip()
            if above in names and below in (*names, ROWS):
                return above, below
        for part in outcome.rpartition("/")[::2]:
            if part.strip() != ROWS:
                require_column(part.strip(), names, "--outcome")
    require_column(outcome, names, "--outcome")
    return outcome, ""


def _units(found: FlatRows, arms: Arms, unit: str) -> tuple[Units, list[LeftOut]]:
    left_out = [
        LeftOut("the line does not fit the table", found.rejected.num_rows),
        LeftOut("the arm is empty", int((~arms.known).sum())),
    ]
    if not unit:
        return each_row(arms.texts), left_out
    codes = distinct(canonical_ids(found.rows[unit])).positions.astype(np.int64)
    units = gathered(arms.texts, codes)
    left_out.append(LeftOut(f"{unit} is empty", int((arms.known & (codes < 0)).sum())))
    left_out.append(LeftOut(f"{units.units_in_two:,} of {unit} are in several arms", units.rows_in_two))
    return units, left_out


def _without_figures(read: _Read, units: Units, before: Sequence[str]) -> list[LeftOut]:
    """Rows of units that take part, but lack an outcome."""
    found = []
    for name, column in read.columns.items():
        if name in before:
            continue
        lacking = (units.code >= 0) & ~np.isfinite(column.values)
        rows = int(lacking.sum())
        what = (
            "is empty" if not column.unread else "is no finite number" if not column.empty else "is no number, or empty"
        )
        found.append(LeftOut(f"{name} {what}", rows))
    return found


def _assumed(request: ExperimentRequest, found: FlatRows, read: _Read) -> list[str]:
    said = list(found.notes)
    if not request.unit:
        said.append("each row counts as one customer (--unit COL where rows are less than that)")
    else:
        said.append(f"rows of one {request.unit} are added up, as it is what was drawn")
    if request.decimal is None and read.decimal == ",":
        said.append("numbers have a decimal comma")
    said += [column.told for column in read.columns.values() if column.told]
    for name, column in read.columns.items():
        below = int((column.values < 0).sum())
        if below:
            said.append(f"{name} is under 0 in {below:,} rows, and taken as it stands")
        if name in request.before and (gaps := int((~np.isfinite(column.values)).sum())):
            said.append(f"{name} is empty in {gaps:,} rows: they count as the mean of the others")
    return said


def _caveats(request: ExperimentRequest, rows: pa.Table, summed: Sequence[str]) -> list[str]:
    told = [
        f"{name} differs among rows of one {request.unit} and was added up: if the treatment changes how many rows "
        "there are, it is not from before"
        for name in summed
    ]
    if request.unit:
        return told
    used = {request.arm, *request.before, *(part for name in request.outcomes for part in name.split("/"))}
    for name in rows.column_names:
        if name not in used and ID_NAME.search(name):
            ids = distinct(canonical_ids(rows[name]))
            filled = int((ids.positions >= 0).sum())
            different = len(ids.values) - ids.values.null_count
            if filled / 20 < different < REPEATS_UNDER * filled:
                told.append(
                    f"{name} repeats ({different:,} in {filled:,} rows): if that is what was drawn, every "
                    f"interval here is too narrow; say --unit {name}"
                )
    return told
