"""A generated shop in which nothing is planted, counted week by week; and faults to plant in what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from foretell.examples.assembly import Assembly
from foretell.generated.request import ShopRequest
from foretell.generated.shop import write_shop
from foretell.outcomes.kpis.standing import EPOCH
from foretell.outcomes.monitoring.at_once import of_log
from foretell.outcomes.monitoring.book import Break
from foretell.outcomes.monitoring.cells import Cells, CountCells, Counted, merged
from foretell.outcomes.monitoring.judging import Verdict, verdict
from foretell.outcomes.monitoring.monitored import Broken
from foretell.outcomes.monitoring.populations import Counts, Population, counted_at, edges_at
from foretell.outcomes.monitoring.sources import lags_of, week_of
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.run import planned
from foretell.project.intervals import midnight
from foretell.project.progress import Silent

WEEKS = 24
FEATURES = ("orders_90d", "spend_90d", "days_since_last_order", "age_days", "order_value_mean_life", "order_value_last")


@dataclass(frozen=True)
class WatchedShop:
    """The cells of its log, and its customers by bin of a few features in each week up to `day`."""

    day: str
    counted: Counted
    populations: Mapping[str, Counts]

    def at(
        self, day: str, counted: Counted | None = None, moved: Mapping[str, np.ndarray] | None = None
    ) -> list[Broken]:
        """What is broken on a day; with the cells of another log, or with other counts of features on that day."""
        cells = self.counted if counted is None else counted
        at_once = of_log(seen_by(cells, day), day, day)
        return [*at_once.broken, *self.of_week(day, cells, moved or {}, at_once.broken).broken]

    def of_week(
        self, day: str, counted: Counted, moved: Mapping[str, np.ndarray], at_once: tuple[Broken, ...] = ()
    ) -> Verdict:
        """The verdict on the series of a week."""
        cells = seen_by(counted, day)
        lags = lags_of(cells, number(day))
        days = [(date.fromisoformat(day) - timedelta(days=7 * back)).isoformat() for back in range(WEEKS)]
        sources: dict[str, dict[str, tuple[int, int]]] = {}
        for one in days:
            for series, counts in week_of(cells, number(one), lags).items():
                sources.setdefault(series.name, {})[one] = counts
        populations: dict[str, dict[str, list[int]]] = {}
        for one in days:
            for name, bins in ({**self.populations[one], **moved} if one == day else self.populations[one]).items():
                populations.setdefault(name, {})[one] = bins.tolist()
        known = [Break(one, None) for one in at_once]
        return verdict(sources, populations, known, day, lambda _: ["a new word"])


def watched_shop(folder: Path, customers: int, days: int, weeks: int, seed: int = 0) -> WatchedShop:
    """A shop of so many customers, with the populations of so many weeks before its end."""
    write_shop(ShopRequest(customers, days, seed), folder, Silent())
    request = replace(request_of_declaration(folder / "foretell.toml"), workers=1)
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    log = brought_up_to_date(settled, files, columns, Silent())
    plan = planned(log, Silent())[0]
    whole: Counted = {}
    for counted, _ in log.engine.over(CountCells(plan.timezone), plan.as_of):
        whole = merged(whole, counted)
    last = date.fromisoformat(plan.as_of_day())
    ends = [(last - timedelta(days=7 * back)).isoformat() for back in range(weeks)]
    assembly = Assembly((plan.as_of,), plan.horizon_days, FEATURES, plan.survey, labelled=False)
    population = Population(assembly, None, FEATURES)
    moments = [midnight(date.fromisoformat(one), plan.timezone) for one in ends]
    edges = edges_at(log.engine, population, moments[0], plan.proving_key)
    counts = counted_at(log.engine, population, moments, edges, plan.proving_key)
    return WatchedShop(plan.as_of_day(), whole, dict(zip(ends, counts, strict=True)))


def number(day: str) -> int:
    """Days since 1970-01-01."""
    return (date.fromisoformat(day) - EPOCH).days


def seen_by(counted: Counted, day: str) -> Counted:
    """What was known by a day."""
    return {key: cells.within(0, number(day)) for key, cells in counted.items()}


def stopped(counted: Counted, table: str, end: int) -> Counted:
    """No fact of a table comes from a day on."""
    return {key: cells.within(0, end) if key[0] == table else cells for key, cells in counted.items()}


def changed(counted: Counted, key: tuple[str, str], since: int, values: Mapping[int, int] | int) -> Counted:
    """From a day on each value of a column is another: one and the same, or as `values` map them."""
    cells = counted[key]
    late = cells.days >= since
    if isinstance(values, int):
        now = np.full(len(late), values)
    else:
        now = np.array([values.get(int(one), int(one)) for one in cells.values], dtype=np.int64)
    return {**counted, key: Cells.of(cells.kind, cells.days, np.where(late, now, cells.values), cells.counts)}
