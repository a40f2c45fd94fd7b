"""The largest: kept alike whatever the buckets, and told only where they stand out of their own tail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.health.data.largest import KEPT, Largest, Ranked, large_customers, outliers, standing_out


def ranked(values: np.ndarray) -> Ranked:
    """Values, the largest first, of customers c0, c1 and so on."""
    ids = tuple(f"c{n}" for n in range(len(values)))
    moments = np.arange(len(values), dtype=np.int64)
    return Ranked() + Ranked(values.astype(np.int64), ids, moments, len(values), int(values.sum()))


@given(st.lists(st.integers(1, 30), min_size=1, max_size=90), st.integers(0, 90))
def test_parts_add_up_to_the_whole(values: list[int], cut: int) -> None:
    whole = np.array(values)
    ids = tuple(f"c{n}" for n in range(len(values)))
    when = np.arange(len(values), dtype=np.int64)
    parts = [Ranked(whole[a:b], ids[a:b], when[a:b], b - a, int(whole[a:b].sum()))
             for a, b in ((0, min(cut, len(whole))), (min(cut, len(whole)), len(whole)))]  # fmt: skip
    one, other = parts[0] + parts[1], parts[1] + parts[0]
    assert one.values.tolist() == other.values.tolist() == sorted(values, reverse=True)[:KEPT]
    assert one.customers == other.customers
    assert (one.of, one.total) == (len(values), sum(values))


def test_clean_tails_seldom_stand_out_and_a_lost_decimal_sign_does() -> None:
    random = np.random.default_rng(5)
    alarms = found = 0
    for _ in range(200):
        clean = np.exp(random.normal(8, 0.8, 800))
        alarms += standing_out(ranked(clean)) > 0
        found += standing_out(ranked(np.append(clean, 100 * clean[:400].max()))) == 1
    assert alarms <= 10
    assert found == 200
    heavy = sum(standing_out(ranked(1000 * (random.pareto(1.3, 800) + 1))) > 0 for _ in range(200))
    assert heavy <= 10


def test_equal_values_below_one_that_is_larger() -> None:
    values = np.full(100, 10)
    assert standing_out(ranked(values)) == 0
    assert standing_out(ranked(np.append(values, 10_000))) == 1


def test_an_outlier_is_told_with_the_next_one() -> None:
    values = np.append(np.linspace(100_000, 900_000, 100), 80_000_000)
    (finding,) = outliers(Largest(amounts=ranked(values)), "UTC", "EUR")
    assert (finding.check, finding.severity) == ("outlying amount", "warning")
    assert "8,000\xa0EUR" in finding.seen
    assert "90.00\xa0EUR" in finding.seen
    assert finding.sought is not None
    assert finding.sought.customer == "c100"


@pytest.mark.parametrize(
    ("orders", "money", "told"),
    [
        ([400, *[10] * 99], [5] * 100, [("one customer with many orders", "warning")]),
        ([10] * 100, [400, *[5] * 99], [("one large customer", "remark")]),
        ([10] * 100, [900, *[5] * 99], [("one large customer", "warning")]),
        ([40, *[20] * 99], [20, *[5] * 99], []),
        ([400, *[10] * 9], [400, *[5] * 9], []),
    ],
)
def test_one_customer_among_many(orders: list[int], money: list[int], told: list[tuple[str, str]]) -> None:
    found = large_customers(Largest(orders=ranked(np.array(orders)), money=ranked(np.array(money))))
    assert [(one.check, one.severity) for one in found] == told
    assert all('nobody = ["c0"]' in one.fix for one in found)
