"""Customers of one cell do what that cell did, each cell held to the wider one by twenty rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.baselines.rfm_cells import FrequencyMoney, RfmCells
from foretell.models.contract import CannotFit
from foretell.project.objectives import TARGETS

ORDERS = TARGETS["orders"]


@pytest.fixture
def eight(examples: Examples) -> Examples:
    """Four customers of one purchase day and no order to come, four of two days and two orders; all else alike."""
    rows = examples.take(np.arange(8))
    facts = {name: np.ones(8) for name in rows.facts} | {"purchase_days": np.repeat([1.0, 2.0], 4)}
    return replace(rows, facts=facts, labels={"orders": np.repeat([0.0, 2.0], 4)})


def test_a_cell_is_shrunk_to_the_wider_one_by_hand(eight: Examples) -> None:
    fitted = FrequencyMoney().fit(eight, ORDERS, 0)
    few = (0 + 20 * 1) / 24
    many = (8 + 20 * 1) / 24
    expected = [(0 + 20 * few) / 24, (8 + 20 * many) / 24]
    np.testing.assert_allclose(fitted.predict(eight), np.repeat(expected, 4))
    assert np.exp(fitted.base) == pytest.approx(1.0)


def test_contributions_follow_the_path_through_the_cells(eight: Examples) -> None:
    told = FrequencyMoney().fit(eight, ORDERS, 0).contributions(eight)
    assert told.names == ("purchase_days", "lifetime_spend")
    few = (0 + 20 * 1) / 24
    np.testing.assert_allclose(told.values[0], [np.log(few), np.log((0 + 20 * few) / 24 / few)])
    recency = RfmCells().fit(eight, ORDERS, 0).contributions(eight)
    assert recency.names == RfmCells.facts
    np.testing.assert_allclose(recency.values[:, 0], 0, atol=1e-12)


def test_facts_beyond_those_seen_fall_into_the_outer_cells(eight: Examples) -> None:
    fitted = FrequencyMoney().fit(eight, ORDERS, 0)
    far = replace(eight, facts={**eight.facts, "purchase_days": np.repeat([-1e9, 1e9], 4)})
    assert fitted.predict(far).tolist() == fitted.predict(eight).tolist()


def test_recency_is_what_the_second_leaves_out(examples: Examples) -> None:
    moved = replace(examples, facts={**examples.facts, "days_since_last": examples.facts["days_since_last"][::-1]})
    for model, same in ((FrequencyMoney(), True), (RfmCells(), False)):
        fitted = model.fit(examples, ORDERS, 0)
        assert (fitted.predict(moved).tolist() == fitted.predict(examples).tolist()) == same
        assert model.restore(fitted.state()).predict(moved).tobytes() == fitted.predict(moved).tobytes()


def test_without_a_known_outcome_there_is_a_reason(eight: Examples) -> None:
    with pytest.raises(CannotFit, match="no eligible customer has a known outcome yet"):
        RfmCells().fit(replace(eight, labels={"orders": np.full(8, np.nan)}), ORDERS, 0)
