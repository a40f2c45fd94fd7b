"""The level goes where the process and past misses say, as far as tests bear it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.models.level import FURTHEST_SHIFT, PRIOR, Missed, level_of

MISSES = st.lists(st.builds(Missed, st.floats(-1, 1), st.floats(-1, 1)), max_size=8)


def test_without_tests_the_level_is_the_prior() -> None:
    assert (level_of([]).pull, level_of([]).offset) == pytest.approx(PRIOR)


def test_tests_that_agree_with_the_process_raise_its_pull_and_others_lower_it() -> None:
    said = [-0.3, 0.2, 0.3, -0.2]
    agrees = level_of([Missed(one, one) for one in said])
    contradicts = level_of([Missed(-one / 2, one) for one in said])
    always_low = level_of([Missed(0.2, 0.0)] * 4)
    assert contradicts.pull < PRIOR[0] < agrees.pull < 1.0
    assert 0.03 < always_low.offset < 0.2
    assert always_low.pull == pytest.approx(PRIOR[0])


@given(MISSES, st.floats(-5, 5))
def test_a_level_is_finite_bounded_and_does_not_depend_on_the_order_of_tests(missed: list[Missed], said: float) -> None:
    level, turned = level_of(missed), level_of(missed[::-1])
    assert abs(level.shift(said)) <= FURTHEST_SHIFT
    assert level.shift(said) == pytest.approx(turned.shift(said), abs=1e-9)


@given(MISSES, st.floats(-5, 5))
def test_without_the_process_the_level_is_what_tests_missed(missed: list[Missed], said: float) -> None:
    level = level_of(missed)
    assert level.without_process.shift(said) == pytest.approx(level.shift(0.0))
