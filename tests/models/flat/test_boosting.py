"""The boosted members grow the trees that their formula names, and treat categories as such."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.flat.table import FlatTable
from foretell.models.contract import CannotFit
from foretell.models.flat.boosting import (
    FEWEST_ROWS,
    BaggedBoosting,
    DefaultBoosting,
    ModerateBoosting,
    RegularisedBoosting,
)

Taught = tuple[FlatTable, np.ndarray]


@pytest.mark.parametrize("model", [DefaultBoosting(), RegularisedBoosting(), ModerateBoosting(), BaggedBoosting()])
def test_trees_are_as_many_as_the_formula_says_and_no_larger(model: DefaultBoosting, taught: Taught) -> None:
    booster = model.fit(*taught, 1).booster
    assert 0.9 * model.rounds < booster.num_trees() <= model.rounds
    assert str(model.rounds) in model.formula
    leaves = max(tree["num_leaves"] for tree in booster.dump_model()["tree_info"])
    assert 1 < leaves <= int(str(model.settings.get("num_leaves", 31)))


def test_the_numbers_of_categories_have_no_order(taught: Taught) -> None:
    table, outcome = taught
    fitted = DefaultBoosting().fit(table, outcome, 1)
    column = table.names.index("plan")
    values = table.values.copy()
    turned = {0.0: 2.0, 1.0: 0.0, 2.0: 1.0}
    values[:, column] = [turned.get(value, value) for value in values[:, column]]
    renumbered = replace(table, values=values)
    again = DefaultBoosting().fit(renumbered, outcome, 1)
    np.testing.assert_allclose(again.link(renumbered), fitted.link(table), atol=1e-6)


def test_a_column_that_is_the_same_for_all_moves_nothing(taught: Taught) -> None:
    table, outcome = taught
    constant = replace(table, values=np.where(np.array(table.names) == "tenure", 3.0, table.values))
    told = DefaultBoosting().fit(constant, outcome, 1).contributions(constant)
    assert np.abs(told.values[:, table.names.index("tenure")]).max() == 0.0
    assert np.abs(told.values[:, table.names.index("plan")]).max() > 0.1


@pytest.mark.parametrize("rows", [0, FEWEST_ROWS - 1])
def test_few_rows_are_refused_with_their_number(rows: int, taught: Taught) -> None:
    table, outcome = taught
    with pytest.raises(CannotFit, match=f"trees need 40 rows and a column; there are {rows} rows"):
        DefaultBoosting().fit(table.take(np.arange(rows)), outcome[:rows], 1)


def test_nobody_is_no_error(taught: Taught) -> None:
    table, outcome = taught
    fitted, nobody = DefaultBoosting().fit(table, outcome, 1), table.take(np.arange(0))
    assert fitted.link(nobody).shape == (0,)
    assert fitted.contributions(nobody).values.shape == (0, len(table.names))
