"""Contracts of one customer together, and customers without one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drawn_contracts import CONTRACTS
from foretell.forecasts.contracts.customers import CONTRACT_COLUMNS, contract_columns
from foretell.forecasts.contracts.projection import Outlook

KEYS = np.array([1, 2, 3], np.uint64)
THREE = replace(
    CONTRACTS.take(np.arange(3)), customer_key=np.array([3, 3, 1], np.uint64), is_billed=np.array([True, True, False])
)
TOLD = Outlook(
    np.array([0.5, 0.2, 0.3]),
    np.array([0.1, 0.4, 0.6]),
    np.array([0.1, 0.2, np.nan]),
    np.array([7.0, 5.0, np.nan]),
    np.array([2_000_000, 1_000_000, 500_000]),
)


def test_several_contracts_become_one_row() -> None:
    found = contract_columns(THREE, TOLD, KEYS).to_pydict()
    assert list(found) == list(CONTRACT_COLUMNS)
    assert found["contracts_running"] == [1, 0, 2]
    assert found["p_contract_ends"] == [0.3, None, pytest.approx(0.1)]
    assert found["p_contract_payment_fails"] == [None, None, pytest.approx(1 - 0.9 * 0.8)]
    assert [None if at is None else at.second for at in found["next_renewal_at"]] == [None, None, 1]
    assert found["p_contract_ends_at_renewal"] == [None, None, 0.4]
    assert found["expected_contract_revenue"] == [None, None, 12.0]


def test_the_order_of_contracts_does_not_matter_and_strangers_are_left_out() -> None:
    order = np.array([2, 0, 1])
    mixed = Outlook(*(values[order] for values in vars(TOLD).values()))
    assert contract_columns(THREE.take(order), mixed, KEYS).equals(contract_columns(THREE, TOLD, KEYS))
    assert contract_columns(THREE, TOLD, KEYS[:2])["contracts_running"].to_pylist() == [1, 0]
    assert len(contract_columns(THREE, TOLD, KEYS[:0])) == 0


def test_without_a_forecast_the_count_stands_alone() -> None:
    found = contract_columns(THREE, None, KEYS)
    assert found["contracts_running"].to_pylist() == [1, 0, 2]
    assert all(found[name].null_count == 3 for name in CONTRACT_COLUMNS[1:])
    assert found.schema == contract_columns(THREE, TOLD, KEYS).schema
