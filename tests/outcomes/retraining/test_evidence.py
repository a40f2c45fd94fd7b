"""Evidence: the spread of one draw a customer, a second sequence that does not live on credit, and windows apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.experiments.sequences import boundary
from foretell.outcomes.retraining.evidence import NOTHING, PLANNED_LOOKS, Look, apart, evidence

ALPHA = 0.0125


def look(as_of: int, worse: Sequence[float] | np.ndarray, first_key: int = 0) -> Look:
    keys = np.arange(first_key, first_key + len(worse), dtype=np.uint64)
    return Look(as_of, keys, np.asarray(worse, dtype=np.float64))


def drawn(seed: int, looks: int, mean: float = 0.0, customers: int = 200) -> list[Look]:
    random = np.random.default_rng(seed)
    return [look(at, random.normal(mean, 1, customers)) for at in range(looks)]


def obvious(looks: Sequence[Look], alpha: float) -> tuple[float, float]:
    """The bounds of one sequence, by rows and loops."""
    by_customer: dict[int, float] = {}
    mean = np.mean(np.concatenate([one.worse for one in looks]))
    rows = sum(len(one.worse) for one in looks)
    for one in looks:
        for key, worse in zip(one.customer_key.tolist(), one.worse, strict=True):
            by_customer[key] = by_customer.get(key, 0.0) + worse - mean
    errors = []
    for sums in ([*by_customer.values()], [float((one.worse - mean).sum()) for one in looks]):
        draws = len(sums)
        if draws > 1:
            errors.append(np.sqrt(np.sum(np.square(sums)) * draws / (draws - 1)) / rows)
    first = looks[0].worse
    units = len(first) * (np.std(first, ddof=1) / np.sqrt(len(first)) / max(errors)) ** 2
    reach = max(errors) * boundary(units, PLANNED_LOOKS * len(first), 2 * alpha)
    return float(mean - reach), float(mean + reach)


@given(st.integers(0, 99), st.integers(1, PLANNED_LOOKS), st.integers(0, 150))
def test_the_bounds_of_the_first_sequence_are_those_of_an_obvious_oracle(seed: int, looks: int, shift: int) -> None:
    random = np.random.default_rng(seed)
    own = [look(at, random.normal(0.1, 1 + at, 200), shift * at) for at in range(looks)]
    found = evidence(own, ALPHA)
    assert (found.low, found.high) == pytest.approx(obvious(own, ALPHA / 2))
    assert found.looks == looks
    assert found.customers == 200 + shift * (looks - 1)


def test_the_same_customers_again_are_no_new_draws() -> None:
    (one,) = drawn(1, 1)
    again = [Look(at, one.customer_key, one.worse) for at in range(3)]
    found, once = evidence(again, ALPHA), evidence([one], ALPHA)
    assert found.high is not None
    assert found.low is not None
    assert once.high is not None
    assert once.low is not None
    assert found.high - found.low == pytest.approx(once.high - once.low)


def test_looks_that_differ_as_a_whole_widen_the_bounds() -> None:
    random = np.random.default_rng(2)
    calm = [look(at, random.normal(0.2, 1, 500)) for at in range(4)]
    rough = [Look(one.as_of, one.customer_key, one.worse + by) for one, by in zip(calm, (2, -2, 2, -2), strict=True)]
    assert evidence(calm, ALPHA).shown
    assert not evidence(rough, ALPHA).shown


def test_one_odd_week_shows_nothing_and_two_do() -> None:
    looks = drawn(3, 2, mean=3.0)
    assert not evidence(looks[:1], ALPHA).shown
    assert evidence(looks, ALPHA).shown


def test_a_model_that_was_better_for_long_does_not_live_on_its_credit() -> None:
    good = drawn(4, 20, mean=-0.5)
    bad = [look(20 + at, one.worse) for at, one in enumerate(drawn(5, 4, mean=0.5))]
    found = evidence([*good, *bad], ALPHA)
    assert found.shown
    assert found.looks == 4
    assert not evidence(good, ALPHA).shown
    assert evidence(good, ALPHA).looks == 20


def test_without_outcomes_or_without_variation_nothing_is_shown() -> None:
    assert evidence([], ALPHA) == NOTHING == evidence([look(1, [])], ALPHA)
    same = evidence([look(at, np.ones(9)) for at in range(3)], ALPHA)
    assert (same.worse, same.low, same.shown) == (1.0, None, False)


@given(st.lists(st.integers(0, 60), max_size=12), st.integers(1, 9))
def test_windows_that_are_chosen_do_not_overlap_and_none_more_would_fit(moments: list[int], length: int) -> None:
    found = apart(moments, length)
    assert set(found) <= set(moments)
    assert (np.diff(found) >= length).all()
    assert all(any(abs(one - other) < length for other in found) for one in moments)
