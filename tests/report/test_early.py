"""The part on future high-value customers: a card an age, the best way of ordering marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foretell.forecasts.early_value.indicators import NOT_IN_THE_LOG, EarlyIndicator
from foretell.forecasts.early_value.metrics import Figure
from foretell.forecasts.early_value.past_forecasts import OURS
from foretell.forecasts.early_value.proof import AtAge, CohortCut, EarlyValue, Ranked
from foretell.report.early import COLUMNS, early_part


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


FOUND = EarlyValue(30, 30, "2024-01-01", 900, (at_age(1), at_age(7), at_age(30)), "")


def test_each_age_has_a_card_with_three_ways_of_ordering() -> None:
    part = early_part(FOUND, "EUR")
    assert [card.title for card in part.cards] == [
        f"{age} after the first order" for age in ("1 day", "7 days", "30 days")
    ]
    for card in part.cards:
        assert [row.name.partition(":")[0] for row in card.rows] == ["Ours", "First-order amount", "Spend so far"]
        assert {len(row.cells) for row in card.rows} == {len(COLUMNS)}
        assert card.rows[0].cells[0] == (".430", ".250 to .500")
        assert card.rows[1].cells[2] == ("31\xa0%", "")
        assert card.cuts.endswith("2024-01: 120\xa0EUR; 2024-02: –.")
        assert "50 EUR" in card.indicators[0]
    assert part.note == NOT_IN_THE_LOG


@pytest.mark.parametrize(("ours", "best"), [(0.43, 0), (0.32, 2), (0.33, 0)], ids=["ours", "a baseline", "a tie"])
def test_the_best_by_precision_is_marked_once(ours: float, best: int) -> None:
    (card,) = early_part(replace(FOUND, ages=(at_age(7, ours),)), "").cards
    assert [row.best for row in card.rows] == [place == best for place in range(3)]


def test_the_drawing_has_a_dot_for_each_way_at_each_age() -> None:
    figure = early_part(FOUND, "EUR").figure
    assert figure is not None
    assert figure.drawing.count('<circle class="dot ours"') == 3
    assert figure.drawing.count('<circle class="dot other"') == 6
    assert [name for name, _ in figure.legend] == ["dot ours", "dot other"]


def test_without_an_age_only_the_reason_is_told() -> None:
    part = early_part(EarlyValue(30, 30, "", 0, (), "Nobody has ordered twice yet."), "EUR")
    assert (part.intro, part.figure, part.cards, part.note) == ("Nobody has ordered twice yet.", None, (), "")


def test_what_could_not_be_told_at_some_age_is_a_note() -> None:
    part = early_part(replace(FOUND, cannot="At 30 days too few are known."), "")
    assert part.note.startswith("At 30 days too few are known. ")
