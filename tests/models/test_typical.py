"""What is typical: the quartiles of what rows have, and the way that more of it goes with a forecast."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.contract import Contributions
from foretell.models.typical import NOTHING_TYPICAL, Typical, typical_of
from foretell.storage.artefacts import Artefact
from kept import read_again

ROWS = 101
NAMES = ("orders_90d", "order_value_mean_life", "days_since_last_order", "hiatus_in_median_gaps", "gap_days_median")
TYPICAL: Artefact[Typical] = Artefact("typical", Typical)


def examples(rows: int = ROWS) -> Examples:
    """Rows with ever more orders; under half have an order value, a third a hiatus, all were silent for as long."""
    orders = np.arange(rows, dtype=np.float64)
    features = np.column_stack(
        [
            orders,
            np.where(orders < 60, np.nan, 5.0),
            np.full(rows, 3.0),
            np.where(orders < 66, np.nan, 1.5),
            np.full(rows, 7.0),
        ]
    )
    nothing = np.zeros(rows, np.uint64), np.zeros(rows, np.int64)
    return Examples(30, *nothing, NAMES, features, {}, {}, {})


def moved_by_orders(values: np.ndarray) -> Contributions:
    return Contributions(0.0, ("orders_90d",), values[:, None])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_more_of_it_goes_with_what_its_theme_moved(sign: float) -> None:
    found = typical_of(examples(), moved_by_orders(sign * np.arange(ROWS)), NAMES[:1])
    assert (found.features, found.quartiles.tolist()) == (("orders_90d",), [[25, 50, 75]])
    assert found.direction.tolist() == [sign]
    assert found.spread[0] > 0


@pytest.mark.parametrize("moved", [np.zeros(ROWS), np.resize([1.0, -1.0], ROWS)], ids=["nothing", "to and fro"])
def test_where_it_goes_with_nothing_it_has_no_direction(moved: np.ndarray) -> None:
    assert typical_of(examples(), moved_by_orders(moved), NAMES[:1]).direction.tolist() == [0.0]


def test_what_has_a_direction_by_its_nature_keeps_it() -> None:
    for sign in (1.0, -1.0):
        found = typical_of(examples(), moved_by_orders(sign * np.arange(ROWS)), NAMES)
        assert dict(zip(found.features, found.direction, strict=True))["hiatus_in_median_gaps"] == -1


def test_what_under_half_have_is_left_out_unless_it_is_beside_their_own_past() -> None:
    found = typical_of(examples(), moved_by_orders(np.arange(ROWS, dtype=np.float64)), NAMES)
    assert found.features == tuple(name for name in NAMES if name != "order_value_mean_life")


def test_of_few_rows_nothing_is_typical() -> None:
    assert typical_of(examples(19), moved_by_orders(np.arange(19.0)), NAMES) is NOTHING_TYPICAL


@pytest.mark.parametrize("empty", [True, False])
def test_it_comes_back_as_it_was_kept(empty: bool, tmp_path: Path) -> None:
    made = NOTHING_TYPICAL if empty else typical_of(examples(), moved_by_orders(np.arange(ROWS) * 1.0), NAMES)
    again = read_again(TYPICAL, made, tmp_path)
    assert again.features == made.features
    for name in ("quartiles", "spread", "direction"):
        np.testing.assert_array_equal(getattr(again, name), getattr(made, name))
