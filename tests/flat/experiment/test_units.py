"""Rows gathered to units, against plain loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.flat.experiment.units import each_row, gathered

row = st.tuples(st.sampled_from(["", "none", "mail"]), st.integers(-1, 4), st.sampled_from([1.0, 2.5, np.nan]))


@settings(max_examples=80, deadline=None)
@given(st.lists(row, min_size=1, max_size=25))
def test_units_by_plain_loops(rows: list[tuple[str, int, float]]) -> None:
    names = np.array([one[0] for one in rows])
    units = gathered(names, np.array([one[1] for one in rows]))
    arms: dict[int, set[str]] = {}
    for name, code, _ in rows:
        if name and code >= 0:
            arms.setdefault(code, set()).add(name)
    kept = [code for code in sorted(arms) if len(arms[code]) == 1]
    assert units.names.tolist() == [next(iter(arms[code])) for code in kept]
    assert units.units_in_two == len(arms) - len(kept)
    inside = [one for one in rows if one[0] and one[1] >= 0]
    assert units.rows_in_two == sum(one[1] not in kept for one in inside)
    sums = [sum(value for _, code, value in inside if code == unit) for unit in kept]
    np.testing.assert_allclose(units.total(np.array([one[2] for one in rows])), np.array(sums), equal_nan=True)
    assert units.rows.tolist() == [sum(code == unit for _, code, _ in inside) for unit in kept]


def test_without_units_each_row_is_one() -> None:
    units = each_row(np.array(["none", "", "mail"]))
    assert units.names.tolist() == ["none", "mail"]
    assert units.total(np.array([1.0, 2.0, 3.0])).tolist() == [1, 3]


def test_what_was_before_counts_once_where_rows_repeat_it() -> None:
    units = gathered(np.array(["none", "none", "mail"]), np.array([0, 0, 1]))
    values, summed = units.before(np.array([7.0, np.nan, np.nan]))
    assert values[0] == 7
    assert np.isnan(values[1])
    assert not summed
    values, summed = units.before(np.array([7.0, 2.0, 1.0]))
    assert values.tolist() == [9, 1]
    assert summed
