"""Reasons: at most three, of what moved the forecast most, told by facts that differ visibly on the side that fits."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.assembly import Assembly
from foretell.examples.examples import FACTS, Examples
from foretell.features import FEATURES
from foretell.features.registry import told_in, unit_of, words_of
from foretell.features.themes import ORDER_HISTORY, THEMES
from foretell.models.contract import Contributions
from foretell.models.themes import THEME_OF_FACT, by_theme, themes_of
from foretell.models.typical import NOTHING_TYPICAL, Typical
from foretell.scores.reasons import (
    LEAD,
    LEAST_SHARE,
    MOST_FACTS,
    MOST_REASONS,
    OWN_TIMES,
    UNTOLD,
    as_column,
    in_words,
    of_column,
    reasons,
    told_features,
)
from foretell.timelines.survey import Survey
from foretell.words.reasons import TOO_LITTLE, Fact, Reason
from made_orders import Made, batch_of, made

NAMES = [*FEATURES, *THEME_OF_FACT]


def examples_of(log: Made) -> Examples:
    batch = batch_of(log.lines, log.timezone)
    return Assembly((log.cutoff,), 30, tuple(FEATURES), Survey.of(batch), labelled=False)(batch)


@st.composite
def typicals(draw: st.DrawFn) -> Typical:
    """What might be typical: quartiles in the range of the values that made logs have, any spread and direction."""
    names = draw(st.lists(st.sampled_from(told_features()), unique=True, min_size=1))
    values = st.sampled_from((0.0, 0.5, 1.0, 2.0, 30.0)) | st.floats(0, 400)
    quartiles = np.array([sorted(draw(st.lists(values, min_size=3, max_size=3))) for _ in names])
    spread = np.array([draw(st.sampled_from((0.0, 0.5, 2.0))) for _ in names])
    direction = np.array([draw(st.sampled_from((-1.0, 0.0, 1.0))) for _ in names])
    return Typical(tuple(names), quartiles, spread, direction)


def contributions_of(data: st.DataObject, names: Sequence[str], rows: int) -> Contributions:
    moves = st.lists(st.floats(-3, 3), min_size=len(names), max_size=len(names))
    return Contributions(
        -1.0, tuple(names), np.array([data.draw(moves) for _ in range(rows)]).reshape(rows, len(names))
    )


SOME_NAMES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=12, unique=True)


@settings(max_examples=50)
@given(st.data(), made(), SOME_NAMES, typicals())
def test_reasons_are_few_and_strong_and_point_the_way_that_their_theme_moved(
    data: st.DataObject, log: Made, names: list[str], typical: Typical
) -> None:
    examples = examples_of(log)
    contributions = contributions_of(data, names, len(examples))
    themes, moved = by_theme(contributions)
    for found, own in zip(reasons(contributions, examples, typical), moved, strict=True):
        size = dict(zip(themes, own, strict=True))
        heard = [abs(size[one.theme]) * (LEAD if one.theme == ORDER_HISTORY else 1.0) for one in found]
        assert len(found) <= MOST_REASONS
        assert heard == sorted(heard, reverse=True)
        assert len({one.theme for one in found}) == len(found)
        for one in found:
            assert one.way == np.sign(size[one.theme])
            assert abs(size[one.theme]) >= LEAST_SHARE * np.abs(own).sum()


@settings(max_examples=50)
@given(st.data(), made(), SOME_NAMES, typicals())
def test_facts_differ_visibly_on_the_side_that_fits(
    data: st.DataObject, log: Made, names: list[str], typical: Typical
) -> None:
    examples = examples_of(log)
    found = reasons(contributions_of(data, names, len(examples)), examples, typical)
    for row, own in enumerate(found):
        for reason in own:
            assert 1 <= len(reason.facts) <= MOST_FACTS
            for fact in reason.facts:
                assert words_of(fact.feature).theme == reason.theme
                assert fact.value == examples.feature(fact.feature)[row]
                assert fact.beside == {name: examples.feature(name)[row] for name in words_of(fact.feature).told}
                check_visible(fact, reason.way, typical)


def check_visible(fact: Fact, way: int, typical: Typical) -> None:
    """Outside the middle half of customers, or apart from the customer's own usual, and so that it explains the way."""
    if unit_of(fact.feature) == "code":
        assert fact.word
        return
    place = typical.features.index(fact.feature)
    low, middle, high = typical.quartiles[place]
    if words_of(fact.feature).is_own:
        usual = 1.0 if unit_of(fact.feature) == "gaps" else middle
        assert unit_of(fact.feature) != "gaps" or max(fact.value, 1 / fact.value) >= OWN_TIMES
    else:
        usual, told = middle, told_in("")
        assert fact.typical == middle
        assert fact.value <= low or fact.value >= high
        assert told.figure(fact.feature, fact.value) != told.figure(fact.feature, middle)
    assert np.sign(fact.value - usual) * typical.direction[place] == way


@settings(max_examples=50)
@given(st.data(), made(), SOME_NAMES, typicals())
def test_every_reason_is_told_in_full_and_comes_back_as_it_was(
    data: st.DataObject, log: Made, names: list[str], typical: Typical
) -> None:
    examples = examples_of(log)
    found = reasons(contributions_of(data, names, len(examples)), examples, typical)
    column = as_column(found)
    assert repr(of_column(column)) == repr(found)
    for told, own in zip(in_words(column, "GBP").to_pylist(), found, strict=True):
        assert len(told) == len(own)
        for text in told:
            assert re.fullmatch(r"(likelier|less likely): \S.*\S", text)
            assert not re.search(r"\bnan\b|\binf\b|None|[{}\xa0]", text)


@settings(max_examples=50)
@given(st.data(), made(), SOME_NAMES, typicals())
def test_the_reasons_of_one_customer_hang_on_nobody_else(
    data: st.DataObject, log: Made, names: list[str], typical: Typical
) -> None:
    examples = examples_of(log)
    contributions = contributions_of(data, names, len(examples))
    together = reasons(contributions, examples, typical)
    for row in range(len(examples)):
        own = Contributions(contributions.base, contributions.names, contributions.values[row : row + 1])
        assert repr(reasons(own, examples.take(np.array([row])), typical)) == repr([together[row]])


@given(st.data(), made(), SOME_NAMES)
def test_where_nothing_is_typical_no_number_is_told(data: st.DataObject, log: Made, names: list[str]) -> None:
    examples = examples_of(log)
    found = reasons(contributions_of(data, names, len(examples)), examples, NOTHING_TYPICAL)
    assert {unit_of(fact.feature) for own in found for reason in own for fact in reason.facts} <= {"code"}


def test_themes_are_those_of_features_and_facts() -> None:
    assert set(themes_of(NAMES)) == set(THEMES)
    history = ("hiatus_in_mean_gaps", "orders_90d", "spend_life", "purchase_days", "age_days", "own_rhythm")
    assert set(themes_of(history)) == {ORDER_HISTORY}
    assert themes_of(("order_value_last", "first_order_lines", "pieces_last_order")) == ["value"] * 3
    assert themes_of(("days_since_last_refund", "repeat_product_share")) == ["refunds", "products"]
    assert themes_of(("unheard_of",)) == ["unheard_of"]
    assert themes_of(("first_order_country: Germany", "first_order_discount_share")) == ["country", "discount"]
    assert set(THEME_OF_FACT) >= set(FACTS)


ORDERS_AND_VALUE = Typical(
    ("orders_90d", "order_value_mean_life"),
    np.array([[2.0, 3.0, 5.0], [20.0, 30.0, 40.0]]),
    np.array([0.5, 0.5]),
    np.array([1.0, 1.0]),
)


def customers(orders: float, value: float, rows: int = 1) -> Examples:
    """Customers of whom two features are known."""
    names = ("orders_90d", "order_value_mean_life")
    features = np.tile([orders, value], (rows, 1))
    return Examples(30, np.zeros(rows, np.uint64), np.zeros(rows, np.int64), names, features, {}, {}, {})


def told(moved: Sequence[float], orders: float, value: float) -> list[str]:
    contributions = Contributions(0.0, ("orders_90d", "own_rhythm", "order_value_last"), np.array([moved]))
    column = as_column(reasons(contributions, customers(orders, value), ORDERS_AND_VALUE))
    return in_words(column, "GBP").to_pylist()[0]


MANY = "likelier: 9 orders in the last 90 days, where half of the customers have 3 or less"
DEAR = "likelier: 80.00 GBP an order, where half of the customers spend 30.00 GBP or less"


def test_opposite_moves_of_one_theme_cancel() -> None:
    assert told([2.0, -2.0, 0.5], 9, 80) == [DEAR]


@pytest.mark.parametrize(("value", "said"), [(1.9, [MANY, DEAR]), (2.1, [DEAR, MANY])])
def test_the_order_history_is_told_first_unless_another_theme_moved_twice_as_much(
    value: float, said: list[str]
) -> None:
    assert told([1.0, 0.0, value], 9, 80) == said


@pytest.mark.parametrize(
    ("orders", "moved", "said"),
    [
        (9, 1.0, [MANY]),
        (9, -1.0, []),
        (4, 1.0, []),
        (3, -1.0, []),
        (1, -1.0, ["less likely: 1 order in the last 90 days, where half of the customers have 3 or more"]),
        (0, -1.0, ["less likely: no order in the last 90 days, where half of the customers have 3 or more"]),
        (float("nan"), -1.0, []),
    ],
)
def test_a_theme_without_a_fact_that_fits_is_no_reason(orders: float, moved: float, said: list[str]) -> None:
    assert told([moved, 0.0, 0.0], orders, 30) == said


def test_what_moved_under_a_tenth_of_the_whole_is_left_out() -> None:
    assert told([10.0, 0.0, 1.0], 9, 80) == [MANY]
    assert told([8.0, 0.0, 1.0], 9, 80) == [MANY, DEAR]
    assert told([0.0, 0.0, 0.0], 9, 80) == []


def test_what_is_beside_their_own_past_is_told_first() -> None:
    names = ("orders_90d", "days_since_last_order", "gap_days_median", "hiatus_in_median_gaps")
    typical = Typical(
        ("orders_90d", "hiatus_in_median_gaps"),
        np.array([[2.0, 3.0, 5.0], [0.5, 1.0, 2.0]]),
        np.array([0.5, 0.5]),
        np.array([1.0, -1.0]),
    )
    features = np.array([[0.0, 58.0, 20.0, 59 / 21]])
    examples = Examples(30, np.zeros(1, np.uint64), np.zeros(1, np.int64), names, features, {}, {}, {})
    found = reasons(Contributions(0.0, ("own_rhythm",), np.array([[-1.0]])), examples, typical)
    assert in_words(as_column(found), "").to_pylist() == [
        [
            "less likely: silent for 58 days, usually orders every 20 days; "
            "no order in the last 90 days, where half of the customers have 3 or more"
        ]
    ]


def test_what_a_first_order_was_of_is_told_by_its_name() -> None:
    names = ("first_order_country", "first_order_channel")
    features = np.array([[7.0, 8.0], [np.nan, 9.0]])
    one = Examples(30, np.zeros(2, np.uint64), np.zeros(2, np.int64), names, features, {}, {}, {}, {7: "Germany"})
    moved = Contributions(0.0, ("first_order_country: Germany", "first_order_channel: web"), np.ones((2, 2)))
    found = in_words(as_column(reasons(moved, one, NOTHING_TYPICAL)), "").to_pylist()
    assert found == [["likelier: first order came from Germany"], []]


def test_where_nothing_could_be_learned_that_is_said() -> None:
    column = as_column([[UNTOLD], []])
    assert of_column(column) == [[Reason(0, "", ())], []]
    assert in_words(column, "GBP").to_pylist() == [[TOO_LITTLE], []]
