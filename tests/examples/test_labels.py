"""What happened in the horizon, and for whom each question is asked, on customers whose orders are written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.labels import active, own_labels, regular, top_tier, trailing_spend
from foretell.timelines.as_of import Population
from made_orders import DAY, Line, batch_of
from made_views import bought, view_at

CUTOFF = 100


def labels(*lines: Line) -> dict[str, float]:
    found = own_labels(batch_of(lines, "UTC"), CUTOFF * DAY, 30)
    return {name: values[0] for name, values in found.items()}


def test_the_window_holds_its_first_moment_and_not_its_last() -> None:
    inside = [bought(CUTOFF, 1), bought(129.999, 2)]
    assert labels(bought(99.999, 40), *inside, bought(130, 80)) == {"ordered": 1, "orders": 2, "spend": 3}
    assert labels(bought(99), bought(130)) == {"ordered": 0, "orders": 0, "spend": 0}


def test_a_refund_takes_spend_and_no_order_and_spend_is_never_below_nothing() -> None:
    assert labels(bought(101, 50), bought(102, -20)) == {"ordered": 1, "orders": 1, "spend": 30}
    assert labels(bought(1, 50), bought(102, -20)) == {"ordered": 0, "orders": 0, "spend": 0}


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 9)), max_size=6, unique_by=lambda pair: pair[0]))
def test_orders_outside_the_window_change_no_label(pairs: list[tuple[int, int]]) -> None:
    lines = [bought(1), *(bought(day + 2, amount) for day, amount in pairs)]
    inside = [amount for day, amount in pairs if CUTOFF <= day + 2 < CUTOFF + 30]
    assert labels(*lines) == {"ordered": bool(inside), "orders": len(inside), "spend": sum(inside)}


@pytest.mark.parametrize(
    ("days", "horizon", "usual", "expected"),
    [
        ([70], 30, math.nan, True),
        ([69.9], 30, math.nan, False),
        ([55], 30, 15.0, True),
        ([54.9], 30, 15.0, False),
        ([10, 30, 50], 30, 1.0, True),
        ([10, 50], 30, 1.0, False),
        ([10, 10.5, 50], 30, 1.0, True),
        ([10, 11, 50], 7, 40.0, False),
    ],
)
def test_active_is_within_the_horizon_or_three_gaps(
    days: list[float], horizon: int, usual: float, expected: bool
) -> None:
    _, view = view_at(CUTOFF, [bought(day) for day in days], Population(0, math.nan, usual))
    assert active(view, horizon).tolist() == [expected]


def test_nobody_is_active_after_a_year_of_silence() -> None:
    _, view = view_at(500, [bought(134)], Population(0, math.nan, 400.0))
    assert active(view, 1000).tolist() == [False]
    assert active(view_at(499, [bought(134)])[1], 1000).tolist() == [True]


@pytest.mark.parametrize(
    ("start", "days", "rate"),
    [
        (10, [10, 40, 70], 10.0),
        (10, [10, 39, 40], None),
        (10, [9, 40, 70], None),
        (11, [40, 70], 10.0),
        (41, [70, 80], None),
    ],
)
def test_regular_is_who_ordered_in_each_stretch_that_the_log_holds(
    start: int, days: list[float], rate: float | None
) -> None:
    _, view = view_at(CUTOFF, [bought(day) for day in days], Population(start * DAY, math.nan, math.nan))
    always, spend = regular(view, 30)
    assert always.tolist() == [rate is not None]
    if rate is not None:
        assert spend.tolist() == [rate]


def test_who_gave_everything_back_is_not_regular() -> None:
    lines = [bought(10), bought(40), bought(70), bought(80, -30)]
    _, view = view_at(CUTOFF, lines)
    assert regular(view, 30)[0].tolist() == [False]
    assert trailing_spend(view, None).tolist() == [0.0]
    assert trailing_spend(view, 30.0).tolist() == [0.0]
    assert trailing_spend(view_at(75, lines)[1], 40.0).tolist() == [20.0]


@given(st.lists(st.integers(0, 4), max_size=40), st.randoms(use_true_random=False))
def test_the_tier_is_a_tenth_of_those_who_spent_whatever_their_order(spends: list[int], random: object) -> None:
    spend, key = np.array(spends, dtype=np.float64), np.arange(len(spends), dtype=np.uint64)
    found = top_tier(spend, key)
    assert found.sum() == min(round(len(spends) / 10), (spend > 0).sum())
    assert not found.any() or spend[found].min() >= np.max(spend[~found], initial=0)
    order = np.array(random.sample(range(len(spends)), len(spends)), dtype=np.int64)  # type: ignore[attr-defined]
    assert top_tier(spend[order], key[order]).tolist() == found[order].tolist()


def test_who_spent_nothing_is_in_no_tier() -> None:
    assert top_tier(np.zeros(40), np.arange(40)).sum() == 0
    assert top_tier(np.where(np.arange(40) == 7, 5.0, 0.0), np.arange(40)).nonzero()[0].tolist() == [7]
