from __future__ import annotations

from collections import Counter
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.intervals import days
from foretell.timelines.survey import Survey, Tally, combined
from made_batch import batch

CODES = st.lists(st.integers(-50, 50) | st.integers(-(2**60), 2**60))


@given(CODES)
def test_a_tally_counts(codes: list[int]) -> None:
    tally = Tally.of(np.array(codes, dtype=np.int64))
    assert dict(zip(tally.codes.tolist(), tally.counts.tolist(), strict=True)) == dict(Counter(codes))
    assert tally.codes.tolist() == sorted(set(codes))


@given(st.lists(CODES, min_size=1, max_size=4))
def test_tallies_add_up(parts: list[list[int]]) -> None:
    tallies = [Tally.of(np.array(part, dtype=np.int64)) for part in parts]
    whole = Tally.of(np.array([code for part in parts for code in part], dtype=np.int64))
    added = reduce(Tally.__add__, tallies)
    assert (added.codes.tolist(), added.counts.tolist()) == (whole.codes.tolist(), whole.counts.tolist())


def test_a_tally_of_money_is_exact() -> None:
    tally = Tally.of(np.array([3, 3, 9]), np.array([2**60, 1, -5]))
    assert (tally.codes.tolist(), tally.counts.tolist()) == ([3, 9], [2**60 + 1, -5])


ORDERS = [
    (1, 1, days(1), days(1), 500), (1, 2, days(11), days(11), 300), (2, 3, days(4), days(4), 200),
    (2, 4, days(9), days(20), 100), (3, 5, days(5), days(5), -70),
]  # fmt: skip


def test_a_survey_counts_what_was_visible_when() -> None:
    survey = Survey.of(batch(*ORDERS))
    assert (survey.customers, survey.refund_only, survey.log_start) == (2, 1, days(1))
    assert dict(zip(survey.spend.codes.tolist(), survey.spend.counts.tolist(), strict=True)) == {
        1: 500, 4: 200, 5: -70, 11: 300, 20: 100,
    }  # fmt: skip
    assert survey.newcomers.codes.tolist() == [1, 4]
    assert survey.span_days == 20
    assert [survey.customers_before(days(day)) for day in (1, 2, 4, 5)] == [0, 1, 1, 2]


def test_the_population_knows_gaps_of_weeks_that_are_over() -> None:
    survey = Survey.of(batch(*ORDERS))
    assert np.isnan(survey.population(days(13)).gap_days_median)
    assert survey.population(days(14)).gap_days_median == 10
    assert survey.population(days(21)).gap_days_median == 5


@pytest.mark.parametrize("split", range(4))
def test_parts_of_a_log_add_up_to_the_whole(split: int) -> None:
    whole = Survey.of(batch(*ORDERS))
    parts = [batch(*(o for o in ORDERS if o[0] <= split)), batch(*(o for o in ORDERS if o[0] > split))]
    added = combined([Survey.of(part) for part in parts])
    assert (added.customers, added.refund_only, added.log_start) == (2, 1, days(1))
    for name in ("orders", "spend", "newcomers", "gaps"):
        found, expected = getattr(added, name), getattr(whole, name)
        assert (found.codes.tolist(), found.counts.tolist()) == (expected.codes.tolist(), expected.counts.tolist())
