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
    end, start, landing = (list(map(int, codes)) for codes in (taught.came()[0], taught.start, taught.landing))
    for baseline, origin in ((MARKOV, (start, asked.start)), (MARKOV_LANDING, (landing, asked.landing))):
        for row, found in enumerate(baseline.fit(taught)(asked, chance)):
            ends = [code for code, own in zip(end, origin[0], strict=True) if own == origin[1][row]]
            if baseline is MARKOV_LANDING:
                ends = [code for code, s, l in zip(end, start, landing, strict=True)
                        if (s, l) == (asked.start[row], asked.landing[row])]  # fmt: skip
            np.testing.assert_allclose(found, smoothed(ends, end))


@EVERY_BASELINE
def test_points_are_right_as_often_as_they_were(baseline: Baseline) -> None:
    taught, _ = made_moves(3_000, seed=4)
    asked, chance = made_moves(3_000, seed=5)
    end, _ = taught.came()
    if baseline in (STAYS, AGES_ONLY):
        guess = {STAYS.name: (taught.start, asked.start), AGES_ONLY.name: (taught.landing, asked.landing)}[
            baseline.name
        ]
        found = baseline.fit(taught)(asked, chance)
        right, missed = (guess[0] == end).mean(), end[guess[0] != end]
        others = (np.bincount(missed, minlength=3) + 0.5) / (len(missed) + 1.5)
        np.testing.assert_allclose(found[np.arange(3_000), guess[1]], right + (1 - right) * others[guess[1]])
    came = np.bincount(asked.came()[0], minlength=3)
    if baseline is not AGEING_MIXTURE:
        came = np.bincount(end, minlength=3)
    if baseline not in (STAYS, AGES_ONLY):
        np.testing.assert_allclose(baseline.fit(taught)(asked, chance).sum(axis=0) / 3_000, came / 3_000, atol=0.03)


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
