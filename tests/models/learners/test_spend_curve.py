from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foretell.models.contract import CannotFit
from foretell.models.learners.spend_curve import curve_along, restored_curve


def drawn(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    spend = np.exp(random.normal(3, 1.5, rows))
    return spend, (random.random(rows) < 1 / (1 + np.exp(-(np.log(spend) - 5)))).astype(float)


def test_the_curve_finds_a_logistic_one() -> None:
    spend, outcome = drawn(20_000, 1)
    found = curve_along(spend, outcome).at(np.exp(np.array([3.0, 5.0, 6.0])))
    np.testing.assert_allclose(found, 1 / (1 + np.exp([2.0, 0.0, -1.0])), atol=0.03)


@given(arrays(np.float64, 9, elements=st.floats(0, 1e12)))
def test_chances_are_inside_and_a_restored_curve_is_the_same(spend: np.ndarray) -> None:
    curve = curve_along(*drawn(300, 2))
    found = curve.at(spend)
    assert ((found > 0) & (found < 1)).all()
    assert restored_curve(curve.state()).at(spend).tobytes() == found.tobytes()


def test_one_spend_for_all_is_the_share_and_one_outcome_is_refused() -> None:
    flat = curve_along(np.full(1_000, 5.0), (np.arange(1_000) < 100).astype(float))
    assert flat.at(np.array([5.0]))[0] == pytest.approx(0.1, abs=0.01)
    with pytest.raises(CannotFit, match="same outcome"):
        curve_along(np.arange(5.0), np.zeros(5))
