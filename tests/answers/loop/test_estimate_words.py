"""Estimates before the truth, in sentences."""

from __future__ import annotations

from foretell.answers.loop.estimate_words import as_told, estimate_lines
from foretell.outcomes.estimates.estimate import SEES, Estimate, Estimates

HEADS = Estimate("spend", "total", 9000.0, 2500.0, (2400.0, 2600.0), 500.0, 4, 2, 3000.0, 2000.0)
OPEN = Estimate("orders", "total", 900.0, 10.0, (0.0, 20.0), 50.0, 4, 2, 300.0, 290.0)
START = Estimate("buyers", "total", 400.0, 0.0, (0.0, 0.0), 50.0, 4, 2)
WORSE = Estimate("purchase", "auroc", 0.8, -0.05, (-0.05, -0.05), 0.02, 4, 2)
UNTOLD = Estimate("purchase", "brier", 0.15, 0.01, (0.01, 0.01), 0.02, 4, 2)
ELSEWHERE = Estimate("decline", "brier", 0.15, 0.1, (0.1, 0.1), 0.02, 4, 2)


def said(*each: Estimate) -> list[str]:
    return [line.replace("\xa0", " ") for line in estimate_lines(Estimates(30, each, currency="GBP"))]


def test_what_can_be_told_is_told_with_its_error_and_the_tests_behind_it() -> None:
    assert said(START, OPEN, HEADS, WORSE, UNTOLD, ELSEWHERE) == [
        "400 customers are forecast.",
        "900 orders are forecast; 300 came by then, where 290 would be usual. Whether it ends elsewhere cannot be told "
        "yet.",
        "9,000 GBP of spend is forecast; 3,000 GBP came by then, where 2,000 GBP would be usual. It heads for 11,500 "
        "GBP, give or take 539 GBP.",
        "Who orders? AUROC .750, give or take .020 by 4 past tests (2 of them apart), where .800 was promised: worse.",
        "Cannot be told yet: Brier. Such estimates missed by more, at 4 past tests (2 of them apart), than these lie "
        "from what was promised.",
        SEES,
    ]


def test_without_an_error_or_tests_it_says_why_nothing_is_told() -> None:
    one_window = Estimate("purchase", "auroc", 0.8, -0.3, (-0.3, -0.3), None, 2, 1)
    (told,) = said(one_window)
    assert told.endswith("one says nothing of an error.")
    assert estimate_lines(Estimates(missing="nothing was tested")) == [
        "How good it will prove cannot be told before: nothing was tested."
    ]


def test_json_gives_no_estimate_that_cannot_be_told() -> None:
    told = as_told(Estimates(30, (WORSE, UNTOLD)))
    assert [one["value"] for one in told["each"]] == [0.75, None]
    assert [one["verdict"] for one in told["each"]] == ["worse", "cannot be told yet"]
    assert told["sees"] == SEES
