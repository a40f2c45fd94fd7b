"""Columns as terms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from foretell.examples.flat.columns import FlatColumn
from foretell.examples.flat.table import flat_table
from foretell.uplift.design import Inputs, design_of, plain_columns
from foretell.uplift.trial import Trial

Drawn = Callable[..., Trial]


def test_terms_are_centred_where_they_were_learned_and_the_same_for_any_selection(drawn: Drawn) -> None:
    table = drawn(300, 0.0, 0.0).table
    design = design_of(table)
    inputs = design.inputs(table)
    np.testing.assert_allclose(inputs.terms.mean(axis=0), 0, atol=1e-9)
    part = np.array([5, 2, 250])
    np.testing.assert_array_equal(design.inputs(table.take(part)).terms, inputs.take(part).terms)


def test_a_monotone_change_of_a_number_changes_no_term() -> None:
    values = np.random.default_rng(0).standard_normal(100)
    one, other = (flat_table([FlatColumn("x", "number", v)], 100) for v in (values, np.exp(values)))
    np.testing.assert_allclose(design_of(one).inputs(one).terms, design_of(other).inputs(other).terms, atol=0.05)


def test_an_empty_cell_has_a_term_and_a_category_never_seen_none() -> None:
    values = np.where(np.arange(100) < 30, np.nan, np.arange(100.0))
    levels = (np.arange(100) % 2).astype(np.float64)
    columns = [FlatColumn("x", "number", values), FlatColumn("y", "category", levels, ("a", "b", "c"))]
    table = flat_table(columns, 100)
    terms = design_of(table).inputs(table).terms
    assert terms.shape == (100, 5)
    assert np.isfinite(terms).all()


def test_a_constant_column_has_no_term() -> None:
    table = flat_table([FlatColumn("x", "number", np.ones(50)), FlatColumn("e", "number", np.full(50, np.nan))], 50)
    assert design_of(table).inputs(table).terms.shape == (50, 0)


def test_plain_columns_are_in_proportion_to_the_numbers_and_hold_what_lies_far_out() -> None:
    numbers = np.random.default_rng(0).exponential(size=5000)
    numbers[:2] = 1e12, np.nan
    values = np.column_stack([numbers, np.arange(5000) % 3, np.ones(5000), np.full(5000, np.nan)])
    inputs = Inputs(values, np.zeros((5000, 7)), np.array([False, True, False, False]))
    terms = plain_columns(inputs).inputs(inputs).terms
    assert terms.shape == (5000, 1)
    within = numbers < 5
    assert np.corrcoef(terms[within, 0], numbers[within])[0, 1] == pytest.approx(1)
    assert terms[1, 0] == pytest.approx(0)
    assert terms[0, 0] == terms.max() < 20
    assert terms.std() == pytest.approx(1)


def test_without_numbers_there_are_no_plain_columns() -> None:
    inputs = Inputs(np.zeros((9, 2)), np.zeros((9, 0)), np.array([True, True]))
    assert plain_columns(inputs).inputs(inputs).terms.shape == (9, 0)
