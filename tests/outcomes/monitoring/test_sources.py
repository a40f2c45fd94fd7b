"""Sources by the week, beside what one counts by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.outcomes.monitoring.cells import ROWS, Cells
from foretell.outcomes.monitoring.sources import SourceSeries, lags_of, named, new_values, series_of, week_of

DAYS = np.repeat(np.arange(100), 3)
WORDS = np.where((DAYS >= 95) & (np.arange(300) % 3 == 0), 7, np.where(np.arange(300) % 3 == 1, 0, 5))
LOG = {("visits", ROWS): Cells.of("rows", DAYS, np.ones(300)), ("visits", "page"): Cells.of("text", DAYS, WORDS)}


def test_a_week_of_a_table() -> None:
    week = {series.name: counts for series, counts in week_of(LOG, 100, {}).items()}
    assert week == {
        "source visits volume": (21, 21),
        "source visits missing page": (7, 21),
        "source visits new page": (5, 21),
    }


def test_a_table_that_comes_later_is_counted_up_to_its_end() -> None:
    assert lags_of(LOG, 104) == {"visits": 4}
    assert week_of(LOG, 104, {"visits": 4}) == week_of(LOG, 100, {})


def test_what_is_new_was_never_there_before() -> None:
    assert new_values(LOG["visits", "page"], 100).tolist() == [7]
    assert new_values(LOG["visits", "page"], 90).tolist() == []


def test_a_table_that_begins_tells_nothing_new() -> None:
    assert {series.what for series in week_of(LOG, 30, {})} == {"volume", "missing"}
    assert week_of(LOG, 0, {}) == {}


def test_a_share_that_rises_lies_apart_and_one_that_falls_is_no_worse() -> None:
    one = named("source visits missing page")
    assert one == SourceSeries("visits", "missing", "page")
    weeks = [(10, 100)] * 12 + [(40, 100)]
    found = series_of(one, weeks, np.ones(13, dtype=bool))
    assert found.rises
    assert found.apart[-1] == pytest.approx(np.arcsin(np.sqrt(0.4)) - np.arcsin(np.sqrt(0.1)))
    assert found.least == pytest.approx(0.05)
    assert not series_of(named("source visits volume"), weeks, np.ones(13, dtype=bool)).rises
