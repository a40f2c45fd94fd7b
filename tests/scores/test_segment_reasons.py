"""Reasons of segments: odds against everybody, and typical facts; sums over batches, whatever the cut."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.models.contract import Contributions
from foretell.scores.segment_reasons import odds, segment_reasons, theme_columns

NAMES = ("orders_90d", "own_rhythm", "order_value_last", "weekend_share")


def customers(values: np.ndarray, **facts: np.ndarray) -> pa.Table:
    return pa.table({**theme_columns(Contributions(0.4, NAMES, values)), **facts})


def test_a_segment_is_told_by_what_sets_it_apart_from_everybody() -> None:
    values = np.array([[1.0, 1.0, 0.0, 0.1], [1.0, 1.0, 0.0, 0.1], [-1.0, -1.0, 0.2, 0.1], [-1.0, -1.0, 0.2, 0.1]])
    facts = {
        "days_since_last": np.array([3.0, 5.0, 100.0, 300.0]),
        "lifetime_orders": np.array([10.0, 20.0, 2.0, 4.0]),
        "gap_days_median": np.array([7.0, 9.0, np.nan, np.nan]),
        "order_value_mean_life": np.array([30.0, 30.0, 50.0, 52.0]),
    }
    best, lost = segment_reasons(customers(values, **facts), ["Best", "Best", "Lost", "Lost"], "GBP")
    assert (best.segment, best.customers, lost.segment, lost.customers) == ("Best", 2, "Lost", 2)
    assert best.reasons == (
        "odds 7.4 times those of everybody: last order 4 days ago, usually every 8 days; 15 orders in all",
    )
    assert lost.reasons == ("odds 0.14 times those of everybody: last order 200 days ago; 3 orders in all",)


@given(st.data(), st.integers(1, 30), st.integers(0, 29))
def test_the_cut_into_batches_changes_nothing(data: st.DataObject, rows: int, cut: int) -> None:
    draws = data.draw(st.lists(st.lists(st.floats(-4, 4), min_size=4, max_size=4), min_size=rows, max_size=rows))
    values = np.array(draws)
    segment = data.draw(st.lists(st.sampled_from(["A", "B", None]), min_size=rows, max_size=rows))
    fact = np.array(data.draw(st.lists(st.floats(0, 400) | st.just(np.nan), min_size=rows, max_size=rows)))
    whole = customers(values, days_since_last=fact)
    parts = [customers(values[rows_], days_since_last=fact[rows_]) for rows_ in (slice(0, cut), slice(cut, None))]
    found = segment_reasons(pa.concat_tables(parts), segment, "")
    assert found == segment_reasons(whole, segment, "")
    assert [one.segment for one in found] == sorted({name for name in segment if name})
    assert sum(one.customers for one in found) == sum(name is not None for name in segment)
    for one in found:
        assert len(one.reasons) <= 3
        assert not re.search(r"\bnan\b|\binf\b|None", " ".join(one.reasons))


@given(st.lists(st.lists(st.floats(-4, 4), min_size=4, max_size=4), min_size=2, max_size=20))
def test_everybody_as_one_segment_is_not_set_apart(draws: list[list[float]]) -> None:
    [whole] = segment_reasons(customers(np.array(draws)), ["all"] * len(draws), "")
    assert whole.reasons == ()


def test_without_a_model_there_are_no_reasons() -> None:
    table = pa.table({"days_since_last": [1.0, 2.0]})
    assert [one.reasons for one in segment_reasons(table, ["A", "B"], "")] == [(), ()]


@pytest.mark.parametrize(("ratio", "said"), [(23.4, "23"), (3.21, "3.2"), (1.0, "1.0"), (0.25, "0.25")])
def test_odds_are_told_as_a_multiple(ratio: float, said: str) -> None:
    assert odds(float(np.log(ratio))) == f"odds {said} times those of everybody"
