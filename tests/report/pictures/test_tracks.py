"""The tracking plot: what came and what was expected go on from window to window, and nothing leaves the frame."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.forecasts.orders.tracking import TrackedGroup, Tracking
from foretell.report.pictures.charts import WIDTH
from foretell.report.pictures.tracks import figures, intro

GROUP = TrackedGroup(
    "all customers", 9, (2.0, 5.0, 6.0, 8.0), (3.0, 6.0, 8.0, 10.0), (1.0, 2.0, 3.0, 4.0), (5.0, 9.0, 12.0, 15.0)
)
TRACKING = Tracking(
    14,
    "bg_nbd",
    True,
    ("2024-01-01", "2024-01-15"),
    ("2024-01-08", "2024-01-15", "2024-01-22", "2024-01-29"),
    (GROUP, replace(GROUP, name="first order in 2024 Q1", customers=1, low=None, high=None)),
)


def points(drawing: str, mark: str) -> list[tuple[float, float]]:
    found = re.search(rf'<{mark} class="[^"]*" points="([^"]+)"', drawing)
    assert found is not None
    return [(float(x), float(y)) for x, y in (point.split(",") for point in found[1].split())]


def line(drawing: str, style: str) -> list[tuple[float, float]]:
    found = re.search(rf'class="line {style}" points="([^"]+)"', drawing)
    assert found is not None
    return [(float(x), float(y)) for x, y in (point.split(",") for point in found[1].split())]


def test_a_line_begins_at_nothing_and_goes_on_where_the_window_before_ended() -> None:
    came = line(figures(TRACKING)[0].drawing, "came")
    assert len(came) == 2 + 4
    assert came[2] == came[3]
    assert [x for x, _ in came] == sorted(x for x, _ in came)
    assert [y for _, y in came] == sorted((y for _, y in came), reverse=True)
    assert figures(TRACKING)[0].drawing.count('<line class="grid" x1="') > 0


def test_each_group_is_told_with_what_came_and_how_far_it_was_missed() -> None:
    everybody, cohort = figures(TRACKING)
    assert everybody.text.replace("\xa0", " ") == "9 customers: 8 came, 10 expected [80 % 4, 15] (+25 %)."
    assert (cohort.title, cohort.text.partition(":")[0]) == ("First order in 2024 Q1", "1 customer")
    assert [style for style, _ in everybody.legend] == ["came", "ours foreseen", "band"]
    assert [style for style, _ in cohort.legend] == ["came", "ours foreseen"]
    assert "by 2024-01-29 8 came, 10 expected" in everybody.drawing
    nobody = replace(GROUP, came=(0.0,) * 4)
    assert figures(replace(TRACKING, groups=(nobody,)))[0].text.endswith("[80\xa0% 4, 15].")


def test_the_band_lies_around_what_was_expected() -> None:
    drawing = figures(TRACKING)[0].drawing
    band, expected = points(drawing, "polygon"), line(drawing, "ours foreseen")
    high, low = band[: len(expected)], band[len(expected) :][::-1]
    for (_, above), (_, mean), (_, below) in zip(high, expected, low, strict=True):
        assert above <= mean <= below


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "2 windows of 14 days; at each upright line the forecast is made anew"),
        ({"begins": ("2024-01-01",)}, "1 window of 14 days. Expected by"),
        ({"by_process": False}, "spread evenly, as no buying process could be fitted"),
        ({}, "(BG/NBD), spread as BG/NBD expects them. The interval holds chance"),
        ({"groups": (replace(GROUP, low=None, high=None),)}, "An interval needs three tests, so there is none."),
    ],
)
def test_the_intro_says_what_is_followed(change: dict[str, object], said: str) -> None:
    assert said in intro(replace(TRACKING, **change))  # type: ignore[arg-type]


@given(st.integers(1, 3), st.integers(1, 9), st.data())
def test_nothing_leaves_the_frame(windows: int, steps: int, data: st.DataObject) -> None:
    amounts = st.lists(st.integers(0, 10**7), min_size=windows * steps, max_size=windows * steps).map(sorted)
    came, expected = (tuple(thousandths / 1_000 for thousandths in data.draw(amounts)) for _ in range(2))
    begins = [date(2024, 1, 1) + timedelta(days=7 * steps * place) for place in range(windows)]
    ends = tuple((begin + timedelta(days=7 * (step + 1))).isoformat() for begin in begins for step in range(steps))
    group = TrackedGroup("all customers", 3, came, expected, None, None)
    told = Tracking(7 * steps, "bg_nbd", True, tuple(one.isoformat() for one in begins), ends, (group,))
    (figure,) = figures(told)
    for style in ("came", "ours foreseen"):
        assert all(0 <= x <= WIDTH and 0 <= y <= 250 for x, y in line(figure.drawing, style))
    assert "nan" not in figure.drawing
    assert figure.drawing.count(" came, ") <= 8
    assert f"by {ends[-1]} " in figure.drawing
