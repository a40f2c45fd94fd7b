"""Models learn from eligible rows whose outcome is known, and say why where there is nothing to learn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit
from foretell.models.training_rows import finite_features, training_rows, varied_rows
from foretell.project.objectives import TARGETS

PURCHASE, SPEND, DECLINE = (TARGETS[name] for name in ("purchase", "spend", "decline"))


def four(examples: Examples, *outcome: float) -> Examples:
    rows = examples.take(np.arange(4))
    labels = {label: np.array(outcome) for label in ("ordered", "spend", "declined")}
    return replace(rows, labels=labels, eligible={"regular": np.array([True, False, True, False])})


def test_unknown_and_ineligible_rows_are_left_out(examples: Examples) -> None:
    made = four(examples, 1.0, 0.0, np.nan, 1.0)
    rows, outcome = training_rows(made, PURCHASE)
    assert rows.customer_key.tolist() == made.customer_key[[0, 1, 3]].tolist()
    assert outcome.tolist() == [1, 0, 1]
    rows, outcome = training_rows(made, DECLINE)
    assert (rows.customer_key.tolist(), outcome.tolist()) == (made.customer_key[:1].tolist(), [1])


def test_money_given_back_is_no_less_than_nothing(examples: Examples) -> None:
    assert training_rows(four(examples, -5.0, 2.0, 0.0, -1.0), SPEND)[1].tolist() == [0, 2, 0, 0]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ((np.nan,) * 4, "no eligible customer has a known outcome yet"),
        ((0.0, 0.0, np.nan, 0.0), "none of the 3 rows has at least one order in the horizon"),
        ((1.0, 1.0, 1.0, 1.0), "all 4 rows have the same outcome"),
    ],
)
def test_rows_that_teach_nothing_are_refused(examples: Examples, outcome: tuple[float, ...], reason: str) -> None:
    with pytest.raises(CannotFit, match=reason):
        varied_rows(four(examples, *outcome), PURCHASE)


def test_a_label_that_is_not_there_is_named(examples: Examples) -> None:
    with pytest.raises(CannotFit, match="no label 'ordered'"):
        training_rows(replace(examples, labels={}), PURCHASE)


@given(values=st.lists(st.floats(), min_size=4, max_size=4))
def test_features_are_held_to_what_trees_can_count(examples: Examples, values: list[float]) -> None:
    made = replace(examples.take(np.arange(4)), features=np.array(values)[:, None], feature_names=("x",))
    found = finite_features(made)[:, 0]
    np.testing.assert_array_equal(np.isnan(found), np.isnan(values))
    assert np.isfinite(found[~np.isnan(found)].astype(np.float32)).all()
    small = np.abs(values) <= 1e30
    assert found[small].tolist() == np.array(values)[small].tolist()
