"""What a column alone tells: how it ranks, where an outcome hardly comes, and after which value it always came."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.flat.columns import FlatColumn
from foretell.examples.flat.evidence import LeakEvidence, evidence_of

ROWS = 200
OUTCOME = (np.arange(ROWS) % 4 == 0).astype(float)
HALF = np.arange(ROWS) % 8 < 4


def number(values: np.ndarray) -> FlatColumn:
    return FlatColumn("x", "number", np.asarray(values, dtype=np.float64))


def of(column: FlatColumn) -> LeakEvidence:
    return evidence_of(column, OUTCOME, HALF)


def test_the_outcome_itself_ranks_without_fault_and_noise_does_not() -> None:
    told, silent = of(number(OUTCOME)), of(number(np.ones(ROWS)))
    assert told.auroc == 1.0
    assert told.gain > 0.4
    assert silent.auroc == 0.5
    assert silent.gain == pytest.approx(0, abs=1e-3)


def test_a_value_after_which_it_always_came_is_named() -> None:
    levels = FlatColumn("plan", "category", np.where(OUTCOME == 1, 1.0, 0.0), ("here", "gone"))
    found = of(levels)
    assert (found.sure_rows, found.sure_value, found.sure_by_being_there) == (50, "gone", False)
    assert (found.free_rows, found.free_below) == (0, None)


def test_being_filled_can_be_the_answer() -> None:
    found = of(number(np.where(OUTCOME == 1, np.arange(ROWS), np.nan)))
    assert found.filled_auroc == 1.0
    assert (found.sure_rows, found.sure_value, found.sure_by_being_there) == (50, "filled", True)
    empty = of(number(np.where(OUTCOME == 1, np.nan, 5.0)))
    assert (empty.sure_rows, empty.sure_value, empty.filled_auroc) == (50, "empty", 1.0)


def test_a_value_other_than_the_usual_can_be_the_answer() -> None:
    paid = np.where((OUTCOME == 1) & (np.arange(ROWS) < 100), np.arange(ROWS) + 1.0, 0.0)
    found = of(number(paid))
    assert (found.sure_rows, found.sure_value, found.sure_by_being_there) == (25, "other than 0", True)


def test_a_stretch_without_outcomes_is_found_at_either_end() -> None:
    order = np.argsort(OUTCOME, kind="stable")
    rank = np.empty(ROWS)
    rank[order] = np.arange(ROWS)
    low, high = of(number(rank)), of(number(-rank))
    assert (low.free_rows, low.free_positives, low.free_expected, low.free_below) == (151, 1, 151 / 4, 151.0)
    assert (high.free_rows, high.free_below) == (151, None)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 9) | st.none(), min_size=ROWS, max_size=ROWS))
def test_any_column_has_evidence_within_its_bounds(values: list[int | None]) -> None:
    column = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    for shown in (number(column), FlatColumn("x", "category", column, tuple("abcdefghij"))):
        found = of(shown)
        assert 0 <= found.auroc <= 1
        assert 0.5 <= found.filled_auroc <= 1
        assert np.isfinite(found.gain)
        assert 0 <= found.free_positives <= found.free_rows <= ROWS
        assert 0 <= found.sure_rows <= ROWS


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(random: object) -> None:
    values = np.arange(ROWS) % 13.0
    order = np.array(random.sample(range(ROWS), ROWS))  # type: ignore[attr-defined]
    moved = evidence_of(number(values[order]), OUTCOME[order], HALF[order])
    assert moved.auroc == pytest.approx(of(number(values)).auroc)
    assert moved.gain == pytest.approx(of(number(values)).gain)
