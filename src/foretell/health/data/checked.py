"""The check of the data: each table in figures, what was found, and which questions can be carried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.intake import Intake
from foretell.customer_log.tables.registry import ORDERS
from foretell.examples.plan import Plan
from foretell.health.data.abilities import Ability, abilities
from foretell.health.data.clock import clock_suspicions
from foretell.health.data.empty_days import empty_days
from foretell.health.data.finding import DataFinding, gravest_first
from foretell.health.data.freshness import stale_tables
from foretell.health.data.largest import large_customers, outliers
from foretell.health.data.matches import unmatched
from foretell.health.data.picture import Picture, TablePicture
from foretell.health.data.prices import outlying_prices
from foretell.health.data.rows import empty_cells, equal_rows, refused_rows
from foretell.project.errors import InputError
from foretell.project.intervals import day_of
from foretell.storage.artefacts import Artefact


@dataclass(frozen=True)
class CheckedTable:
    """A table in figures. `first` and `last` are the days of its first and last fact, `known_until` that of the newest
    moment at which something became known (ISO; empty without a fact). Of `customers` with facts `met` ordered, of the
    `ordered` in all; `strangers` and `buyers` are ids that do not match. `empty` counts empty cells by column, where
    the files were read for it."""

    table: str
    files: tuple[str, ...]
    rows: int
    kept: int
    rejected: int
    equal: int
    first: str
    last: str
    known_until: str
    customers: int
    met: int
    ordered: int
    strangers: tuple[str, ...]
    buyers: tuple[str, ...]
    empty: Mapping[str, int]

    @classmethod
    def of(cls, table: TablePicture, timezone: str) -> CheckedTable:
        """The figures of a picture."""
        when = table.moments
        moments = (when.first_at, when.last_at, when.known_at)
        first, last, known_until = (day_of(moment, timezone) if len(when.days) else "" for moment in moments)
        return cls(
            table.table,
            table.files,
            table.rows,
            table.kept,
            table.rejected,
            table.equal,
            first,
            last,
            known_until,
            table.customers,
            table.met,
            table.ordered,
            table.strangers,
            table.buyers,
            table.empty,
        )


@dataclass(frozen=True)
class DataCheck:
    """What the check says, gravest findings first; `horizon_days` is the one that abilities are about (0 where the data
    stop a run before it has one), `read` tells in a sentence what was read."""

    tables: tuple[CheckedTable, ...] = ()
    findings: tuple[DataFinding, ...] = ()
    abilities: tuple[Ability, ...] = ()
    horizon_days: int = 0
    read: str = ""

    def counted(self, severity: str) -> int:
        """How many findings of a severity there are."""
        return sum(finding.severity == severity for finding in self.findings)

    def as_json(self) -> dict[str, object]:
        """The same for programs; what was looked up stands in `example`."""
        plain = asdict(self)
        for finding in plain["findings"]:
            del finding["sought"]
        return plain


DATA_CHECK: Artefact[DataCheck] = Artefact("data_check", DataCheck)


def data_checked(picture: Picture, intake: Intake, plan: Plan, roles: Mapping[str, Mapping[str, str]]) -> DataCheck:
    """All checks of a log; `roles` maps each table to its roles and their columns, where the files were read."""
    found: list[DataFinding] = []
    for table in picture.tables:
        found += refused_rows(table, _of_table(intake, table.table))
        found += equal_rows(table)
        found += empty_cells(table, dict(roles.get(table.table, {})))
        found += unmatched(table)
    moments = picture.orders.moments
    found += empty_days(moments.days, picture.timezone)
    found += outliers(picture.largest, picture.timezone, picture.currency)
    found += outlying_prices(picture.dear, picture.largest.amounts.total, picture.timezone)
    found += large_customers(picture.largest)
    found += clock_suspicions(moments, picture.timezone)
    found += stale_tables(picture)
    return DataCheck(
        tuple(CheckedTable.of(table, picture.timezone) for table in picture.tables),
        gravest_first(found),
        abilities(picture, plan, intake.columns),
        plan.horizon_days,
    )


def stopped(error: InputError) -> DataCheck:
    """The check of data that a run refuses: the reason as the one finding."""
    told = error.details()
    seen = " ".join(filter(None, (error.what, f"Found: {error.found}." if error.found else "")))
    fix = error.hint or (f"Expected: {error.expected}." if error.expected else "Correct it in the source.")
    finding = DataFinding("refused", "stop", "", seen, fix[:1].upper() + fix[1:], told.get("where", ""))
    return DataCheck(findings=(finding,))


def _of_table(intake: Intake, table: str) -> pa.Table:
    """The rejected rows of a table, by the names of its files."""
    own = {load.source.rsplit("/", 1)[-1] for load in intake.loads if load.table == table}
    others = {load.source.rsplit("/", 1)[-1] for load in intake.loads if load.table != table}
    names = pc.list_element(pc.split_pattern(intake.rejected["file"], ", "), 0)
    if table == ORDERS and not others & own:
        return intake.rejected.filter(pc.invert(pc.is_in(names, pa.array(sorted(others), pa.string()))))
    return intake.rejected.filter(pc.is_in(names, pa.array(sorted(own), pa.string())))
