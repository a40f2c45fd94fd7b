"""Flows: counted customer by customer, and adding up to who was there before and who is there after."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.segments.migration.flows import Journeys, expected_flows, flows

CODES = st.integers(0, 3)
MOVES = st.lists(st.tuples(CODES, CODES, CODES, st.floats(0, 1e6)), max_size=40)
NEWCOMERS = st.lists(st.tuples(CODES, st.floats(0, 1e6)), max_size=20)


@given(MOVES, NEWCOMERS)
def test_flows_are_counted_and_add_up(moved: list[tuple[int, int, int, float]], came: list[tuple[int, float]]) -> None:
    start, landing, end = (np.array([row[place] for row in moved], dtype=int) for place in range(3))
    spend = np.array([row[3] for row in moved], dtype=float)
    newcomer = np.array([code for code, _ in came], dtype=int)
    brought = np.array([money for _, money in came], dtype=float)
    found = flows(4, Journeys(start, landing, end, spend), newcomer, brought)
    for a in range(4):
        for b in range(4):
            rows = [row for row in moved if (row[0], row[2]) == (a, b)]
            assert found.customers[a, b] == len(rows)
            assert found.ageing[a, b] == sum(row[1] == b for row in rows)
            assert found.money[a, b] == pytest.approx(math.fsum(row[3] for row in rows))
        assert found.newcomers[a] == sum(code == a for code, _ in came)
        assert found.newcomers_money[a] == pytest.approx(math.fsum(money for code, money in came if code == a))
    assert found.customers.sum(axis=1).tolist() == np.bincount(start, minlength=4).tolist()
    after = found.customers.sum(axis=0) + found.newcomers
    assert after.tolist() == np.bincount(np.append(end, newcomer), minlength=4).tolist()
    gone = [row for row in moved if row[0] != row[2]]
    if gone:
        assert found.ageing_share == pytest.approx(sum(row[1] == row[2] for row in gone) / len(gone))
    else:
        assert math.isnan(found.ageing_share)


@given(st.integers(0, 60), st.integers(0, 999))
def test_expected_flows_add_up_to_headcounts(rows: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    start, chance = random.integers(0, 4, rows), random.dirichlet(np.ones(4), rows)
    found = expected_flows(start, chance)
    np.testing.assert_allclose(found.sum(axis=0), chance.sum(axis=0), atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=1), np.bincount(start, minlength=4), atol=1e-9)
    for a in range(4):
        np.testing.assert_allclose(found[a], chance[start == a].sum(axis=0), atol=1e-9)
