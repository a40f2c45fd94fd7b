"""Who was contacted teaches nothing of what comes without contact; who was held back stands for them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.examples import Examples
from foretell.examples.policy import DrawnContacts, copies, effective_size, under_policy
from foretell.project.errors import InputError
from foretell.project.intervals import days
from foretell.project.request import IF_NOBODY

HORIZON = 30


def rows(keys: list[int], cutoffs: list[int]) -> Examples:
    """Rows of these customers at days, without features."""
    n = len(keys)
    return Examples(
        HORIZON, np.array(keys, dtype=np.uint64), np.array([days(day) for day in cutoffs]), (), np.zeros((n, 0)), {},
        {"ordered": np.arange(n, dtype=np.float64)}, {"all": np.ones(n, dtype=bool)},
    )  # fmt: skip


def drawn(*told: tuple[int, float, float, bool, float]) -> DrawnContacts:
    """Draws as customer, first day, day of the end, whether treated, propensity."""
    keys, begins, ends, treated, propensity = zip(*told, strict=True) if told else ((),) * 5
    return DrawnContacts(
        IF_NOBODY,
        np.array(keys, dtype=np.uint64),
        np.array([days(day) for day in begins], dtype=np.int64),
        np.array([days(day) for day in ends], dtype=np.int64),
        np.array(treated, dtype=bool),
        np.array(propensity, dtype=np.float64),
    )


DRAW = st.tuples(
    st.integers(1, 4), st.integers(0, 90), st.integers(1, 60), st.booleans(), st.sampled_from([0.2, 0.5, 0.75])
)


@settings(max_examples=60)
@given(st.lists(DRAW, max_size=8), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 5)), min_size=1, max_size=8))
def test_weights_are_those_of_reading_draw_by_draw(
    told: list[tuple[int, int, int, bool, float]], asked: list[tuple[int, int]]
) -> None:
    ledger = [(key, begin, begin + lasts, treated, chance) for key, begin, lasts, treated, chance in told]
    own = rows([key for _, key in sorted(asked)], [day for day, _ in sorted(asked)])
    found = drawn(*ledger).weights(own.customer_key, own.cutoff, HORIZON)
    for weight, (day, key) in zip(found, sorted(asked), strict=True):
        expected = 1.0
        for who, begin, end, treated, chance in ledger:
            if who == key and begin < day + HORIZON and end > day:
                expected *= 0 if treated else 1 / (1 - chance)
        assert weight == pytest.approx(expected)


def test_over_all_draws_the_weighted_sum_is_that_of_everybody_uncontacted() -> None:
    chances, uncontacted = (0.2, 0.5, 0.75), np.array([3.0, 5.0, 7.0])
    own, mean = rows([1, 2, 3], [10, 10, 10]), 0.0
    for arms in product([False, True], repeat=3):
        told = [(key, 12.0, 20.0, arm, chance) for key, arm, chance in zip((1, 2, 3), arms, chances, strict=True)]
        how_likely = np.prod([chance if arm else 1 - chance for arm, chance in zip(arms, chances, strict=True)])
        mean += float(how_likely * drawn(*told).weights(own.customer_key, own.cutoff, HORIZON) @ uncontacted)
    assert mean == pytest.approx(uncontacted.sum())


@given(st.lists(st.floats(0, 20), min_size=1, max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_copies_say_the_weights_of_any_stretch_to_within_one(weights: list[float], one: int, other: int) -> None:
    given_weights = np.array(weights)
    found, (begin, end) = copies(given_weights), sorted((one, other))
    assert (found >= np.floor(given_weights)).all()
    assert abs(found[begin:end].sum() - given_weights[begin:end].sum()) <= 1 + 1e-6
    assert (found[given_weights == 1] == 1).all()


def everybody(treated: float) -> DrawnContacts:
    """Of 200 customers who are all drawn on day 12, the first share treated; half had to be."""
    return drawn(*((key, 12.0, 40.0, key < 200 * treated, 0.5) for key in range(200)))


def test_who_was_held_back_stands_for_who_was_contacted() -> None:
    own = rows([*range(200), *range(200)], [10] * 200 + [60] * 200)
    found, under = under_policy(own, everybody(treated=0.5), "UTC")
    first = found.customer_key[found.cutoff == days(10)]
    assert np.unique(first).tolist() == list(range(100, 200))
    assert np.unique(first, return_counts=True)[1].tolist() == [2] * 100
    assert (found.cutoff == days(60)).sum() == 200
    assert (under.rows, under.left_out, under.weighed) == (400, 100, 100)
    assert under.effective == pytest.approx(400**2 / (100 * 4 + 200))
    assert under.is_apart
    assert "100 of contacted customers are left out and 100 of customers held back stand for them" in under.said


def test_as_usual_everybody_teaches_as_they_are() -> None:
    own = rows([1, 2], [10, 10])
    found, under = under_policy(own, DrawnContacts(), "UTC")
    assert found is own
    assert not under.is_apart
    assert "what contact did is in the forecast" in under.said


def test_a_ledger_without_draws_in_the_window_changes_no_row() -> None:
    own = rows([1, 2], [10, 10])
    found, under = under_policy(own, drawn((1, 45.0, 60.0, True, 0.5)), "UTC")
    assert found is own
    assert not under.is_apart
    assert "No draw overlaps" in under.said


def test_too_few_uncontacted_customers_are_an_error_that_says_what_to_do() -> None:
    with pytest.raises(InputError, match=r"customers worth 20, by their weights, in the 30 days from 1970-01-11 on"):
        under_policy(rows(list(range(200)), [10] * 200), everybody(treated=0.9), "UTC")


def test_an_effective_size_is_that_of_equal_weights() -> None:
    assert effective_size(np.zeros(3)) == 0
    assert effective_size(np.full(7, 3.5)) == pytest.approx(7)


def test_the_fingerprint_follows_the_draws() -> None:
    one = drawn((1, 10.0, 40.0, True, 0.5))
    assert one.fingerprint == drawn((1, 10.0, 40.0, True, 0.5)).fingerprint
    assert one.fingerprint != drawn((1, 10.0, 40.0, False, 0.5)).fingerprint != drawn().fingerprint
