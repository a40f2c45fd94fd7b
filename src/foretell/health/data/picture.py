"""The picture of a log: of each table what was read, when its facts happened, and how its customers match those of
orders; of orders the largest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from foretell.customer_log.intake import Intake
from foretell.customer_log.schema import NEVER
from foretell.customer_log.tables.registry import FACT_TABLES, ORDERS
from foretell.health.data.largest import Largest, Ranked, largest_in
from foretell.health.data.prices import dear_lines
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import Bucket
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Tally

MICROSECONDS_PER_HOUR = MICROSECONDS_PER_DAY // 24
MICROSECONDS_PER_MINUTE = MICROSECONDS_PER_HOUR // 60


@dataclass(frozen=True)
class Moments:
    """When facts happened: counts by local day and by local hour (since 1970-01-01), and by minute of the local day;
    the first and the last of them, and the last moment at which one became known (microseconds UTC; 0 where there is
    none)."""

    days: Tally = field(default_factory=Tally)
    hours: Tally = field(default_factory=Tally)
    minutes: Tally = field(default_factory=Tally)
    first_at: int = 0
    last_at: int = 0
    known_at: int = 0

    def __add__(self, other: Moments) -> Moments:
        if not len(self.days) or not len(other.days):
            return self if len(self.days) else other
        return Moments(
            self.days + other.days,
            self.hours + other.hours,
            self.minutes + other.minutes,
            min(self.first_at, other.first_at),
            max(self.last_at, other.last_at),
            max(self.known_at, other.known_at),
        )

    @classmethod
    def of(cls, happened_at: np.ndarray, known_at: np.ndarray, timezone: str) -> Moments:
        """Of facts, by two int64 arrays of microseconds UTC."""
        if not len(happened_at):
            return cls()
        local = local_microseconds(happened_at, timezone)
        hours = Tally.of(local // MICROSECONDS_PER_HOUR)
        return cls(
            Tally.of(hours.codes // 24, hours.counts),
            hours,
            Tally.of(local // MICROSECONDS_PER_MINUTE % (24 * 60)),
            int(happened_at.min()),
            int(happened_at.max()),
            int(np.maximum(happened_at, known_at).max()),
        )


@dataclass(frozen=True)
class TablePicture:
    """A table. Of `customers` with facts `met` have ordered, of the `ordered` in all. The rest is known where the files
    were read for it: `strangers` are ids of some of the others and `buyers` some who ordered and have no fact;
    `otherwise` strangers would be buyers if `pair` were one id, but for how it is written; `empty` says of each column
    that was used how many cells are empty; the newest file was written at `written_at` (microseconds UTC)."""

    table: str
    files: tuple[str, ...]
    rows: int
    kept: int
    rejected: int
    equal: int
    moments: Moments
    customers: int = 0
    met: int = 0
    ordered: int = 0
    strangers: tuple[str, ...] = ()
    buyers: tuple[str, ...] = ()
    otherwise: int = 0
    pair: tuple[str, ...] = ()
    written_at: int = 0
    empty: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """All tables, orders first; the largest of orders, and the lines that are far too dear for their product."""

    timezone: str
    currency: str
    tables: tuple[TablePicture, ...]
    largest: Largest
    dear: Ranked = field(default_factory=Ranked)

    @property
    def orders(self) -> TablePicture:
        """The table of orders."""
        return self.tables[0]


def pictured(engine: Engine, intake: Intake, timezone: str, currency: str) -> Picture:
    """The picture of a log as it stands, with all that it holds."""
    parts = list(engine.over(largest_in, NEVER))
    largest = reduce(Largest.__add__, parts) if parts else Largest()
    moments = list(engine.over(partial(_ordered_at, timezone=timezone), NEVER))
    orders = _table(intake, ORDERS, reduce(Moments.__add__, moments, Moments()))
    dear = reduce(Ranked.__add__, engine.over(dear_lines, NEVER), Ranked())
    return Picture(timezone, currency, (orders, *_other_tables(engine, intake, timezone)), largest, dear)


def _ordered_at(batch: Timelines, timezone: str) -> Moments:
    orders = batch.orders
    return Moments.of(orders.happened_at, orders.columns["known_at"], timezone)


def _other_tables(engine: Engine, intake: Intake, timezone: str) -> list[TablePicture]:
    names = [name for name in dict.fromkeys(load.table for load in intake.loads) if name in FACT_TABLES]
    return [_beside_orders(name, engine.buckets, intake, timezone) for name in names]


def _beside_orders(name: str, buckets: Sequence[Bucket], intake: Intake, timezone: str) -> TablePicture:
    """A table by its files, which hold the facts of those who never ordered as well."""
    moments, customers, met, ordered = Moments(), 0, 0, 0
    for bucket in buckets:
        columns = ["customer_key", "happened_at", "known_after"]
        paths = [path for source in bucket.tables.get(name, ()) for of_file in source for path in of_file]
        facts = _columns(paths, columns)
        keys, own = np.unique(facts["customer_key"]), np.unique(_columns(bucket.customers, columns[:1])["customer_key"])
        happened = facts["happened_at"]
        moments += Moments.of(happened, happened + facts["known_after"], timezone)
        customers, ordered = customers + len(keys), ordered + len(own)
        met += int(np.isin(keys, own, assume_unique=True).sum())
    return _table(intake, name, moments, (customers, met, ordered))


def _table(intake: Intake, name: str, moments: Moments, match: tuple[int, int, int] = (0, 0, 0)) -> TablePicture:
    loads = [load for load in intake.loads if load.table == name]
    return TablePicture(
        name,
        tuple(dict.fromkeys(Path(load.source).name for load in loads)),
        sum(load.rows_read for load in loads),
        sum(load.lines for load in loads),
        sum(load.rejected for load in loads),
        sum(load.equal_lines for load in loads),
        moments,
        *match,
    )


def _columns(files: Sequence[Path], names: Sequence[str]) -> dict[str, np.ndarray]:
    """Columns of the rows of some files of the log, all together."""
    parts = [pq.ParquetFile(path).read(columns=list(names), use_threads=False) for path in files]
    kind = {name: np.uint64 if name == "customer_key" else np.int64 for name in names}
    return {
        name: np.concatenate([np.empty(0, kind[name]), *(part[name].to_numpy() for part in parts)]) for name in names
    }
