"""The part on future high-value customers: a card an age, the best way of ordering marked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from changed_runs import changed
from foretell.answers.published import RunOverHorizon
from foretell.backtest.bootstrap import Figure
from foretell.forecasts.early_value.indicators import EarlyIndicator
from foretell.forecasts.early_value.past_forecasts import OURS
from foretell.forecasts.early_value.proof import EARLY_VALUE, AtAge, CohortCut, EarlyValue, Ranked
from foretell.report.early import COLUMNS, cells, figure
from foretell.report.page import report_html


def ranked(name: str, value: float, low: float | None = None, high: float | None = None) -> Ranked:
    figure = Figure(value, low, high)
    return Ranked(name, figure, figure, figure)


def at_age(age_days: int, ours: float = 0.43) -> AtAge:
    return AtAge(
        age_days,
        (CohortCut("2024-01", 300, 120.5), CohortCut("2024-02", 90, None)),
        390,
        39,
        0.1,
        400,
        "logistic",
        (ranked(OURS, ours, 0.25, 0.5), ranked("first_order_amount", 0.31), ranked("spend_so_far", 0.33)),
        (ranked("first_order_amount", 0.12, 0.05, 0.2), ranked("spend_so_far", 0.1, 0.01, 0.2)),
        OURS,
        (EarlyIndicator("first order of 50 or more", "first_order_value", "value", 0.3, Figure(2.13, 1.2, 3.8), 1),),
    )


NOT_IN_THE_LOG = "Visits and marketing contacts are not in the log."
FOUND = EarlyValue(30, 30, "2024-01-01", 900, (at_age(1), at_age(7), at_age(30)), "")


def test_a_ranking_has_a_figure_a_column() -> None:
    ours, first, _ = FOUND.ages[0].rankings
    assert len(cells(ours)) == len(COLUMNS)
    assert cells(ours)[0] == (".430", ".250 to .500")
    assert cells(first)[2] == ("31\xa0%", "")


def part_of(shop_main: RunOverHorizon, found: EarlyValue) -> str:
    html = report_html(changed(shop_main, {EARLY_VALUE.name: found}).run)
    begin = html.index('<h3 id="early">')
    return html[begin : html.index("<h3>", begin)].replace("\xa0", " ")


def test_each_age_has_its_details_and_what_follows_is_told_once(shop_main: RunOverHorizon) -> None:
    html = part_of(shop_main, replace(FOUND, cannot="At 30 days too few are known."))
    assert re.findall(r'aria-label="(\d+ days?) after', html) == ["1 day", "7 days", "30 days"]
    assert re.findall(r'<th scope="row">([\w -]+)', html)[:3] == ["Ours", "First-order amount", "Spend so far"]
    assert html.count("2024-01: 120; 2024-02: –.") == 3
    assert html.count(f"At 30 days too few are known. {NOT_IN_THE_LOG}") == 1


@pytest.mark.parametrize(("ours", "best"), [(0.43, 0), (0.32, 2), (0.33, 0)], ids=["ours", "a baseline", "a tie"])
def test_the_best_by_precision_is_marked_once(shop_main: RunOverHorizon, ours: float, best: int) -> None:
    rows = part_of(shop_main, replace(FOUND, ages=(at_age(7, ours),))).split('<tr><th scope="row">')[1:]
    assert ["<strong>" in row for row in rows] == [place == best for place in range(3)]


def test_the_drawing_has_a_dot_for_each_way_at_each_age() -> None:
    drawn = figure(FOUND)
    assert drawn.drawing.count('<circle class="dot ours"') == 3
    assert drawn.drawing.count('<circle class="dot other"') == 6
    assert [name for name, _ in drawn.legend] == ["dot ours", "dot other"]


def test_without_an_age_only_the_reason_is_told(shop_main: RunOverHorizon) -> None:
    html = part_of(shop_main, EarlyValue(30, 30, "", 0, (), "Nobody has ordered twice yet."))
    assert "Nobody has ordered twice yet." in html
    assert "<table" not in html
    assert NOT_IN_THE_LOG not in html
