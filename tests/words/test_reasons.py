"""Facts become sentences, once for every door: every feature can be said, and nothing is said that is not known."""

from __future__ import annotations

import math
import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.features import FEATURES
from foretell.features.registry import plain_words, stem, told_in, words_over
from foretell.features.themes import THEMES, theme_in_words
from foretell.words.reasons import MEASURED, Fact, FeatureWords, Reason, compared, is_nothing, written
from foretell.words.wording import shown

SAID = [name for name, feature in FEATURES.items() if feature.words.says]
UNITS = sorted({feature.unit for feature in FEATURES.values()} | {""})
VALUES = st.floats(0, 1e6) | st.sampled_from((0.0, 0.004, 0.4, 1.0, 2.0, 3.4))


def test_every_feature_has_a_theme_and_words_for_more_and_less() -> None:
    for feature in FEATURES.values():
        words = feature.words
        assert words.theme in THEMES
        assert words.more != words.less
        assert all(text == text.strip() and text for text in (words.more, words.less))
        assert words.towards in (-1, 0, 1)
        assert not re.search(r"[{}]", words.more + words.less + words.none)


def test_what_is_said_names_features_that_there_are() -> None:
    for name in SAID:
        words = FEATURES[name].words
        assert set(words.told) <= set(FEATURES)
        fields = [field for _, field, _, _ in Formatter().parse(words.says) if field is not None]
        assert fields or FEATURES[name].unit == "flag"


def test_of_several_windows_one_is_told() -> None:
    windows = [name for name in SAID if re.search(r"_\d+d$", name)]
    assert len({stem(name) for name in windows}) == len(windows)


@given(st.sampled_from(SAID), VALUES, VALUES | st.just(math.nan), st.floats(0, 500))
def test_a_fact_is_told_in_full(name: str, value: float, typical: float, other: float) -> None:
    words = FEATURES[name].words
    fact = Fact(name, value, dict.fromkeys(words.told, other), typical, "Peru" if FEATURES[name].unit == "code" else "")
    told = told_in("GBP").fact(fact)
    assert told == told.strip()
    assert not re.search(r"\bnan\b|\binf\b|None|[{}]", told)
    is_compared = math.isfinite(typical) and not words.is_own and not words.is_rare
    assert ("where half of the customers" in told) == is_compared


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (Fact("orders_90d", 3, {}), "3 orders in the last 90 days"),
        (Fact("orders_90d", 1, {}, 3), "1 order in the last 90 days, where half of the customers have 3 or more"),
        (Fact("orders_90d", 0, {}, 2), "no order in the last 90 days, where half of the customers have 2 or more"),
        (Fact("orders_90d", 2, {}, 0), "2 orders in the last 90 days, where half of the customers have none"),
        (Fact("spend_90d", 0, {}), "nothing spent in the last 90 days"),
        (Fact("days_since_last_order", 0.2, {}), "ordered today"),
        (
            Fact("order_value_mean_life", 8, {}, 40),
            "8.00 GBP an order, where half of the customers spend 40.00 GBP or more",
        ),
        (Fact("first_order_discounted", 1, {}, 0), "first order was discounted"),
        (Fact("first_order_discounted", 0, {}, 1), "first order was at full price"),
        (Fact("first_order_discount_share", 0.2, {}), "first order was discounted by 20 %"),
        (Fact("first_order_country", 7, {}, word="Germany"), "first order came from Germany"),
        (
            Fact("hiatus_in_median_gaps", 2.7, {"days_since_last_order": 58.2, "gap_days_median": 21}, 1),
            "silent for 58 days, usually orders every 21 days",
        ),
        (
            Fact("hiatus_in_median_gaps", 2.7, {"days_since_last_order": math.nan, "gap_days_median": 21}),
            "silent for an unknown number, usually orders every 21 days",
        ),
    ],
)  # fmt: skip
def test_a_fact_is_said_as_people_say_it(fact: Fact, told: str) -> None:
    assert told_in("GBP").fact(fact).replace("\xa0", " ") == told


def test_a_reason_says_the_way_and_its_facts() -> None:
    facts = (Fact("orders_90d", 3, {}), Fact("spend_90d", 120, {}))
    told = told_in("GBP")
    assert told.reason(Reason(1, "orders", facts[:1])) == "likelier: 3 orders in the last 90 days"
    assert told.reason(Reason(-1, "orders", facts)) == (
        "less likely: 3 orders in the last 90 days; 120\xa0GBP spent in the last 90 days"
    )
    assert "too little history" in told.reason(Reason(0, "", ()))


@given(st.sampled_from(UNITS), st.floats(allow_nan=True, allow_infinity=True))
def test_a_value_in_any_unit_is_plain(unit: str, value: float) -> None:
    told = written(value, unit, "GBP") if unit != "log ratio" or not abs(value) > 700 else "1"
    assert told
    assert not re.search(r"nan|inf|None|\n", told)
    assert ("unknown" in told) == (not math.isfinite(value)) or unit == "log ratio"


@given(st.sampled_from(("orders", "lines", "pieces", "products", "categories", "refunds", "gaps")), st.floats(0, 1e9))
def test_one_of_a_thing_is_in_the_singular(unit: str, value: float) -> None:
    figure, noun = written(value, unit).split(" ")
    assert (noun == unit) == (figure != "1")


@pytest.mark.parametrize("word", ["{}", "{0}", "a {b}", "Côte d'Ivoire", "x\u202ey"])
def test_other_peoples_words_are_said_as_text(word: str) -> None:
    told = told_in("").fact(Fact("first_order_country", 7, {}, word=word))
    assert told == f"first order came from {shown(word)}"
    assert "\u202e" not in told


def test_many_are_set_apart_by_more_or_less_with_both_numbers() -> None:
    told = told_in("GBP")
    assert compared(told, "orders_90d", 4, 1) == "more orders in 90 days (4 orders against 1)"
    assert compared(told, "orders_90d", 1, 4) == "fewer orders in 90 days (1 order against 4)"
    assert compared(told, "orders_90d", 0, 4) == "no order in the last 90 days (others: 4 orders)"
    assert compared(told, "orders_90d", 12.1, 12.2) == ""
    assert compared(told, "orders_90d", math.nan, 4) == compared(told, "orders_90d", 4, math.inf) == ""


def test_a_feature_without_words_is_told_by_its_name() -> None:
    words = plain_words("club_membership_life", "club")
    assert (words.theme, words.more, words.says) == ("club", "higher club membership", "club membership {}")
    assert told_in("").fact(Fact("unheard_of", 2.54, {})) == "unheard of 2.5"
    assert theme_in_words("club_membership") == "club membership"


def test_words_over_windows_say_their_days() -> None:
    words = FeatureWords("orders", "more in {days} days", "less in {days} days", "{} in {days} days", window_days=90)
    assert words_over(words, {"days": 90}).says == "{} in 90 days"
    assert (words_over(words, {"days": 30}).says, words_over(words, {"days": 30}).more) == ("", "more in 30 days")
    assert words_over(words, {}) is words


@given(st.sampled_from(UNITS), st.floats(0, 10))
def test_what_reads_as_none_is_nothing(unit: str, value: float) -> None:
    if unit not in ("log ratio", "days", "share"):
        figure = re.match(r"[\d.,]+", written(value, unit))
        assert figure is not None
        assert is_nothing(value, unit) == (float(figure[0]) == 0) or math.isclose(value, 0.005)


def test_units_are_those_that_can_be_written() -> None:
    of_orders = {"orders", "lines", "pieces", "products", "categories", "refunds", "gaps"}
    of_visits = {"actions", "visits", "items", "interactions"}
    of_tables = {"times", "steps", "messages", "complaints", "words", "tickets", "subscriptions"}
    of_accounts = {"persons"}
    known = {*MEASURED, *of_orders, *of_tables, *of_visits, *of_accounts}
    assert {feature.unit for feature in FEATURES.values()} <= known


def test_a_ratio_that_no_number_holds_is_unknown() -> None:
    assert written(1e6, "log ratio") == "an unknown number"
    assert written(0.0, "log ratio") == "×1"
