"""The rhythm of a customer: the own gap shrunk to everybody's, and how far a silence has come into it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.examples import Examples
from foretell.forecasts.next_order.rhythm import (
    BENDS,
    SHRINKAGE_GAPS,
    USUAL_VARIATION,
    Rhythm,
    Usual,
    rhythm_of,
    usual_gap_days,
    usual_of,
)
from made_rhythms import examples_at

CUTOFF = 200
ONCE, TWICE, REGULAR = np.array([150.0]), np.array([100.0, 140.0]), np.arange(0.0, 200, 10)


def at(*order_days: np.ndarray) -> Examples:
    return examples_at(list(order_days), (CUTOFF,), None)


def rhythm(examples: Examples) -> Rhythm:
    return rhythm_of(examples, usual_of(examples), np.full(len(examples), 0.5))


def test_what_is_usual_is_the_middle_of_the_own_gaps() -> None:
    assert usual_of(at(ONCE, TWICE, REGULAR)) == Usual(25.0, 20.0)
    alone = usual_of(at(ONCE))
    assert np.isnan(alone.gap_days)
    assert alone.order_value == 20.0
    nobody = usual_of(at())
    assert (np.isnan(nobody.gap_days), nobody.order_value) == (True, 1.0)


def test_few_gaps_are_pulled_to_those_of_everybody() -> None:
    found = usual_gap_days(at(ONCE, TWICE, REGULAR), 25.0)
    one = np.exp((np.log(40) + SHRINKAGE_GAPS * np.log(25)) / (1 + SHRINKAGE_GAPS))
    many = np.exp((19 * np.log(10) + SHRINKAGE_GAPS * np.log(25)) / (19 + SHRINKAGE_GAPS))
    assert found == pytest.approx([25.0, one, many])


def test_where_nobody_has_a_gap_none_is_made_up() -> None:
    found = usual_gap_days(at(ONCE, TWICE), float("nan"))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(40.0)


def test_familiarity_grows_with_gaps_and_variation_is_shrunk() -> None:
    found = rhythm(at(ONCE, TWICE, REGULAR))
    assert found.familiarity == pytest.approx([0, 1 / 3, 19 / 21])
    assert found.variation[:2] == pytest.approx([USUAL_VARIATION] * 2)
    assert found.variation[2] == pytest.approx(USUAL_VARIATION * 2 / 21)


def test_a_silence_as_long_as_the_gap_is_due() -> None:
    found = rhythm(at(TWICE, REGULAR))
    since = float(found.days_since_last[1])
    usual = float(found.usual_gap_days[1])
    rows = np.array([1])
    ahead, elapsed, today, phase, *_ = found.columns(usual - since, usual - since, rows)
    assert phase == pytest.approx([0.0])
    assert elapsed == pytest.approx([np.log(usual + 1)])
    assert ahead == pytest.approx([np.log1p(usual - since)])
    assert today.tolist() == [float(usual - since < 1)]


DAYS = st.lists(st.integers(0, CUTOFF - 1), min_size=1, max_size=8, unique=True).map(
    lambda days: np.array(sorted(days), dtype=np.float64)
)


@given(st.lists(DAYS, min_size=1, max_size=6), st.floats(0, 700), st.floats(0, 60))
def test_columns_are_numbers_and_those_of_the_row_alone(
    customers: list[np.ndarray], begin: float, length: float
) -> None:
    examples = at(*customers, REGULAR)
    found, rows = rhythm(examples), np.arange(len(examples))
    columns = list(found.columns(begin, begin + length, rows))
    assert len(columns) == 3 + 3 * (1 + len(BENDS)) + len(found.at_the_cutoff)
    assert all(np.isfinite(column).all() for column in columns)
    for whole, alone in zip(columns, found.columns(begin, begin + length, rows[-1:]), strict=True):
        assert whole[-1] == alone[0]
