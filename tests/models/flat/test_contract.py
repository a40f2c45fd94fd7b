"""What holds for every member of the flat blend, and for the blend."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.flat.table import FlatTable
from foretell.models.contract import CannotFit, State
from foretell.models.flat.blend import MEMBERS, FlatBlend
from foretell.models.flat.contract import FlatMember
from foretell.models.flat.linear import PlainLogistic, SplineLogistic

Taught = tuple[FlatTable, np.ndarray]
EVERY = pytest.mark.parametrize(
    "model", [*MEMBERS, FlatBlend((PlainLogistic(), SplineLogistic()))], ids=lambda model: model.name
)


def through_storage(state: State) -> State:
    """What is left of a state after it has been written and read: numbers, text and arrays."""
    arrays = {key: value.copy() for key, value in state.items() if isinstance(value, np.ndarray)}
    plain = {key: value for key, value in state.items() if key not in arrays}
    return {**json.loads(json.dumps(plain)), **arrays}


@EVERY
def test_a_row_alone_gets_what_it_gets_among_others(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    fitted = model.fit(table, outcome, 0)
    whole = fitted.link(table)
    assert np.isfinite(whole).all()
    alone = [fitted.link(table.take(np.array([row])))[0] for row in range(0, len(table), 40)]
    assert alone == pytest.approx(whole[::40].tolist(), abs=1e-9)


@EVERY
def test_contributions_sum_to_the_link(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    fitted = model.fit(table, outcome, 0)
    told = fitted.contributions(table)
    assert told.names == table.names
    assert told.base + told.values.sum(axis=1) == pytest.approx(fitted.link(table), abs=1e-9)


@EVERY
def test_a_stored_state_predicts_the_same_bytes(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    fitted = model.fit(table, outcome, 0)
    restored = model.restore(through_storage(fitted.state()))
    assert restored.link(table).tobytes() == fitted.link(table).tobytes()
    assert restored.contributions(table).values.tobytes() == fitted.contributions(table).values.tobytes()


@EVERY
def test_it_learns_and_a_seed_repeats_it(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    first, second = (model.fit(table, outcome, 4).link(table) for _ in range(2))
    assert first.tobytes() == second.tobytes()
    assert first[outcome == 1].mean() > first[outcome == 0].mean() + 0.3


@EVERY
def test_values_never_seen_are_no_error(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    fitted = model.fit(table, outcome, 0)
    strange = table.values[:3].copy()
    strange[0] = np.nan
    strange[1, ~table.is_category] = 1e12
    strange[2, ~table.is_category] = -1e12
    assert np.isfinite(fitted.link(replace(table, values=strange, key=table.key[:3]))).all()


@pytest.mark.parametrize("model", MEMBERS, ids=lambda model: model.name)
def test_a_table_without_columns_is_refused(model: FlatMember, taught: Taught) -> None:
    table, outcome = taught
    with pytest.raises(CannotFit):
        model.fit(FlatTable((), (), (), np.zeros((len(table), 0)), table.key), outcome, 0)
