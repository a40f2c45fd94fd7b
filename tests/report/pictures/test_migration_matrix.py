"""The matrix of moves: it holds the flows of the table, and its cells say what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.report.pictures.migration_matrix import (
    CAME,
    DOWN,
    EVEN,
    STAY,
    UP,
    DrawnMoves,
    directions_of,
    matrix,
    move_title,
    moves_of,
)
from foretell.segments.movement.tables import MIGRATION, NEWCOMERS

NAMES = ("Best", "Good", "Gone")
Flow = Mapping[tuple[str, str], float]


def migration(flows: Flow, kind: str = "actual", **more: float) -> pa.Table:
    """Rows of the table, the same interval, money and ageing in each."""
    rows = [
        {
            "segment_set": "rfm",
            "from_date": date(2024, 1, 1),
            "to_date": date(2024, 1, 31),
            "kind": kind,
            "from_segment": begin,
            "to_segment": end,
            "customers": customers,
            **{name: more.get(name) for name in ("low", "high", "money", "ageing")},
        }
        for (begin, end), customers in flows.items()
    ]
    return pa.Table.from_pylist(rows, schema=MIGRATION)


def moves(flows: Flow, kind: str = "actual", **more: float) -> DrawnMoves:
    found = moves_of(migration(flows, kind, **more), "rfm", kind, NAMES)
    assert found is not None
    return found


some_flows = st.dictionaries(
    st.tuples(st.sampled_from([*NAMES, NEWCOMERS]), st.sampled_from(NAMES)), st.floats(1e-3, 1e6), min_size=1
)
LEVEL = {"Best": 0.7, "Good": 0.4, "Gone": 0.1}


@given(some_flows, st.permutations(NAMES))
def test_every_flow_is_in_its_cell_whatever_the_order(flows: Flow, names: list[str]) -> None:
    found = moves_of(migration(flows), "rfm", "actual", names)
    assert found is not None
    rows = [*names, NEWCOMERS]
    for (begin, end), customers in flows.items():
        assert found.customers[rows.index(begin), names.index(end)] == customers
    assert found.customers.sum() == pytest.approx(sum(flows.values()))


def test_other_sets_and_kinds_are_left_out() -> None:
    assert moves_of(migration({("Best", "Good"): 1.0}), "rfm", "forecast", NAMES) is None
    assert moves_of(migration({("Best", "Good"): 1.0}), "value", "actual", NAMES) is None


@given(st.lists(st.floats(0, 1) | st.just(float("nan")), min_size=3, max_size=3))
def test_up_one_way_is_down_the_other(levels: list[float]) -> None:
    found = directions_of(NAMES, dict(zip(NAMES, levels, strict=True)))
    assert set(found.diagonal()) == {STAY}
    assert set(found[-1]) == {CAME}
    mirrored = {UP: DOWN, DOWN: UP, EVEN: EVEN, STAY: STAY}
    for row in range(3):
        for column in range(3):
            assert found[column, row] == mirrored[found[row, column]]
            if found[row, column] == UP:
                assert levels[column] > levels[row]
            if not np.isfinite(levels[row] + levels[column]) and row != column:
                assert found[row, column] == EVEN


def test_levels_that_are_nearly_equal_are_no_direction() -> None:
    found = directions_of(NAMES, {"Best": 0.300, "Good": 0.295, "Gone": 0.280})
    assert found[0, 1] == found[1, 0] == EVEN
    assert found[0, 2] == DOWN


def test_what_silence_alone_did_is_never_up() -> None:
    came = {("Gone", "Best"): 10.0, ("Good", "Best"): 4.0}
    silent = directions_of(NAMES, LEVEL, moves(came, ageing=3.0))
    assert (silent[2, 0], silent[1, 0]) == (UP, DOWN)
    assert set(silent.diagonal()) == {STAY}


@given(some_flows)
def test_cells_shares_and_sums_are_those_of_the_flows(flows: Flow) -> None:
    found = moves(flows)
    told = matrix(found, directions_of(NAMES, LEVEL), "EUR")
    assert told.whole == f"{sum(flows.values()):,.0f}"
    came = any(begin == NEWCOMERS for begin, _ in flows)
    assert [row.name for row in told.rows] == [*NAMES, *(["Newcomers"] if came else [])]
    for place, row in enumerate(told.rows):
        assert row.whole == f"{found.customers[place].sum():,.0f}"
        for cell, customers in zip(row.cells, found.customers[place], strict=True):
            assert cell.told == (f"{customers:,.0f}" if customers >= 0.5 else "")
            assert 0 <= cell.shade <= 100
            assert bool(cell.title) == bool(cell.told)


def test_a_forecast_says_its_interval_and_money() -> None:
    found = moves({("Best", "Gone"): 10.0, ("Best", "Best"): 30.0}, "forecast", low=6, high=14, money=1200)
    assert move_title(found, 0, 2, "EUR").replace("\xa0", " ") == (
        "Best → Gone: 10 customers [6, 14], 25 % of the row; expected spend 1,200 EUR"
    )
    row = matrix(found, directions_of(NAMES, LEVEL), "EUR").rows[0]
    assert row.title.replace("\xa0", " ") == "Best: 40 customers; expected spend 2,400 EUR"


def test_the_past_says_what_was_ageing() -> None:
    found = moves({("Best", "Gone"): 10.0}, money=0.0, ageing=7.0)
    assert move_title(found, 0, 2, "").endswith("spent 0; 7 by silence alone")


def test_without_money_nothing_is_said_of_it() -> None:
    found = moves({(NEWCOMERS, "Best"): 3.0}, "forecast", low=1.0, high=5.0)
    assert (
        move_title(found, 3, 0, "EUR").replace("\xa0", " ") == "Newcomers → Best: 3 customers [1, 5], 100 % of the row"
    )
