"""Draws are uniform, independent of each other, and belong to a customer alone."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.stats import kstest

from foretell.actions.draws import drawn, drawn_once

PEOPLE = pa.array([f"customer {number}" for number in range(4_000)])


def test_draws_are_uniform_and_independent() -> None:
    first, second = drawn(PEOPLE, 0, "win back", "1"), drawn(PEOPLE, 0, "win back", "2")
    for draws in (first, second, (first + second) % 1):
        assert kstest(draws, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(len(PEOPLE))


def test_a_draw_does_not_depend_on_who_else_is_there() -> None:
    some = [17, 3, 999]
    alone = np.concatenate([drawn(PEOPLE.take(pa.array([row])), "x") for row in some])
    assert alone.tolist() == drawn(PEOPLE, "x")[some].tolist()
    assert drawn(pa.array([], pa.string()), "x").shape == (0,)


def test_one_number_is_drawn_once() -> None:
    draws = np.array([drawn_once("start", number) for number in range(2_000)])
    assert kstest(draws, "uniform").pvalue > 0.001
    assert drawn_once("a", 1) == drawn_once("a", 1) != drawn_once("a", 2)
