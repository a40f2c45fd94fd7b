"""The baselines: shares that one can count by hand, and distributions whatever taught them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.segments.migration.moves import Moves
from foretell.segments.migration.transition_tables import (
    AGEING_MIXTURE,
    AGES_ONLY,
    BASELINES,
    LEAST_SHARE,
    MARKOV,
    MARKOV_LANDING,
    STAYS,
    Baseline,
    Idle,
    transition_table,
)
from made_moves import SEGMENTS, made_moves

EVERY_BASELINE = pytest.mark.parametrize("baseline", BASELINES, ids=lambda one: one.name)


def smoothed(ends: list[int], overall: list[int]) -> list[float]:
    """The shares of ends, with five customers of the overall shares."""
    total = len(overall) + 0.5 * len(SEGMENTS)
    common = [(overall.count(code) + 0.5) / total for code in range(len(SEGMENTS))]
    return [(ends.count(code) + 5 * common[code]) / (len(ends) + 5) for code in range(len(SEGMENTS))]


@EVERY_BASELINE
@settings(max_examples=30)
@given(st.integers(0, 80), st.integers(0, 999))
def test_chances_are_a_distribution(baseline: Baseline, rows: int, seed: int) -> None:
    taught, _ = made_moves(rows, seed)
    asked, chance = made_moves(40, seed + 1)
    found = baseline.fit(taught)(asked, chance)
    assert found.shape == (40, len(SEGMENTS))
    assert (found > 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)


@settings(max_examples=30)
@given(st.integers(1, 60), st.integers(0, 999))
def test_tables_count_who_came_from_where(rows: int, seed: int) -> None:
    taught, _ = made_moves(rows, seed)
    asked, chance = made_moves(20, seed + 1)
    end, start, landing = (codes.tolist() for codes in (taught.came()[0], taught.start, taught.landing))
    both, asked_both = (
        list(zip(start, landing, strict=True)),
        zip(asked.start.tolist(), asked.landing.tolist(), strict=True),
    )
    for baseline, origin, asked_origin in (
        (MARKOV, start, asked.start.tolist()),
        (MARKOV_LANDING, both, list(asked_both)),
    ):
        for found, own in zip(baseline.fit(taught)(asked, chance), asked_origin, strict=True):
            ends = [code for code, other in zip(end, origin, strict=True) if other == own]
            np.testing.assert_allclose(found, smoothed(ends, end))


@pytest.mark.parametrize(("baseline", "column"), [(STAYS, "start"), (AGES_ONLY, "landing")])
def test_a_guess_is_given_as_much_as_it_was_right(baseline: Baseline, column: str) -> None:
    taught, _ = made_moves(3_000, seed=4)
    asked, chance = made_moves(3_000, seed=5)
    end, _ = taught.came()
    before, now = getattr(taught, column), getattr(asked, column)
    right, missed = (before == end).mean(), end[before != end]
    others = (np.bincount(missed, minlength=3) + 0.5) / (len(missed) + 1.5)
    found = baseline.fit(taught)(asked, chance)
    np.testing.assert_allclose(found[np.arange(3_000), now], right + (1 - right) * others[now])
    np.testing.assert_allclose(found[np.arange(3_000), (now + 1) % 3], (1 - right) * others[(now + 1) % 3])


def test_the_ageing_mixture_is_its_formula() -> None:
    taught, _ = made_moves(500, seed=6)
    asked, chance = made_moves(50, seed=7)
    end, ordered = taught.came()
    buyers = transition_table(taught.start[ordered], end[ordered], 3, 3)
    expected = (1 - chance)[:, None] * Idle.of(taught).predict(asked) + chance[:, None] * buyers[asked.start]
    np.testing.assert_allclose(AGEING_MIXTURE.fit(taught)(asked, chance), expected)


def test_where_everybody_ordered_the_idle_are_where_silence_leads() -> None:
    taught, _ = made_moves(60, seed=8)
    idle = Idle.of(replace(taught, ordered=np.ones(60, dtype=bool)))
    assert idle.share == LEAST_SHARE
    nobody = Moves(SEGMENTS, *(getattr(taught, name)[:0] for name in ("customer_key", "start", "landing", "inputs")))
    assert idle.predict(nobody).shape == (0, 3)


@given(st.integers(0, 40), st.integers(0, 999))
def test_rows_of_a_table_sum_to_1(rows: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    table = transition_table(random.integers(0, 4, rows), random.integers(0, 3, rows), 4, 3)
    np.testing.assert_allclose(table.sum(axis=1), 1)
