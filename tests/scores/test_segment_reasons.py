"""Reasons of segments: odds against everybody, and typical facts that differ visibly, whatever the cut into batches."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.features.registry import told_in, words_of
from foretell.models.contract import Contributions
from foretell.scores.reasons import MOST_FACTS, MOST_REASONS
from foretell.scores.segment_reasons import LEAST_RATIO, SegmentReason, segment_reasons, theme_columns

NAMES = ("orders_90d", "own_rhythm", "order_value_last", "weekend_share")
TOLD = ("days_since_last_order", "orders_90d", "orders_life", "order_value_mean_life", "weekend_share")


def customers(values: np.ndarray, **facts: np.ndarray) -> pa.Table:
    return pa.table({**theme_columns(Contributions(0.4, NAMES, values)), **facts})


def test_a_segment_is_told_by_what_sets_it_apart_from_everybody() -> None:
    values = np.array([[1.0, 1.0, 0.0, 0.1], [1.0, 1.0, 0.0, 0.1], [-1.0, -1.0, 0.2, 0.1], [-1.0, -1.0, 0.2, 0.1]])
    facts = {
        "days_since_last_order": np.array([3.0, 5.0, 100.0, 300.0]),
        "orders_life": np.array([10.0, 20.0, 2.0, 4.0]),
        "gap_days_median": np.array([7.0, 9.0, np.nan, np.nan]),
        "order_value_mean_life": np.array([30.0, 30.0, 50.0, 52.0]),
    }
    best, lost = segment_reasons(customers(values, **facts), ["Best", "Best", "Lost", "Lost"])
    assert (best.segment, best.customers, lost.segment, lost.customers) == ("Best", 2, "Lost", 2)
    assert [reason.in_words("GBP") for reason in best.reasons] == [
        "odds 7.4 times those of everybody: silent for 4 days, where half of the customers are silent for 52 days or "
        "more; 15 orders so far, where half of the customers have 7 or less",
    ]
    assert [reason.in_words("GBP") for reason in lost.reasons] == [
        "odds 0.14 times those of everybody: 3 orders so far, where half of the customers have 7 or more; silent for "
        "200 days, where half of the customers are silent for 52 days or less"
    ]
    assert [reason.theme for reason in (*best.reasons, *lost.reasons)] == ["orders", "orders"]


@given(st.data(), st.integers(1, 30), st.integers(0, 29))
def test_the_cut_into_batches_changes_nothing(data: st.DataObject, rows: int, cut: int) -> None:
    draws = data.draw(st.lists(st.lists(st.floats(-4, 4), min_size=4, max_size=4), min_size=rows, max_size=rows))
    values = np.array(draws)
    segment = data.draw(st.lists(st.sampled_from(["A", "B", None]), min_size=rows, max_size=rows))
    column = st.lists(st.sampled_from((0.0, 1.0, 30.0, np.nan)) | st.floats(0, 400), min_size=rows, max_size=rows)
    facts = {name: np.array(data.draw(column)) for name in TOLD}
    whole = customers(values, **facts)
    parts = [
        customers(values[rows_], **{name: known[rows_] for name, known in facts.items()})
        for rows_ in (slice(0, cut), slice(cut, None))
    ]
    found = segment_reasons(pa.concat_tables(parts), segment)
    assert found == segment_reasons(whole, segment)
    assert [one.segment for one in found] == sorted({name for name in segment if name})
    assert sum(one.customers for one in found) == sum(name is not None for name in segment)
    for one in found:
        assert len(one.reasons) <= MOST_REASONS
        for reason in one.reasons:
            check(reason)


def check(reason: SegmentReason) -> None:
    """The odds are apart from even, and one or two facts of the theme read otherwise than those of everybody."""
    told = told_in("GBP")
    assert abs(np.log(reason.odds)) >= np.log(LEAST_RATIO) * 0.999
    assert 1 <= len(reason.facts) <= MOST_FACTS
    for fact in reason.facts:
        assert words_of(fact.feature).theme == reason.theme
        assert told.figure(fact.feature, fact.value) != told.figure(fact.feature, fact.typical)
    assert not re.search(r"\bnan\b|\binf\b|None|\xa0", reason.in_words("GBP"))


@given(st.lists(st.lists(st.floats(-4, 4), min_size=4, max_size=4), min_size=2, max_size=20))
def test_everybody_as_one_segment_is_not_set_apart(draws: list[list[float]]) -> None:
    facts = {name: np.arange(len(draws), dtype=float) for name in TOLD}
    [whole] = segment_reasons(customers(np.array(draws), **facts), ["all"] * len(draws))
    assert whole.reasons == ()


def test_without_a_model_there_are_no_reasons() -> None:
    table = pa.table({"days_since_last_order": [1.0, 200.0]})
    assert [one.reasons for one in segment_reasons(table, ["A", "B"])] == [(), ()]


@pytest.mark.parametrize("silent", [[7.0, 7.0, 7.0, 7.0], [7.0, 7.1, 7.2, 7.3], [np.nan, np.nan, np.nan, 7.0]])
def test_a_theme_whose_facts_are_those_of_everybody_is_no_reason(silent: list[float]) -> None:
    values = np.array([[2.0, 0, 0, 0], [2.0, 0, 0, 0], [-2.0, 0, 0, 0], [-2.0, 0, 0, 0]])
    table = customers(values, days_since_last_order=np.array(silent))
    assert [one.reasons for one in segment_reasons(table, ["A", "A", "B", "B"])] == [(), ()]


def test_of_windows_that_say_nearly_the_same_one_is_told() -> None:
    values = np.array([[2.0, 0, 0, 0], [2.0, 0, 0, 0], [-2.0, 0, 0, 0], [-2.0, 0, 0, 0]])
    orders = np.array([8.0, 8.0, 1.0, 1.0])
    table = customers(values, orders_90d=orders, orders_life=orders + 20, days_since_last_order=orders)
    [reason] = segment_reasons(table, ["A", "A", "B", "B"])[0].reasons
    assert len({fact.feature.split("_")[0] for fact in reason.facts}) == len(reason.facts) == 2


@pytest.mark.parametrize(("ratio", "said"), [(23.4, "23"), (3.21, "3.2"), (1.0, "1"), (0.25, "0.25")])
def test_odds_are_told_as_a_multiple(ratio: float, said: str) -> None:
    assert SegmentReason(ratio, "orders", ()).in_words("") == f"odds {said} times those of everybody: "
