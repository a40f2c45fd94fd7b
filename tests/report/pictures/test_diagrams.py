"""The drawings of the proof: an honest forecast lies on the diagonal, and what is drawn is what was measured."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.backtest.curves import CalibrationTable, calibration_table, gains_curve, threshold_curve
from foretell.report.markup import Markup
from foretell.report.pictures.diagrams import (
    AtCutoff,
    calibration_diagram,
    cutoff_chart,
    gains_chart,
    threshold_chart,
)

PREDICTED = np.array([0.9, 0.8, 0.6, 0.4, 0.3, 0.2, 0.1, 0.1, 0.05, 0.05])
ACTUAL = np.array([1.0, 1, 0, 1, 0, 0, 0, 0, 0, 0])


def dots(drawing: Markup, style: str = "ours") -> list[tuple[float, float]]:
    found = re.findall(rf'<circle class="dot {style}" cx="([\d.]+)" cy="([\d.]+)"', drawing)
    return [(float(x), float(y)) for x, y in found]


def lines(drawing: Markup, style: str) -> list[list[tuple[float, float]]]:
    found = re.findall(rf'<polyline class="line {style}" points="([^"]*)"', drawing)
    return [[(float(x), float(y)) for x, y in (point.split(",") for point in one.split())] for one in found]


def table(*groups: tuple[float, float]) -> CalibrationTable:
    predicted, actual = (np.array(column) for column in zip(*groups, strict=True))
    return CalibrationTable(predicted, actual, actual * 0.5, np.minimum(actual * 1.5, 1), np.full(len(actual), 10.0))


def test_honest_groups_lie_on_the_diagonal() -> None:
    drawing = calibration_diagram(table((0.1, 0.1), (0.3, 0.3), (0.5, 0.5)), "chance")
    (diagonal,) = lines(drawing, "ideal")
    begin, end = np.array(diagonal)
    for x, y in dots(drawing):
        share = (x - begin[0]) / (end[0] - begin[0])
        assert y == pytest.approx(begin[1] + share * (end[1] - begin[1]), abs=0.11)
    assert "10\xa0% became 10\xa0%; 30\xa0% became 30\xa0%" in drawing


@pytest.mark.parametrize(("highest", "top"), [(0.01, "2 %"), (0.03, "4 %"), (0.25, "40 %"), (0.9, "100 %")])
def test_the_axes_end_at_a_round_share(highest: float, top: str) -> None:
    drawing = calibration_diagram(table((highest, highest / 2)), "chance")
    assert drawing.count(f">{top}</text>") == 2


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_every_group_has_a_dot_above_the_floor(rows: list[tuple[float, bool]]) -> None:
    found = calibration_table(np.array([p for p, _ in rows]), np.array([float(came) for _, came in rows]))
    drawing = calibration_diagram(found, "chance")
    assert len(dots(drawing)) == len(found.predicted)
    assert "nan" not in drawing


def test_gains_say_what_the_highest_hold() -> None:
    ours, base = gains_curve(PREDICTED, ACTUAL), gains_curve(np.zeros(10), ACTUAL)
    assert ours is not None
    assert base is not None
    drawing = gains_chart(ours, base, "buyers")
    assert "The highest 10 %, 20 % and 50 % of customers hold 33\xa0%, 67\xa0%, 100\xa0% of buyers." in drawing
    (own,), (other,), (best,) = (lines(drawing, style) for style in ("ours", "other", "ideal"))
    assert all(y_best <= y + 0.1 for (_, y_best), (_, y) in zip(best, own, strict=True))
    assert other[0] == own[0]
    assert other[-1] == own[-1]
    assert lines(gains_chart(ours, None, "buyers"), "other") == []


def test_thresholds_show_three_lines_and_the_chosen_one() -> None:
    curve = threshold_curve(PREDICTED, ACTUAL)
    drawing = threshold_chart(curve, 0.35)
    (recall,) = lines(drawing, "other")
    assert [x for x, _ in recall] == sorted(x for x, _ in recall)
    assert [y for _, y in recall] == sorted(y for _, y in recall)
    assert len(lines(drawing, "ours")) == len(lines(drawing, "ideal")) == 1
    assert "chosen: 35\xa0%" in drawing
    assert "chosen" not in threshold_chart(curve, None)


def test_cutoffs_stand_side_by_side_and_a_missing_one_leaves_its_place() -> None:
    points = [
        AtCutoff("2024-01-01", (0.7, 0.6, 0.8), (0.6, None, None)),
        AtCutoff("2024-02-01", (None, None, None), (float("nan"), None, None)),
        AtCutoff("2024-03-01", (0.8, 0.7, 0.9), (0.5, 0.4, 0.6)),
    ]
    drawing = cutoff_chart(points, "AUROC")
    assert drawing is not None
    ours, others = dots(drawing), dots(drawing, "other")
    assert len(ours) == len(others) == 2
    assert all(own[0] > other[0] for own, other in zip(ours, others, strict=True))
    assert ours[1][1] < ours[0][1]
    shares = cutoff_chart(points, "bias", as_share=True)
    assert shares is not None
    assert "2024-01-01: +70\xa0% against +60\xa0%" in shares
    assert cutoff_chart([], "AUROC") is None
    assert cutoff_chart(points[1:2], "AUROC") is None
