"""The part of the report on segments: its numbers are those of segments.json, migration.parquet and backtest.json."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc
import pytest

from changed_runs import changed
from foretell.answers.published import RunOverHorizon
from foretell.report.page import report_html
from foretell.report.segments import change_of, levels_of, set_parts, shown_sentence, way_of
from foretell.segments.movement.segmentation import SEGMENTS
from foretell.segments.movement.summary import SegmentLine, SetSummary

SETS = ["rfm", "lifecycle", "value"]


def summary_of(one: RunOverHorizon, name: str) -> SetSummary:
    found = one.segmentation.summary(name)
    assert found is not None
    return found


@pytest.mark.parametrize("shown", SETS)
def test_the_set_that_is_shown_comes_first_and_alone_has_drawings(shop_main: RunOverHorizon, shown: str) -> None:
    request = shop_main.request
    parts = set_parts(changed(shop_main, request=replace(request, asked=replace(request.asked, segment_set=shown))))
    assert [part.name for part in parts] == [shown, *(name for name in SETS if name != shown)]
    assert [[view.drawing is not None for view in part.views] for part in parts] == [[True] * 2] + [[False] * 2] * 2


def test_sizes_are_those_of_the_summary(shop_main: RunOverHorizon) -> None:
    for part in set_parts(shop_main):
        known = [line for line in summary_of(shop_main, part.name).segments if line.customers]
        assert [line for line in part.lines if line.customers] == known
        assert sum(line.customers for line in part.lines) == len(shop_main.scores)


@pytest.mark.parametrize(
    ("expected", "newcomers", "change", "way"),
    [(14.0, 3.2, "+8", "more"), (2.0, None, "−7", "fewer"), (9.2, None, "±0", ""), (None, None, "", "")],
)
def test_a_change_counts_newcomers_and_is_sure_beyond_both_intervals(
    expected: float | None, newcomers: float | None, change: str, way: str
) -> None:
    low, high = (None if expected is None else expected + apart for apart in (-2.0, 2.0))
    line = SegmentLine("Big", "", 9, 0.9, 0.0, 0.0, "Big", None, expected, low, high, newcomers, 1.0, 4.0)
    assert (change_of(line), way_of(line)) == (change, way)


def test_the_matrices_are_those_of_the_migration_table(shop_main: RunOverHorizon) -> None:
    table = shop_main.segmentation.migration
    for part in set_parts(shop_main):
        for view, kind in zip(part.views, ("forecast", "actual"), strict=True):
            own = table.filter((pc.field("segment_set") == part.name) & (pc.field("kind") == kind))
            assert view.matrix.whole == f"{own['customers'].to_numpy().sum():,.0f}"
            shown = sum(bool(cell.told) for row in view.matrix.rows for cell in row.cells)
            assert shown == (own["customers"].to_numpy() >= 0.5).sum()


def test_up_is_to_where_customers_are_likelier_to_order(shop_main: RunOverHorizon) -> None:
    level = levels_of(summary_of(shop_main, "rfm"))
    segments = np.array(shop_main.scores["segment"].to_pylist())
    chance = shop_main.scores["p_purchase"].to_numpy()
    for name in set(segments):
        assert level[name] == pytest.approx(chance[segments == name].mean())
    columns = set_parts(shop_main)[0].views[0].matrix.columns
    assert list(columns) == sorted(columns, key=lambda name: -level.get(name, -1))


def test_moves_that_were_mere_silence_are_down_in_the_past_and_in_the_forecast(shop_main: RunOverHorizon) -> None:
    rows = shop_main.segmentation.migration.to_pylist()
    for part in set_parts(shop_main):
        silent = {
            (row["from_segment"].replace("None", "No spend"), row["to_segment"].replace("None", "No spend"))
            for row in rows
            if row["segment_set"] == part.name and row["kind"] == "actual" and 2 * row["ageing"] >= row["customers"]
        }
        for view in part.views:
            told = {
                (row.name, column): cell
                for row in view.matrix.rows
                for column, cell in zip(view.matrix.columns, row.cells, strict=True)
            }
            moved = [told[pair].direction for pair in silent if pair[0] != pair[1] and told[pair].told]
            assert set(moved) <= {"down"}
            assert moved or part.name == "value"


def test_a_set_without_forecast_or_past_is_shown_as_it_is(shop_main: RunOverHorizon) -> None:
    line = SegmentLine("<b>Big</b>", "p_purchase > 0.5", 9, 0.9, 0.0, 0.0, "<b>Big</b>: 9 customers")
    bare = SetSummary(
        "camp<aign", "2024-08-01", 30, "2024-08-01", 200.0, "", "No forecast.", 0, {}, None, None, (line,)
    )
    found = changed(shop_main, {SEGMENTS.name: replace(shop_main.segmentation, summaries=(bare,))})
    (part,) = set_parts(found)
    assert part.views == ()
    assert part.lines == (line,)
    assert shown_sentence(line) == "9 customers"
    html = report_html(found.run)
    assert "<b>Big</b>" not in html
    assert "&lt;b&gt;Big&lt;/b&gt;" in html
    assert "Who goes where" not in html
