"""A flat table is what its content says: neither the order of columns nor the numbers of levels change a key."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.flat.columns import FlatColumn
from foretell.examples.flat.table import content_keys, flat_table

NUMBER = FlatColumn("tenure", "number", np.array([1.0, np.nan, 1.0, 0.0]))
PLAN = FlatColumn("plan", "category", np.array([0.0, 1.0, 0.0, np.nan]), ("month", "year"))
DATE = FlatColumn("joined", "date", np.array([10.0, 20.0, 10.0, 30.0]))
CELLS = st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 2)), min_size=1, max_size=12)


def test_columns_stand_by_name() -> None:
    table = flat_table([NUMBER, PLAN, DATE], 4)
    assert table.names == ("joined", "plan", "tenure")
    assert table.kinds == ("date", "category", "number")
    assert table.levels == ((), ("month", "year"), ())
    assert table.is_category.tolist() == [False, True, False]
    np.testing.assert_array_equal(table.values, np.column_stack([DATE.values, PLAN.values, NUMBER.values]))
    again = flat_table([DATE, NUMBER, PLAN], 4)
    assert (again.values.tobytes(), again.key.tobytes()) == (table.values.tobytes(), table.key.tobytes())


def test_rows_are_taken_with_their_keys() -> None:
    table = flat_table([NUMBER, PLAN], 4)
    some = table.take(np.array([3, 0]))
    assert len(some) == 2
    assert some.key.tolist() == table.key[[3, 0]].tolist()
    np.testing.assert_array_equal(some.values, table.values[[3, 0]])
    assert table.take(table.values[:, 1] == 1.0).key.tolist() == table.key[[0, 2]].tolist()


@given(CELLS)
def test_rows_have_equal_keys_exactly_where_their_cells_are_equal(cells: list[tuple[int, int]]) -> None:
    number, level = np.array(cells, dtype=np.float64).T
    columns = [
        FlatColumn("a", "number", np.where(number == 2, np.nan, number)),
        FlatColumn("b", "category", np.where(level < 0, np.nan, level), ("0.0", "x", "y")),
    ]
    keys = content_keys(columns, len(cells)).tolist()
    assert [[one == other for other in keys] for one in keys] == [[a == b for b in cells] for a in cells]


@given(CELLS)
def test_a_key_does_not_depend_on_other_rows_or_the_numbers_of_levels(cells: list[tuple[int, int]]) -> None:
    level = np.array([abs(pair[1]) for pair in cells], dtype=np.float64)
    keys = content_keys([FlatColumn("b", "category", level, ("x", "y", "z"))], len(cells))
    renumbered = FlatColumn("b", "category", level[:1] + 1, ("w", "x", "y", "z"))
    assert content_keys([renumbered], 1).tolist() == keys[:1].tolist()


def test_zero_has_one_key_and_no_columns_have_none() -> None:
    assert len(set(content_keys([FlatColumn("a", "number", np.array([0.0, -0.0]))], 2).tolist())) == 1
    empty = flat_table([], 3)
    assert (empty.values.shape, empty.key.tolist(), len(empty)) == ((3, 0), [0, 0, 0], 3)
