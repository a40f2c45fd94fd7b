"""Units of money: prices in cents are told, dearer prices are not."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.outcomes.monitoring.cells import MIDDLE, Cells
from foretell.outcomes.monitoring.units import units


def amounts(newest: float, a_day: int = 10, since: int = 99) -> Cells:
    """A hundred days of amounts around 30, of which those from a day on are so many times as much."""
    random = np.random.default_rng(4)
    days = np.repeat(np.arange(100), a_day)
    money = 30 * np.exp(random.normal(0, 0.7, len(days))) * np.where(days >= since, newest, 1)
    return Cells.of("money", days, np.rint(np.log10(money) * 10) + MIDDLE)


@pytest.mark.parametrize("times", [100, 0.01, 1000])
def test_cents_are_told(times: float) -> None:
    found = units("orders", "amount", amounts(times, since=98), 100)
    assert found.is_broken
    assert found.times == pytest.approx(times, rel=0.5)
    assert found.rows == 20


@pytest.mark.parametrize("times", [1, 3, 0.3, 8])
def test_dearer_and_cheaper_is_not(times: float) -> None:
    assert not units("orders", "amount", amounts(times), 100).is_broken


def test_few_amounts_are_said() -> None:
    found = units("orders", "amount", amounts(100, a_day=1, since=93), 100)
    assert found.cannot == "7 amounts in the last week, 20 are needed"
    assert not found.is_broken


def test_amounts_of_nothing_do_not_count() -> None:
    free = Cells.of("money", np.repeat(np.arange(97, 100), 30), np.full(90, MIDDLE - 40))
    assert not units("orders", "amount", amounts(1) + free, 100).is_broken
