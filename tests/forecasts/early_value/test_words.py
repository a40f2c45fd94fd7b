"""The proof by age in words: what was found decides what is claimed."""

from __future__ import annotations

from dataclasses import replace

from foretell.backtest.bootstrap import Figure
from foretell.cli.screen.backtest import WIDTH, _early
from foretell.forecasts.early_value.indicators import EarlyIndicator
from foretell.forecasts.early_value.past_forecasts import OURS
from foretell.forecasts.early_value.proof import AtAge, CohortCut, EarlyValue, Ranked
from foretell.forecasts.early_value.words import basis, headline, indicator_line, lines, verdict


def ranked(name: str, value: float, low: float | None = None, high: float | None = None) -> Ranked:
    figure = Figure(value, low, high)
    return Ranked(name, figure, figure, figure)


AT = AtAge(
    7,
    (CohortCut("2024-01-01 to 2024-01-31", 300, 120.5),),
    300,
    30,
    0.1,
    400,
    "logistic_and_status_quo",
    (ranked(OURS, 0.43), ranked("first_order_amount", 0.31), ranked("spend_so_far", 0.33)),
    (ranked("first_order_amount", 0.12, 0.05, 0.2), ranked("spend_so_far", 0.1, 0.01, 0.2)),
    OURS,
    (EarlyIndicator("first order of 50 or more", "first_order_value", "value", 0.3, Figure(2.13, 1.2, 3.8), 1),),
)
FOUND = EarlyValue(30, 90, "2024-01-01", 900, (AT,), "")


def test_the_headline_is_one_sentence_with_three_shares() -> None:
    assert headline(AT).replace("\xa0", " ") == (
        "At 7 days after the first order: the 10 % we point at hold 43 % of the later top tier's revenue; "
        "first-order amount 31 %; spend so far 33 %."
    )


def test_better_is_said_only_beyond_chance() -> None:
    assert verdict(AT).replace("\xa0", " ") == (
        "Ours is better than spend so far: average precision .430 against .330, difference .010 to .200 (90 %); "
        ".100 by chance."
    )
    unsure = replace(AT, ahead=(AT.ahead[0], ranked("spend_so_far", 0.1, -0.01, 0.2)))
    assert "though not surely" in verdict(unsure)
    few = replace(AT, in_tier=6)
    assert "6 in the tier prove little" in verdict(few)
    behind = replace(AT, served_by="spend_so_far")
    assert verdict(behind).startswith("Ours is not better: spend so far orders them as well or better, so go by that")
    unknown = replace(AT, ahead=(AT.ahead[0], ranked("spend_so_far", 0.1)))
    assert "difference" not in verdict(unknown)
    assert "though not surely" in verdict(unknown)


def test_a_fact_has_its_size_and_what_the_model_says() -> None:
    one = AT.indicators[0]
    told = indicator_line(one, "EUR").replace("\xa0", " ")
    assert told == (
        "first order of 50 EUR or more (30 % of them): 2.1 times as likely (90 %: 1.2 times to 3.8 times); "
        "the model says so too"
    )
    assert indicator_line(replace(one, model_says=-1)).endswith("the model does not")
    assert indicator_line(replace(one, model_says=0)).endswith("3.8 times)")


def test_it_says_on_whom_and_over_how_long() -> None:
    told = basis(FOUND)
    assert "300 new customers of 1 cohort" in told
    assert "each followed for 30 days from the age on (the log is too short for 90 days)" in told
    assert basis(EarlyValue(30, 30, "", 0, (), "Nobody has ordered twice yet.")) == "Nobody has ordered twice yet."


def test_the_screen_holds_every_sentence_within_its_width() -> None:
    printed = list(_early(FOUND))
    assert all(len(line) <= WIDTH for line in printed)
    words = " ".join(" ".join(printed).split())
    for _, text in lines(FOUND):
        assert " ".join(text.split()) in words
    alone = list(_early(replace(FOUND, ages=(), cannot="Nobody has ordered twice yet.")))
    assert alone[1:] == ["  Nobody has ordered twice yet."]
    assert "No single fact" in " ".join(text for _, text in lines(replace(FOUND, ages=(replace(AT, indicators=()),))))
