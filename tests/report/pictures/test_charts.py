"""The small drawings: whatever the numbers, marks stay inside and tell the truth."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.report.pictures import charts
from foretell.report.pictures.charts import Axis, Plot, Series
from foretell.report.pictures.diagrams import AtCutoff, cutoff_chart

numbers = st.floats(-1e9, 1e9).map(lambda value: round(value, 6))


@given(numbers, numbers)
def test_ticks_are_few_ascending_and_enclose(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = charts.round_ticks(low, high)
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 7
    assert list(ticks) == sorted(set(ticks))


@given(st.floats(allow_nan=True, allow_infinity=True) | st.none())
def test_a_bar_never_leaves_its_track(share: float | None) -> None:
    width = float(re.findall(r'width="([\d.]+)"', charts.bar(share))[1])
    assert 0 <= width <= 100
    if share is not None and 0 <= share <= 1:
        assert width == pytest.approx(100 * share, abs=0.06)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60))
def test_an_area_stays_in_its_frame(values: list[float]) -> None:
    drawn = charts.area(np.array(values), "title", "description")
    points = re.search(r'<polyline[^>]*points="([^"]+)"', drawn)
    assert points is not None
    places = np.array([[float(part) for part in point.split(",")] for point in points[1].split()])
    assert np.isfinite(places).all()
    assert ((places[:, 0] >= 0) & (places[:, 0] <= 100.01)).all()
    assert ((places[:, 1] >= 0.99) & (places[:, 1] <= 30)).all()


@given(st.lists(numbers, min_size=2, max_size=20))
def test_marks_stay_inside_the_axes(values: list[float]) -> None:
    plot = Plot(charts.share_axis(""), Axis(0.0, 1.0, (0, 1), "", str))
    line = plot.line(Series(np.array(values), np.array(values[::-1]), "ours"))
    places = [float(part) for part in re.findall(r"-?[\d.]+(?=[, \"])", line.split("points=")[1])]
    assert all(0 <= place <= charts.WIDTH for place in places)


def test_a_line_leaves_out_what_is_no_number() -> None:
    plot = Plot(charts.share_axis(""), charts.share_axis(""))
    drawn = plot.line(Series(np.array([0.0, 0.5, 1.0]), np.array([0.0, np.nan, 1.0]), "ours"))
    assert drawn.count(",") == 2


def test_columns_are_as_high_as_their_values() -> None:
    drawn = charts.histogram(np.array([1.0, 2.0, 4.0]), charts.share_axis(""), str, "title", "description")
    heights = [float(height) for height in re.findall(r'<rect[^>]*height="([\d.]+)"', drawn)]
    np.testing.assert_allclose(np.array(heights) / heights[2], [0.25, 0.5, 1.0], atol=0.01)


def test_titles_are_text() -> None:
    drawn = Plot(charts.share_axis("<x>"), charts.share_axis("")).drawn('a"<b>', "<c>", [])
    assert "<b>" not in drawn
    assert "<c>" not in drawn
    assert "<x>" not in drawn
    assert 'aria-label="a&quot;&lt;b&gt;"' in drawn


def test_a_metric_without_any_value_is_not_drawn() -> None:
    nothing = AtCutoff("2024-01-01", (None, None, None), (None, None, None))
    assert cutoff_chart([nothing], "AUROC") is None
    half = AtCutoff("2024-02-01", (0.7, None, None), (None, None, None))
    drawn = cutoff_chart([nothing, half], "AUROC")
    assert drawn is not None
    assert drawn.count("<circle") == 1
    assert "2024-01-01: – against –; 2024-02-01: .700 against –" in drawn
