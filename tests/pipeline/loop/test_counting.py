"""What is counted of a day, and of weeks before it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from foretell.answers.published import PublishedRun
from foretell.outcomes.monitoring.book import MonitoringBook
from foretell.outcomes.monitoring.cells import ROWS, Cells
from foretell.outcomes.monitoring.populations import SCORES
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.loop.counting import (
    OF_SOURCES,
    WEEKS_BACK,
    Versions,
    both,
    day_number,
    population_counts,
    source_counts,
)
from foretell.project.progress import Silent

DAY = "2026-05-01"


def test_sources_are_counted_for_each_week_of_which_nothing_is_kept() -> None:
    end = day_number(DAY)
    counted = {("orders", ROWS): Cells.of("rows", np.arange(end - 400, end), np.ones(400))}
    found = source_counts(counted, DAY, {})
    assert len(found) == WEEKS_BACK + 1
    assert {one[OF_SOURCES]["source orders volume"] for one in found.values()} == {(7, 7)}
    again = source_counts(counted, DAY, {"source orders volume": {day: [7, 7] for day in found}})
    assert list(again) == [DAY]


def test_two_sets_of_counts_are_one() -> None:
    assert both({"a": {"v": {"s": [1]}}}, {"a": {"w": {"t": [2]}}, "b": {"w": {"t": [3]}}}) == {
        "a": {"v": {"s": [1]}, "w": {"t": [2]}},
        "b": {"w": {"t": [3]}},
    }


def test_customers_of_a_run_are_counted_at_its_day_and_each_week_before(shop_run: PublishedRun, tmp_path: Path) -> None:
    book, versions = MonitoringBook(tmp_path), Versions.of(shop_run)
    found = population_counts(shop_run, kept_engine(shop_run.request), book, Silent())
    today = found[shop_run.main.plan.as_of_day()]
    assert set(today[versions.scores]) == set(SCORES)
    assert {sum(bins) for version in today.values() for bins in version.values()} == {len(shop_run.main.scores)}
    sizes = [sum(found[day][versions.scores][SCORES[0]]) for day in sorted(found)]
    assert sizes == sorted(sizes)
    assert len(sizes) > 10
    assert set(book.edges(versions.scores)) == set(SCORES)
